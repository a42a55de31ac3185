"""An errand by itself on the desk: how it stands, what it waits for and until when, what was done and by whom."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries import acting, drawn, histories
from zhengtong.doors.desk.queries.asking import Row
from zhengtong.doors.desk.queries.errands import of_errand
from zhengtong.doors.desk.queries.matters import OfErrand, WholeErrand, all_tasks
from zhengtong.doors.desk.queries.saying import day_words, grouped, moment_words, named
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import ProcessState, StartKind, TaskState
from zhengtong.matters.workflow.progress import NOW, Progress, progress_of_each
from zhengtong.matters.workflow.queries import WAITING
from zhengtong.matters.workflow.queries.errands import Standing, processes_of, standing_of
from zhengtong.matters.workflow.registry import WHO
from zhengtong.matters.workflow.services import offers_of
from zhengtong.matters.workflow.services.improvising import Offer
from zhengtong.people.identity import queries as identity

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Process, Task


def page(actor: Actor, matter: WholeErrand, chosen: int = 0) -> Row:
    """Everything its page shows; of several processes the `chosen` one is drawn, else the last that runs."""
    processes, tasks = list(processes_of(matter.id)), list(all_tasks(matter))
    going = [each for each in processes if each.state == ProcessState.RUNNING]
    far = progress_of_each(processes)
    how = standing_of(processes)
    shown = far.get(chosen) or far.get((going or processes)[-1].id) if processes else None
    return {
        "title": matter.about,
        "facts": _facts(matter, how),
        "tags": [ProcessState(how.state).label, *([_("halted")] if how.halted else [])],
        "head_actions": [*_halting(actor, matter, going), *of_errand(actor, matter, tasks, running=bool(going))],
        "over": _over(how) if not going else "",
        "waits": [*_people(tasks), *_offers(going, tasks), *_system(far[each.id] for each in going)],
        "processes": _choices(processes, far, shown) if len(processes) > 1 else [],
        "model": reverse("desk:errand_model", args=[matter.id, shown.process.id]) if shown else "",
        "steps": _steps(shown) if shown else [],
        "legend": drawn.legend(),
        "asked": acting.asked_rows(actor, OfErrand(matter.row, tasks[0]), tasks) if tasks else [],
        "copies": histories.copies_sent(actor, matter),
        "events": histories.events((matter.kind, matter.id), [each.id for each in processes]),
    }


def _facts(matter: WholeErrand, how: Standing) -> list[str]:
    row = matter.row
    agency = identity.organisation(matter.agency_id)
    began = {"at": moment_words(row.opened_at), "by": StartKind(row.start.kind).label}
    whose = named(agency.name_zh, agency.name_en) if agency else ""
    facts = [grouped(str(row.id)), whose, _("Began %(at)s by: %(by)s") % began]
    if how.state == ProcessState.RUNNING:
        facts.append(_("Urgent from %s") % day_words(row.red_on))
    return [each for each in facts if each]


def _over(how: Standing) -> str:
    if how.ended_at is None:
        return _("Nothing of it runs.")
    return _("Over since %s; nothing of it runs any more.") % moment_words(how.ended_at)


def _halting(actor: Actor, matter: WholeErrand, going: "list[Process]") -> list[Row]:
    if not going or not matter.may_halt(actor):
        return []
    if any(each.suspended for each in going):
        return [{"label": _("Go on"), "icon": "play", "url": matter.url("go_on")}]
    return [{"label": _("Halt"), "icon": "pause", "url": matter.url("halt")}]


def _people(tasks: "list[Task]") -> Iterator[Row]:
    """What waits for somebody, each led to by its own page."""
    for task in tasks:
        if task.state in WAITING:
            words = {"since": moment_words(task.created_at), "until": day_words(task.red_on)}
            yield {
                "icon": "user-round",
                "name": named(task.name, task.name_en) or task.element,
                "url": reverse("desk:errand", args=[task.id]),
                "who": task.holder or _("Nobody yet"),
                "words": _("Waits since %(since)s; urgent from %(until)s.") % words,
            }


def _offers(going: "list[Process]", tasks: "list[Task]") -> Iterator[Row]:
    """What may be started as needed, and by whom; who may start something there does it on its page."""
    lying = {(task.process_id, task.number): task.id for task in tasks if task.state == TaskState.OFFERED}
    for number, found in offers_of(going).items():
        for offer in found:
            task_id = lying.get((number, offer.number))
            names = "、".join(named(each.name, each.name_en) for each in offer.activities)
            yield {
                "icon": "plus",
                "name": named(offer.name, offer.name_en),
                "url": reverse("desk:errand", args=[task_id]) if task_id else "",
                "who": _starter(offer),
                "words": _("On offer to start: %s") % names if names else _("It can be said to be over."),
            }


def _starter(offer: Offer) -> object:
    return WHO.get(offer.role, offer.role) if offer.role else _("No post is named that could start it.")


def _system(found: "Iterator[Progress]") -> Iterator[Row]:
    """What waits for a time, a message or anything else that is no task."""
    for progress in found:
        for place in progress.places:
            if place.state == NOW and place.wait:
                yield {
                    "icon": "timer" if place.due else "clock",
                    "name": named(place.name, place.name_en) or place.element,
                    "url": "",
                    "who": "",
                    "words": drawn.waits_words(place),
                }


def _choices(processes: "list[Process]", far: dict[int, Progress], shown: Progress | None) -> list[Row]:
    """The processes that move it, where there are several."""
    return [
        {
            "name": far[each.id].definition,
            "state": ProcessState(each.state).label,
            "began": each.started_at,
            "url": f"?process={each.id}",
            "current": shown is not None and shown.process.id == each.id,
        }
        for each in processes
    ]


def _steps(shown: Progress) -> list[Row]:
    rows = drawn.steps(shown, clock.now())
    return [each | {"url": reverse("desk:errand", args=[each["task_id"]]) if each["task_id"] else ""} for each in rows]
