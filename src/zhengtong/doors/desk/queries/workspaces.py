"""A case on the desk: answers and materials, the viewer, the clock with checks and panel, in one set of reads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhengtong.doors.desk.queries import acting, answers, checks, clocks, histories, offers, panels, papers, viewing
from zhengtong.doors.desk.queries.asking import urging_barred
from zhengtong.doors.desk.queries.matters import OfCase
from zhengtong.doors.desk.queries.rows import marks, urged_words
from zhengtong.doors.desk.queries.saying import at_case, day_words, grouped, locale, named
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import CloseType, State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.queries.rulings import rulings_of
from zhengtong.matters.cases.registry import EXTEND, READ, TERMINATE
from zhengtong.matters.cases.rules import allowed_events
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.queries import in_reach, queues_of, tasks_of
from zhengtong.matters.workflow.registry import ROLES

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

Row = dict[str, Any]
TABS, SIDES = ("application", "papers", "related"), ("checks", "opinions", "precedents", "history")


@dataclass(frozen=True, slots=True)
class Shown(viewing.View):
    """What of a case is on show, and how: chosen tabs, the material; masked values in full; typed text."""

    tab: str = "application"
    side: str = "checks"
    full: bool = False
    typed: dict[str, str] | None = None
    outcome: str = ""

    def beside(self) -> dict[str, str]:
        chosen = {"tab": self.tab, "side": self.side}
        return {name: value for name, value in chosen.items() if value not in (TABS[0], SIDES[0])}


def shown(request: HttpRequest, **given: Any) -> Shown:
    """What a request asks to see; what is not understood falls back."""
    tab, side = request.GET.get("tab", ""), request.GET.get("side", "")
    chosen: dict[str, Any] = {"tab": tab if tab in TABS else TABS[0], "side": side if side in SIDES else SIDES[0]}
    return Shown(**viewing.chosen(request.GET), **chosen, **given)


def workspace(request: HttpRequest, actor: Actor, case: Any, look: Shown) -> Row:
    """Everything the page of a case shows."""
    tasks = list(tasks_of("case", case.id).select_related("process"))
    task, matter = acting.task_for(actor, tasks), OfCase(case)
    submissions = list(cases.submissions_of(case))
    materials = answers.material_rows(case, submissions, look.material, lambda place: look.at(case, place))
    related = cases.related_cases(actor, case)
    notes = list(cases.visible_notes(actor, case))
    letters = papers.letters(case)
    opinions = papers.opinions(case)
    pages = answers.answer_pages(case, submissions, full=look.full)
    ruled = rulings_of(actor, case, locale(), full=look.full)
    offered = offers.rows(actor, case, tasks)
    following = _next_url(request, actor, task)
    asked = acting.asked_rows(actor, matter, tasks)
    found = checks.rule_checks(case, submissions[-1], materials, related, ruled)
    return {
        "case": case,
        "title": f"{case.applicant_label}　{named(case.item_name, case.item_name_en)}",
        "facts": _facts(case, task),
        "tags": [mark["label"] for mark in marks(_face(case))],
        "next_url": following,
        "head_actions": [
            *_reading(request, case, notes, materials),
            *_actions(actor, matter, tasks, task),
            *_following(following),
        ],
        "look": look,
        "left_tabs": _tabs(request, case, look, len(letters), len(related)),
        "right_tabs": _sides(request, case, look, len(found), len(opinions) + len(asked)),
        "pages": pages,
        "corrected": len(submissions) > 1,
        "may_see_full": may(actor, "pi.full", case),
        "materials": materials,
        "material_words": _count_words(len(materials)),
        "seen_words": _("%s matched by the system") % sum(each["state"] == "green" for each in materials),
        "viewer": viewing.viewer(actor, case, viewing.Papers(materials, submissions, pages, notes), look),
        "letters": letters,
        "copies": histories.copies_sent(actor, matter) if look.side == "history" else [],
        "related": related_rows(related),
        "opinions": opinions,
        "asked": [
            *(acting.following_rows(actor, matter, task) if look.side == "opinions" else ()),
            *asked,
        ],
        "precedents": papers.precedents(actor, case) if look.side == "precedents" else [],
        "events": histories.events(("case", case.id), [case.process_id] if case.process_id else [])
        if look.side == "history"
        else [],
        "ring": clocks.ring(case, case.token),
        "closing": _closing(case),
        "issued": _issued(actor, case),
        "rules": found,
        "offers": offered,
        "panel": panels.panel(actor, case, task, look.typed, look.outcome) if task or not offered else None,
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
        facts.append(_("officer %s") % task.holder if task.holder else _("nobody has it in hand"))
    if task is not None and task.process.suspended:
        facts.append(_("halted"))
    if task is not None and task.urges:
        facts.append(urged_words(task))
    return facts


def _reading(request: HttpRequest, case: Any, notes: list[Any], materials: list[Row]) -> list[Row]:
    """What can be read from the head of the case: its history, and the first note on its materials."""
    found = [{"label": _("History"), "icon": "history", "url": at_case(request, case, side="history")}]
    if case.process_id is not None:
        drawing = reverse("desk:process", args=[case.token])
        found.append({"label": pgettext("of a case", "Process"), "icon": "workflow", "url": drawing})
    meant = [note for note in notes if note.struck_at is None]
    places = {row["id"]: place for place, row in enumerate(materials)}
    first = next((note for note in meant if note.material_id in places), None)
    if first is not None:
        url = at_case(request, case, m=places[first.material_id], p=first.page, compare=None) + "#notes"
        found.append({"label": _("Notes %s") % len(meant), "icon": "message-square", "url": url})
    return found


def _actions(actor: Actor, matter: OfCase, tasks: "list[Task]", task: "Task | None") -> list[Row]:
    case, found = matter.row, []
    if task is not None and task.who_id is None and in_reach(actor, task):
        found.append({"label": _("Hand on"), "icon": "user-plus", "url": reverse("desk:transfer", args=[case.token])})
    found += acting.buttons(actor, matter, tasks, task)
    acted = any(each.state == TaskState.DONE and each.assignee_id == actor.account_id for each in tasks)
    if task is not None and not urging_barred(actor, matter, task, acted=acted):
        found.append({"label": _("Urge"), "icon": "megaphone", "url": reverse("desk:urge", args=[case.token])})
    if may(actor, READ, case):
        found.append({"label": _("Send copies"), "icon": "mail", "url": reverse("desk:copy", args=[case.token])})
    events = allowed_events(case.state)
    if Event.EXTEND in events and may(actor, EXTEND, case):
        found.append({"label": _("Extend"), "icon": "calendar-clock", "url": reverse("desk:extend", args=[case.token])})
    if Event.TERMINATE in events and may(actor, TERMINATE, case):
        found.append({"label": _("Terminate"), "icon": "ban", "url": reverse("desk:terminate", args=[case.token])})
    return found


def _next_url(request: HttpRequest, actor: Actor, task: "Task | None") -> str:
    """Where the list goes on after the task just done, else after this one; empty for who has no list of tasks."""
    if not queues_of(actor, ROLES):
        return ""
    place = request.GET.get("done", "") or panels.place_words(task)
    return reverse("desk:next") + (f"?{urlencode({'after': place})}" if place else "")


def _following(url: str) -> list[Row]:
    return [{"label": _("Next task"), "icon": "chevron-right", "url": url, "key": "J"}] if url else []


def _tabs(request: HttpRequest, case: Any, look: Shown, letters: int, related: int) -> list[Row]:
    labels = (_("Application"), _("Letters %s") % letters, _("Related %s") % related)
    return [
        {"label": label, "url": at_case(request, case, tab=name), "current": look.tab == name}
        for name, label in zip(TABS, labels, strict=True)
    ]


def _sides(request: HttpRequest, case: Any, look: Shown, rules: int, opinions: int) -> list[Row]:
    labels = (_("Checks %s") % rules, _("Opinions %s") % opinions, _("Precedents"), _("History"))
    return [
        {"label": label, "url": at_case(request, case, side=name), "current": look.side == name}
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
