"""A case on the desk: answers and materials, the viewer, the clock with checks and panel, in one set of reads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.desk.queries import answers, checks, clocks, panels, papers
from zhengtong.doors.desk.queries.rows import marks
from zhengtong.doors.desk.queries.saying import day_words, grouped, named, with_changed
from zhengtong.foundation.files.choices import PDF, SHOWN_INLINE
from zhengtong.foundation.files.queries import files_by_id
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import CloseType, State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.registry import EXTEND, TERMINATE
from zhengtong.matters.cases.rules import allowed_events
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.workflow.queries import in_reach, open_task

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

Row = dict[str, Any]
TABS, SIDES = ("application", "papers", "related"), ("checks", "opinions", "precedents", "history")


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a case is on show, and how: chosen tabs, material, comparison; masked values in full; typed text."""

    tab: str = "application"
    side: str = "checks"
    material: int = 0
    compare: bool = False
    full: bool = False
    typed: dict[str, str] | None = None
    outcome: str = ""


def shown(request: HttpRequest, **given: Any) -> Shown:
    """What a request asks to see; what is not understood falls back."""
    tab, side, place = request.GET.get("tab", ""), request.GET.get("side", ""), request.GET.get("m", "")
    return Shown(
        tab=tab if tab in TABS else TABS[0],
        side=side if side in SIDES else SIDES[0],
        material=int(place) if place.isdecimal() and len(place) < 4 else 0,
        compare=request.GET.get("compare") == "1",
        **given,
    )


def workspace(request: HttpRequest, actor: Actor, case: Any, look: Shown) -> Row:
    """Everything the page of a case shows."""
    task = open_task("case", case.id)
    submissions = list(cases.submissions_of(case))
    url = reverse("desk:case", args=[case.token])
    materials = answers.material_rows(case, submissions, look.material, url)
    related = cases.related_cases(actor, case)
    letters = papers.letters(case)
    opinions = papers.opinions(case)
    pages = answers.answer_pages(case, submissions, full=look.full)
    found = checks.rule_checks(case, submissions[-1], materials, related)
    return {
        "case": case,
        "title": f"{case.applicant_label}　{named(case.item_name, case.item_name_en)}",
        "facts": _facts(case, task),
        "tags": [mark["label"] for mark in marks(_face(case))],
        "head_actions": _actions(request, actor, case, task),
        "look": look,
        "left_tabs": _tabs(request, look, len(letters), len(related)),
        "right_tabs": _sides(request, look, len(found), len(opinions)),
        "pages": pages,
        "corrected": len(submissions) > 1,
        "may_see_full": may(actor, "pi.full", case),
        "materials": materials,
        "material_words": _count_words(len(materials)),
        "seen_words": _("%s matched by the system") % sum(each["state"] == "green" for each in materials),
        "viewer": _viewer(case, submissions, materials, look, pages),
        "letters": letters,
        "related": related_rows(related),
        "opinions": opinions,
        "precedents": papers.precedents(actor, case) if look.side == "precedents" else [],
        "events": papers.events(case) if look.side == "history" else [],
        "ring": clocks.ring(case, case.token),
        "closing": _closing(case),
        "issued": _issued(actor, case),
        "rules": found,
        "panel": panels.panel(actor, case, task, look.typed, look.outcome),
    }


def _count_words(count: int) -> str:
    return ngettext("%(count)s material", "%(count)s materials", count) % {"count": count}


def _face(case: Any) -> Row:
    return {name: getattr(case, name) for name in cases.FACE}


def _facts(case: Any, task: "Task | None") -> list[str]:
    facts = [grouped(case.short_no)]
    if case.accepted_on:
        facts.append(_("accepted %s") % day_words(case.accepted_on))
    elif case.received_on:
        facts.append(_("received %s") % day_words(case.received_on))
    facts.append(panels.step_words(task) or str(State(case.state).label))
    if task is not None:
        facts.append(_("officer %s") % task.assignee_name if task.assignee_name else _("nobody has it in hand"))
    return facts


def _actions(request: HttpRequest, actor: Actor, case: Any, task: "Task | None") -> list[Row]:
    found = [{"label": _("History"), "icon": "history", "url": with_changed(request, side="history")}]
    if task is not None and in_reach(actor, task):
        found.append({"label": _("Hand on"), "icon": "user-plus", "url": reverse("desk:transfer", args=[case.token])})
    events = allowed_events(case.state)
    if Event.EXTEND in events and may(actor, EXTEND, case):
        found.append({"label": _("Extend"), "icon": "calendar-clock", "url": reverse("desk:extend", args=[case.token])})
    if Event.TERMINATE in events and may(actor, TERMINATE, case):
        found.append({"label": _("Terminate"), "icon": "ban", "url": reverse("desk:terminate", args=[case.token])})
    return found


