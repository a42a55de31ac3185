"""The pages of an application: one page of the form, checking the answers, the receipt."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.portal.queries.correcting import Correction, correction_of, next_gap, replaced, shown_gaps
from zhengtong.doors.portal.queries.guides import home_crumbs, side_facts, steps
from zhengtong.doors.portal.queries.items import either
from zhengtong.doors.portal.queries.places import ASKED, CHECK, Place, around, elder_step
from zhengtong.engines.forms import FieldError, Form, Kind, describe_page
from zhengtong.foundation.core import clock
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.policy import Actor
from zhengtong.foundation.ui import writing
from zhengtong.matters.cases import services as case_services
from zhengtong.matters.catalog import queries as catalog

KINDS = {
    "application/pdf": (".pdf", "PDF"),
    "image/jpeg": (".jpg,.jpeg", "JPG"),
    "image/png": (".png", "PNG"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx", "Word"),
}
Shown = dict[str, Any]


def form_page(
    by: Actor,
    draft: Any,
    place: Place,
    locale: str,
    *,
    errors: Iterable[FieldError] = (),
    notes: Mapping[str, list[str]] | None = None,
    begin: str = "",
) -> Shown:
    """One page of the form as its template needs it; `notes` are faults of files, `begin` is where one goes on."""
    spec = catalog.item_spec(draft.item_id)
    form, number = spec.form, spec.form.pages.index(place.stop.page) + 2
    sources = drawn_sources(form, draft, locale)
    described = describe_page(form, place.page, draft.answers, locale, errors=errors, sources=sources)
    correction = correction_of(by, draft, form, locale)
    names = file_rows(by, form, draft.answers, correction.files)
    for section in described["sections"]:
        section["lead"] = section.pop("help", "") or _lead(section["fields"])
        section["title"] = "" if place.elder else section["title"]
        for field in section["fields"]:
            _fit(field, form, names, notes or {})
            field["asked"] = correction.of_question(field["key"])
            field["begin"] = begin if begin.partition(".")[0] == field["key"] else ""
    described |= _ways_on(draft, form, place, correction, locale)
    return {
        "page": described,
        "has_errors": bool(list(errors)) or bool(notes),
        "steps": steps(spec, number, locale),
        "number": number,
        "step": elder_step(spec, draft.answers, place.stop) if place.elder else "",
        "facts": side(spec, draft, locale, correction.due_on),
        "short": spec.name_en if locale == "en" else spec.name,
        "crumbs": crumbs(spec, locale),
        "gaps": shown_gaps(draft, form, correction, elder=place.elder),
    }


def _ways_on(draft: Any, form: Form, place: Place, correction: Correction, locale: str) -> Shown:
    """Where the page is sent to and what it sends along, the button on and the way back."""
    before, after = around(form, place, draft.answers)
    asked = next_gap(form, draft.answers, correction.gaps, place, elder=place.elder) if place.then == ASKED else None
    hidden = {"_version": draft.version, "zt_keep": "page"}
    hidden |= {"_part": place.stop.name} if place.elder else {}
    hidden |= {"_then": place.then} if place.then else {}
    check = reverse("portal:apply_check", args=[draft.token])
    back = check if place.then else before.address(draft.token) if before else reverse("portal:mine")
    return {
        "hidden": hidden,
        "action": reverse("portal:apply_page", args=[draft.token, place.key]),
        "autosave_url": reverse("portal:apply_save", args=[draft.token, place.key]),
        "submit": {"label": _submit_label(place, after, asked.name if asked else "", locale)},
        "back": {"label": _("Back one step"), "url": back},
        "saved_at": draft.saved_at,
    }


def _lead(fields: Iterable[Shown]) -> str:
    fresh = any((field.get("source") or {}).get("state") == "fresh" for field in fields)
    return _("Some of this was fetched from government records. Please check it.") if fresh else ""


def _fit(field: Shown, form: Form, names: Mapping[str, list[Shown]], notes: Mapping[str, list[str]]) -> None:
    """What the drawing calls by another name than the engine, and what only the door knows."""
    for option in field.get("options") or ():
        option["hint"] = option.get("help", "")
    if field["widget"] == "table" and any(column.get("options") for column in field.get("columns", ())):
        for column in field["columns"]:
            for option in column.get("options") or ():
                option["hint"] = option.get("help", "")
    kinds = form.fields[field["key"]].accept
    if form.fields[field["key"]].kind is Kind.FILES:
        field["widget"] = "file"
        field["multiple"] = True
        field["accept"] = ",".join(KINDS[kind][0] for kind in kinds if kind in KINDS)
        known = [KINDS[kind][1] for kind in kinds if kind in KINDS]
        field["accept_words"] = _("%s, up to 20 MB") % either(known) if known else ""
        rows = names.get(field["key"], [])
        field["files"] = rows
        field["takes_place"] = any(row["earlier"] for row in rows) and not any(not row["earlier"] for row in rows)
    if field.get("row_name"):
        field["item_label"] = field["row_name"]
        field["add_label"] = _("Add: %s") % field["row_name"]
    field["errors"] = [*field["errors"], *notes.get(field["key"], ())]


def file_rows(
    by: Actor, form: Form, answers: Mapping[str, Any], earlier: Mapping[str, list[str]]
) -> dict[str, list[Shown]]:
    """The files of a draft by question, those of the case under correction that it no longer holds after them; one
    query for all."""
    asked = {
        field.key: [*(answers.get(field.key) or ()), *replaced(earlier, answers, field.key)] for field in form.files
    }
    tokens = {token for listed in asked.values() for token in listed}
    if not tokens:
        return {}
    known = {stored.token: stored for stored in files.visible_to(by).filter(token__in=tokens)}
    return {
        key: [
            _file_row(key, known[token], earlier.get(key, ()), answers.get(key) or ())
            for token in listed
            if token in known
        ]
        for key, listed in asked.items()
    }


def _file_row(key: str, stored: Any, before: Collection[str], now: Collection[str]) -> Shown:
    """`before` are the files the case holds already, `now` those of the draft."""
    size = f"{stored.size / 1_048_576:.1f} MB" if stored.size >= 104_858 else f"{max(1, stored.size // 1024)} KB"
    value, earlier, gone = f"{key}.{stored.token}", stored.token in before, stored.token not in now
    return {
        "name": stored.name,
        "note": (_("%s, handed in before") if earlier else _("%s, uploaded")) % size,
        "url": reverse("portal:file", args=[stored.token]),
        "remove_value": "" if gone else value,
        "keep_value": value if gone else "",
        "earlier": earlier,
        "gone": (_("Replaced") if set(now) - set(before) else _("Taken out")) if gone else "",
    }


def drawn_sources(form: Form, draft: Any, locale: str) -> dict[str, Shown]:
    """The source marks of answers, in the reader's language."""
    english = locale == "en"
    marked = case_services.changed_sources(form, draft.answers, draft.sources)
    return {
        key: {
            "name": source.get("name_en") if english else source.get("name"),
            "at": source.get("at"),
            "state": source.get("state", "fresh"),
            "original": source.get("original", ""),
            **_way_out(key, source),
        }
        for key, source in marked.items()
        if key in form.fields
    }


