"""The rules of services: decision tables as tables, tried with values, two versions side by side."""

import json
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.forms import Field, Sheet
from zhengtong.doors.console.queries import compare, drawn_boxes, model_of, questions
from zhengtong.doors.console.views.gate import (
    actor_of,
    crumbs,
    cursor,
    facts_of,
    found_or_404,
    open_to,
    paged,
    sheet_for,
    state,
    table,
)
from zhengtong.engines import dmn, feel
from zhengtong.engines.dmn import DmnError
from zhengtong.foundation.core import clock
from zhengtong.matters.catalog import queries as catalog

PART = "rules"
FIRST = 3
"""Versions that are offered beside the title; where there are more, a list has them all."""


@open_to(PART)
def books(request: HttpRequest) -> HttpResponse:
    """A page of the released models, newest first."""
    actor = actor_of(request)
    found, following = paged(request, catalog.releases_with_rules(actor))
    newest, names = catalog.newest_with_rules(actor, {each.pack_id for each in found}), catalog.names_of_releases(found)
    lines = [
        (
            reverse("console:rulebook", args=[release.pk]),
            (
                names[release.pk],
                release.version,
                _standing(release.version == newest[release.pack_id]),
                clock.local(release.released_at).strftime("%Y-%m-%d %H:%M"),
                release.released_by_name,
                release.pack_id,
            ),
        )
        for release in found
    ]
    columns = (_("Service"), pgettext("of a pack", "Version"), _("State"), _("Released"), _("By"), _("Service pack"))
    context: dict[str, Any] = {"title": _("Rules of services"), "part": PART, "next_url": following}
    context["table"] = table(_("Rules of services"), columns, lines, _("No service decides by rules yet."))
    context["lead"] = _("Rules are models that are released with their service; here they are read and tried.")
    return render(request, "console/list.html", context)


def _standing(newest: bool) -> dict[str, Any]:
    return state(_("newest"), "jade") if newest else state(_("earlier"), "line")


@open_to(PART, methods=("GET", "HEAD", "POST"))
def book(request: HttpRequest, key: int) -> HttpResponse:
    """One model: its tables, what is worth a look, and a try with values that nobody keeps."""
    release = found_or_404(catalog.releases_with_rules(actor_of(request)).filter(pk=key).defer(None).first())
    decisions = model_of(catalog.rules_of(release))
    sheet = sheet_for(request, _fields(decisions))
    result = _try(request, decisions, sheet) if request.method == "POST" and sheet.sound else None
    locale = actor_of(request).locale
    every = catalog.releases_with_rules(actor_of(request)).filter(pack_id=release.pack_id).exclude(pk=key)
    others, following = paged(request, every)
    context: dict[str, Any] = {
        "title": decisions.model.name or release.pack_id,
        "part": PART,
        "facts": facts_of(
            (_("Service"), catalog.names_of_releases([release])[release.pk]),
            (_("Service pack"), release.pack_id),
            (pgettext("of a pack", "Version"), release.version),
            (_("Digest (SM3)"), release.digest),
            (_("Released"), clock.local(release.released_at).strftime("%Y-%m-%d %H:%M")),
        ),
        "findings": [finding.text(locale) for finding in dmn.analyse(decisions)],
        "fields": [each.described(sheet.typed.get(each.key), sheet.faults.get(each.key, ())) for each in sheet.fields],
        "faulty": not sheet.sound,
        "decisions": drawn_boxes(decisions, result.trace if result else None),
        "said": dmn.explain(result.trace, locale) if result and result.trace else None,
        "actions": [{"label": _compared(other), "url": _comparing(other, key)} for other in others[:FIRST]],
        "others": _others(others, key, following) if following or len(others) > FIRST or cursor(request) else None,
    }
    return render(request, "console/rulebook.html", context | crumbs(PART), status=200 if sheet.sound else 422)


def _compared(other: Any) -> str:
    return _("Compare with version %(number)d") % {"number": other.version}


def _comparing(other: Any, key: int) -> str:
    return reverse("console:compare_rulebooks", args=[other.pk, key])