def _tabs(request: HttpRequest, look: Shown, letters: int, related: int) -> list[Row]:
    labels = (_("Application"), _("Letters %s") % letters, _("Related %s") % related)
    return [
        {"label": label, "url": with_changed(request, tab=name), "current": look.tab == name}
        for name, label in zip(TABS, labels, strict=True)
    ]


def _sides(request: HttpRequest, look: Shown, rules: int, opinions: int) -> list[Row]:
    labels = (_("Checks %s") % rules, _("Opinions %s") % opinions, _("Precedents"), _("History"))
    return [
        {"label": label, "url": with_changed(request, side=name), "current": look.side == name}
        for name, label in zip(SIDES, labels, strict=True)
    ]


def related_rows(related: list[Row]) -> list[Row]:
    """Other cases of the applicant as a short list."""
    return [
        {
            "number": row["short_no"],
            "name": named(row["item_name"], row["item_name_en"]),
            "state": State(row["state"]).label,
            "at": row["submitted_at"],
            "url": reverse("desk:case", args=[row["token"]]),
        }
        for row in related
    ]


def _viewer(case: Any, submissions: list[Any], materials: list[Row], look: Shown, pages: list[Row]) -> Row | None:
    if not materials:
        return None
    place = min(look.material, len(materials) - 1)
    one = materials[place]
    one["told"] = _without_paper(one, pages)
    earlier = answers.earlier_files(case, submissions, one["code"])
    url = reverse("desk:case", args=[case.token])
    tools = []
    if earlier:
        label = _("Without comparison") if look.compare else _("Compare with before")
        target = f"{url}?m={place}" if look.compare else f"{url}?m={place}&compare=1"
        tools.append({"icon": "git-compare-arrows", "label": label, "url": target})
    if one["file"] is not None:
        tools.append({"icon": "external-link", "label": _("Open by itself"), "url": _file_url(case, one["id"])})
    return {
        "name": one["name"],
        "page_words": one["file"].name if one["file"] is not None else "",
        "tools": tools,
        **_content(case, one["id"], one["file"], one),
        "earlier": [_earlier(case, each, one) for each in earlier] if look.compare else [],
        "previous": _turn(materials, place - 1),
        "next": _turn(materials, place + 1),
        "place_words": _("%(place)s of %(count)s") % {"place": place + 1, "count": len(materials)},
    }


def _file_url(case: Any, material_id: int) -> str:
    return reverse("desk:material", args=[case.token, material_id])


def _content(case: Any, material_id: int, file: Any, row: Row) -> Row:
    if file is None:
        return {"text": row["told"]}
    if file.media_type not in SHOWN_INLINE:
        return {"open_url": _file_url(case, material_id)}
    if file.media_type.startswith("image/"):
        return {"image_url": _file_url(case, material_id)}
    return {"drawing": _frame(case, material_id, row)}


def _frame(case: Any, material_id: int, row: Row, title: str = "") -> str:
    url = f"{_file_url(case, material_id)}#toolbar=0&navpanes=0&view=FitH"
    return format_html('<iframe src="{}" title="{}"></iframe>', url, title or row["name"])


def _earlier(case: Any, material: Any, row: Row) -> Row:
    file = files_by_id([material.file_id]).get(material.file_id)
    if file is not None and file.media_type == PDF:
        title = _("%s before the correction") % row["name"]
        return {"drawing": _frame(case, material.id, row, title)}
    return _content(case, material.id, file, row)


def _without_paper(row: Row, pages: list[Row]) -> str:
    """What stands for a material that needs no paper: its source, and the answers taken from it."""
    name = (row["source"] or {}).get("name")
    taken = [f"{line['label']}：{line['value']}" for page in pages for line in page["rows"] if line["from"] == name]
    return "\n".join([_("No paper: %(note)s.") % {"note": row["note"]}, *(taken if name else [])])


def _turn(materials: list[Row], place: int) -> Row | None:
    if not 0 <= place < len(materials):
        return None
    return {"label": materials[place]["name"], "url": materials[place]["url"]}


def _closing(case: Any) -> Row | None:
    """How the case ended."""
    if case.closed_at is None:
        return None
    return {
        "words": CloseType(case.close_type).label if case.close_type else State(case.state).label,
        "at": case.closed_at,
        "light": case.light_at_close or "green",
    }


def licence_of(actor: Actor, case: Any) -> licences.Licence | None:
    """The newest licence a case led to, where the actor may see it."""
    return licences.visible_to(actor).filter(case_id=case.id).first()


def _issued(actor: Actor, case: Any) -> Row | None:
    """The licence with its page and its PDF; nothing is asked before the case was decided."""
    licence = licence_of(actor, case) if case.decided_on is not None else None
    if licence is None:
        return None
    return {
        "name": named(licence.name, licence.name_en),
        "number": licence.number,
        "url": reverse("desk:licence", args=[case.token]),
        "file_url": reverse("desk:licence_file", args=[case.token]),
    }
