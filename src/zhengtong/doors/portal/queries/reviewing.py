"""Before handing in: everything answered, to be checked; and two windows that hold different answers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhengtong.doors.portal.queries import items
from zhengtong.doors.portal.queries.applying import Shown, crumbs, drawn_sources, file_rows, side
from zhengtong.doors.portal.queries.correcting import Correction, correction_of, shown_gaps
from zhengtong.doors.portal.queries.guides import steps
from zhengtong.doors.portal.queries.places import Place, elder_step, group_of, last_place, page_of
from zhengtong.engines.errors import within
from zhengtong.engines.forms import Form, Page, summary
from zhengtong.foundation.policy import Actor
from zhengtong.foundation.ui import writing
from zhengtong.matters.catalog import queries as catalog


def review_page(
    by: Actor,
    draft: Any,
    locale: str,
    *,
    elder: bool = False,
    faults: Iterable[tuple[str, str, str]] = (),
    said: str = "",
) -> Shown:
    """Everything answered, by page, with a way to change each; faults link to their question."""
    spec = catalog.item_spec(draft.item_id)
    correction = correction_of(by, draft, spec.form, locale)
    names = file_rows(by, spec.form, draft.answers, correction.files)
    sources = drawn_sources(spec.form, draft, locale)
    return {
        "token": draft.token,
        "key": draft.token,
        "short": spec.name_en if locale == "en" else spec.name,
        "crumbs": crumbs(spec, locale),
        "steps": steps(spec, len(spec.form.pages) + 2, locale),
        "number": len(spec.form.pages) + 2,
        "step": elder_step(spec, draft.answers, None),
        "sections": [
            _answered(page, spec.form, draft, names, sources) for page in summary(spec.form, draft.answers, locale)
        ],
        "facts": side(spec, draft, locale, correction.due_on),
        "errors": [
            {"message": sentence, "url": _fault_url(spec.form, draft, path)} for path, _code, sentence in faults
        ],
        "said": said,
        "gaps": shown_gaps(draft, spec.form, correction, elder=elder),
        "correcting": draft.case_id is not None,
        "unchanged": _unchanged(correction, locale),
        "back_url": last_place(spec.form, draft.answers, elder=elder).address(draft.token),
    }


def _unchanged(correction: Correction, locale: str) -> str:
    """What a correction leaves as it was, said before it is handed in; nobody is kept from doing so."""
    named = correction.untouched()
    if not correction.same and not named:
        return ""
    if not named:
        left = _("Answers and files are the same as last time.")
    elif locale == "en":
        left = _("Not changed yet: %s.") % ", ".join([named[0], *(within(name, locale) for name in named[1:])])
    else:
        left = _("Not changed yet: %s.") % "、".join(named)
    told = _("Gaps are told once only: what you hand in now is examined as it is. What is right already can stay.")
    return writing.sentences(left, told, language=locale)


def _answered(
    page: Shown, form: Form, draft: Any, names: Mapping[str, list[Shown]], sources: Mapping[str, Shown]
) -> Shown:
    rows = []
    for row in page["rows"]:
        held = names.get(row["key"], ()) if row["kind"] == "files" else ()
        kept = "\n".join(file["name"] for file in held if not file["gone"])
        source = sources.get(row["key"]) or {}
        rows.append(
            {
                "label": row["label"],
                "value": kept if row["kind"] == "files" else row["value"],
                "gone": [file for file in held if file["gone"]],
                "source": source.get("name") if source.get("state") == "fresh" else "",
                "change_url": _change_url(draft, page_of(form, page["key"]), row["key"]),
            }
        )
    return {"title": page["title"], "rows": rows}


def _fault_url(form: Form, draft: Any, path: str) -> str:
    key = path.strip("/").split("/")[0]
    for page in form.pages:
        if key in {field.key for field in form.fields_of(page)}:
            return _change_url(draft, page, key)
    return ""


def _change_url(draft: Any, page: Page, question: str) -> str:
    """Where an answer is changed; from there one comes back to check."""
    given = urlencode({"part": group_of(page, question), "then": "check"})
    return f"{reverse('portal:apply_page', args=[draft.token, page.key])}?{given}#f-{question}"


def conflict_page(draft: Any, place: Place, typed: Mapping[str, Any], locale: str) -> Shown:
    """Two windows: what is kept and what was typed here, side by side."""
    spec = catalog.item_spec(draft.item_id)
    kept = {row["key"]: row for row in _rows(spec.form, place.page, draft.answers, locale)}
    rows = [
        {"label": row["label"], "here": row["value"], "there": kept.get(row["key"], {}).get("value", "")}
        for row in _rows(spec.form, place.page, typed, locale)
        if row["value"] != kept.get(row["key"], {}).get("value", "")
    ]
    return {
        "rows": rows,
        "short": items.named(spec, locale),
        "crumbs": crumbs(spec, locale),
        "there_url": place.address(draft.token),
        "saved_at": draft.saved_at,
        "version": draft.version,
    }


def _rows(form: Form, page: Page, answers: Mapping[str, Any], locale: str) -> list[Shown]:
    return next((each["rows"] for each in summary(form, answers, locale) if each["key"] == page.key), [])