def _others(others: list[Any], key: int, following: str) -> dict[str, Any]:
    """The other versions of the model, each leading to the comparison with it."""
    lines = [
        (_comparing(each, key), (_compared(each), clock.local(each.released_at).strftime("%Y-%m-%d %H:%M")))
        for each in others
    ]
    return table(_("Other versions"), (pgettext("of a pack", "Version"), _("Released")), lines, "", following)


def _fields(decisions: dmn.Decisions) -> tuple[Field, ...]:
    return tuple(_field(place, question) for place, question in enumerate(questions(decisions)))


def _field(place: int, question: Any) -> Field:
    """A question of its kind; what is left empty is not given. Names are any text, so fields are numbered."""
    key, prompt = f"fact{place}", _("not given")
    if question.kind == "boolean":
        options = [("true", _("Yes")), ("false", _("No"))]
        return Field(key, question.name, "select", required=False, options=options, prompt=prompt)
    if question.choices:
        options = [(one, one) for one in question.choices]
        return Field(key, question.name, "select", required=False, options=options, prompt=prompt)
    hints = {
        "date": _("As 2027-01-31."),
        "time": _("As 09:30:00."),
        "date and time": _("As 2027-01-31T09:30:00."),
        "context": _('As JSON, for example {"name": 1}.'),
        "list": _("As JSON, for example [1, 2]."),
        "Any": _("A text, or JSON."),
    }
    wide = question.kind in ("context", "list", "Any")
    return Field(
        key, question.name, "textarea" if wide else "text", required=False, help=hints.get(question.kind, ""),
        rows=3 if wide else None, most=2000 if wide else 200, read=_reader(question.kind),
    )  # fmt: skip


def _reader(kind: str) -> Any:
    def number(typed: str) -> Any:
        try:
            return json.loads(typed, parse_float=Decimal, parse_int=Decimal)
        except (ValueError, RecursionError):
            raise ValueError(_("Write a number.")) from None

    def structure(typed: str) -> Any:
        try:
            return json.loads(typed)
        except (ValueError, RecursionError):
            if kind == "Any":
                return typed
            raise ValueError(_("This is not JSON.")) from None

    return {"number": number, "context": structure, "list": structure, "Any": structure}.get(kind)


def _try(request: HttpRequest, decisions: dmn.Decisions, sheet: Sheet) -> dmn.Result | None:
    names = {f"fact{place}": question for place, question in enumerate(questions(decisions))}
    given = {
        names[key].key: (value == "true" if names[key].kind == "boolean" else value)
        for key, value in sheet.values.items()
        if value is not None
    }
    run = feel.Run(now=clock.now())
    try:
        return dmn.decide(
            decisions, dmn.read_facts(decisions, given, run), decision=_asked(decisions), run=run, trace=True
        )
    except DmnError as error:
        sheet.others.append(error.text(actor_of(request).locale))
        return None


def _asked(decisions: dmn.Decisions) -> str | None:
    """The last decision that no other one needs: the whole question of the model."""
    needed = {href.rpartition("#")[2] for each in decisions.model.decisions for href in each.needs}
    tops = [each.id for each in decisions.model.decisions if each.id not in needed]
    return tops[-1] if tops else None


@open_to(PART)
def comparison(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """What the newer version changed, table by table, row by row."""
    rows = catalog.releases_with_rules(actor_of(request)).defer(None)
    pair = [found_or_404(rows.filter(pk=key).first()) for key in (old, new)]
    pair.sort(key=lambda release: release.version)
    found_or_404(pair[0].pack_id == pair[1].pack_id or None)
    models = [model_of(catalog.rules_of(release)) for release in pair]
    numbers = {"old": pair[0].version, "new": pair[1].version}
    context: dict[str, Any] = {
        "title": _("Version %(old)d and version %(new)d") % numbers,
        "part": PART,
        "differences": compare(*models),
    }
    return render(request, "console/rulebooks_compared.html", context | crumbs(PART))