def _way_out(key: str, source: Mapping[str, Any]) -> Shown:
    """The field stays open: what was fetched may be wrong, and its owner says so by typing over it."""
    if source.get("state", "fresh") != "fresh":
        return {}
    return {"action": _("Not right? Change it"), "action_url": f"#f-{key}"}


def _submit_label(place: Place, after: Place | None, asked: str, locale: str) -> str:
    if place.then == CHECK:
        return _("Save, back to checking")
    if asked:
        return _("Save, next: %s") % asked
    if after is None or place.then == ASKED:
        return _("Save and check everything")
    return _("Save, next: %s") % after.page.title["en" if locale == "en" else "zh-hans"]


def side(spec: catalog.ItemSpec, draft: Any, locale: str, correct_by: dt.date | None = None) -> list[Shown]:
    """The card beside the form: situation, limit, what is still to be given, how long the draft has time."""
    missing = [
        field.key
        for field in spec.form.fields.values()
        if field.kind is Kind.FILES and field.required and field.visible is None and not draft.answers.get(field.key)
    ]
    rows = side_facts(spec, draft.situation, locale)
    left = ngettext("%d paper", "%d papers", len(missing)) % len(missing) if missing else _("nothing")
    kept = {"label": _("Draft"), "value": _("Kept until you submit or delete it")}
    if correct_by is not None:
        last = writing.day(correct_by, this_year=clock.today().year, language=locale, style="weekday")
        kept = {"label": _("Correct it by"), "value": last}
    return [*rows, {"label": _("Still to give"), "value": left}, kept]


def crumbs(spec: catalog.ItemSpec, locale: str) -> list[Shown]:
    """首页 › 事项 › ."""
    name = spec.name_en if locale == "en" else spec.name
    return home_crumbs((name, reverse("portal:guide", args=[spec.token])))
