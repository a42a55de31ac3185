"""The inbox: my queues by role as one list, with figures, filters and a cursor; the cost is that of a page."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.choices import LIGHTS, LIST_ICONS, LIST_LABELS
from zhengtong.doors.desk.queries.rows import columns, task_rows
from zhengtong.doors.desk.queries.saying import named, updated_words, with_changed
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.queries import COUNT_LIMIT, Place, Waiting, Wanted
from zhengtong.matters.workflow.queries.copies import unread
from zhengtong.matters.workflow.registry import ROLES

PAGE = 50
_WITHIN = {"mine": ("me", "free"), "me": ("me",), "free": ("free",), "all": ("me", "free", "other")}


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the reader chose: a list, a step (role), a light, an item, an applicant, and where the page begins."""

    holder: str = "mine"
    role: str = ""
    light: str = ""
    item: str = ""
    applicant: str = ""
    after: Place | None = None

    def wanted(self, actor: Actor) -> Wanted:
        """As the workflow asks for it."""
        holder = "" if self.holder == "all" else self.holder
        return Wanted(
            clock.today(), self.light, holder, self.item, self.applicant, actor.account_id, actor.stands_in_for()
        )


def conditions(given: QueryDict) -> Conditions:
    """The conditions of an address; what is not understood is left out."""
    holder, role, light = given.get("list", "mine"), given.get("step", ""), given.get("light", "")
    return Conditions(
        holder=holder if holder in _WITHIN else "mine",
        role=role if role in ROLES else "",
        light=light if light in LIGHTS else "",
        item=given.get("item", "")[:200],
        applicant=given.get("applicant", "").strip()[:100],
        after=place_of(given.get("after", "")),
    )


def place_of(text: str) -> Place | None:
    """Where in the order of the inbox a task stands, None where nothing says so."""
    day, _sep, key = text.partition("_")
    try:
        return (dt.date.fromisoformat(day), int(key))
    except ValueError:
        return None


def page(request: HttpRequest, actor: Actor, chosen: frozenset[int] = frozenset()) -> dict[str, Any]:
    """Everything the inbox shows."""
    asked = conditions(request.GET)
    queues = workflow.queues_of(actor, ROLES)
    tasks = workflow.inbox(_shown(queues, asked), after=asked.after, limit=PAGE + 1, wanted=asked.wanted(actor))
    figures, more = workflow.waiting(
        queues, account_id=actor.account_id, today=clock.today(), away=actor.stands_in_for()
    )
    # What stands still by law is nobody's to hurry: it comes last, though its place in the index stays.
    shown_tasks = sorted(tasks[:PAGE], key=lambda task: task.paused)
    rows = task_rows(actor, [*_asked(actor, asked, queues), *shown_tasks], chosen)
    density = "roomy" if request.GET.get("density") == "roomy" else "tight"
    return {
        "title": _title(asked),
        "lights": _lights(request, asked, figures, more=more),
        "note": updated_words(),
        "side": _side(request, actor, asked, queues, figures, more=more),
        "chips": _chips(request, asked),
        "clear_url": _here(request, light=None, item=None, applicant=None, step=None) if _narrowed(asked) else "",
        "tools": [_density(request, density)],
        "items": sorted({(each.title, named(each.title, each.title_en)) for each in figures}),
        "asked": asked,
        "query": request.GET.urlencode(),
        "table": _table(rows, density, asked),
        "next_url": _next(request, tasks),
        "first_url": _here(request) if asked.after else "",
        "words": _words(rows, asked, more=len(tasks) > PAGE),
        "actions": [
            {"label": _("Take in hand"), "value": "take", "icon": "user-plus", "key": "E", "main": True},
            {"label": _("Hand on"), "value": "hand_on", "icon": "send"},
        ],
    }


def _shown(queues: list[str], asked: Conditions) -> list[str]:
    return [queue for queue in queues if not asked.role or queue.endswith(f":{asked.role}")]


def following(actor: Actor, asked: Conditions, after: Place | None) -> str:
    """The address of the task to do after a place of the list as it was left, from its top where nothing comes after;
    empty where none is left. What stands still by law, what is on offer and what colleagues hold is passed over.
    """
    queues = _shown(workflow.queues_of(actor, ROLES), asked)
    wanted = replace(asked, holder=asked.holder if asked.holder in ("me", "free") else "mine").wanted(actor)
    for place in [after, None] if after else [None]:
        tasks = workflow.inbox(queues, after=place, limit=PAGE, wanted=wanted)
        ready = [task for task in tasks if not task.paused and not task.held and task.state != TaskState.OFFERED]
        if urls := [row["url"] for row in task_rows(actor, ready[:1]) if row["url"]]:
            return str(urls[0])
    return ""


def _asked(actor: Actor, asked: Conditions, queues: list[str]) -> list[Any]:
    """What was asked of the actor in person beside his posts: on the first page of his own lists."""
    if asked.holder not in ("mine", "me") or asked.after or _narrowed(asked):
        return []
    return list(workflow.asked_of(actor).exclude(queue__in=queues)[:PAGE])


def _here(request: HttpRequest, **changes: Any) -> str:
    """The inbox with conditions changed, also where the page answers to what was sent."""
    return reverse("desk:inbox") + with_changed(request, **changes).removeprefix(request.path)


def _title(asked: Conditions) -> object:
    return ROLES[asked.role] if asked.role else LIST_LABELS[asked.holder]


def _table(rows: list[dict[str, Any]], density: str, asked: Conditions) -> dict[str, Any]:
    narrowed = _narrowed(asked)
    return {
        "label": _title(asked),
        "selectable": True,
        "form": "bulk",
        "density": density,
        "columns": columns(),
        "rows": rows,
        "empty_title": _("Nothing matches") if narrowed else _("Nothing waits for you"),
        "empty_words": _("Take a condition away.") if narrowed else _("New applications appear here by themselves."),
    }


def _within(asked: Conditions, figures: list[Waiting]) -> list[Waiting]:
    """The figures of the list on show, its light left open."""
    return [
        each
        for each in figures
        if each.holder in _WITHIN[asked.holder]
        and (not asked.role or each.queue.endswith(f":{asked.role}"))
        and (not asked.item or each.title == asked.item)
    ]


def _count(number: int, *, more: bool) -> str:
    return f"{number}+" if more and number >= COUNT_LIMIT else str(number)


def _lights(request: HttpRequest, asked: Conditions, figures: list[Waiting], *, more: bool) -> list[dict[str, Any]]:
    counted = Counter(each.light for each in _within(asked, figures))
    return [
        {
            "state": light,
            "count": _count(counted[light], more=more),
            "current": asked.light == light,
            "url": _here(request, light=None if asked.light == light else light),
        }
        for light in LIGHTS
    ]


def _side(
    request: HttpRequest, actor: Actor, asked: Conditions, queues: list[str], figures: list[Waiting], *, more: bool
) -> list[dict[str, Any]]:
    held = Counter(each.holder for each in figures)
    lists = [
        {
            "label": LIST_LABELS[name],
            "icon": LIST_ICONS[name],
            "count": _count(sum(held[holder] for holder in within), more=more),
            "url": _here(request, list=name, step=None),
            "current": asked.holder == name and not asked.role,
        }
        for name, within in _WITHIN.items()
    ]
    roles = list(dict.fromkeys(queue.partition(":")[2] for queue in queues))
    waiting = Counter(each.queue.partition(":")[2] for each in figures)
    steps = [
        {
            "label": ROLES[role],
            "count": _count(waiting[role], more=more),
            "url": _here(request, step=role, list="all"),
            "current": asked.role == role,
        }
        for role in roles
    ]
    lists += [_copies(actor), _absences()]
    return [{"items": lists}, *([{"title": _("Steps of work"), "items": steps}] if len(steps) > 1 else [])]


def _copies(actor: Actor, *, current: bool = False) -> dict[str, Any]:
    count = _count(unread(actor), more=False)
    return {
        "label": _("Copies for me"),
        "icon": "mail",
        "count": count,
        "url": reverse("desk:copies"),
        "current": current,
    }


def _absences(*, current: bool = False) -> dict[str, Any]:
    label = _("Absence and substitution")
    return {"label": label, "icon": "calendar-days", "url": reverse("desk:absences"), "current": current}


def side(actor: Actor, current: str = "copies") -> list[dict[str, Any]]:
    """The lists as they stand beside the copies one was sent, and beside the absences."""
    inbox = reverse("desk:inbox")
    lists = [
        {"label": LIST_LABELS[name], "icon": LIST_ICONS[name], "url": f"{inbox}?list={name}", "current": False}
        for name in _WITHIN
    ]
    return [{"items": [*lists, _copies(actor, current=current == "copies"), _absences(current=current == "absences")]}]


def _chips(request: HttpRequest, asked: Conditions) -> list[dict[str, Any]]:
    labels = {
        "item": asked.item and _("Item: %s") % asked.item,
        "applicant": asked.applicant and _("Applicant: %s") % asked.applicant,
        "step": asked.role and _("Step: %s") % ROLES[asked.role],
    }
    return [{"label": label, "remove_url": _here(request, **{name: None})} for name, label in labels.items() if label]


def _narrowed(asked: Conditions) -> bool:
    return bool(asked.light or asked.item or asked.applicant or asked.role)


def _density(request: HttpRequest, density: str) -> dict[str, Any]:
    other = "roomy" if density == "tight" else "tight"
    label = _("Tight") if density == "tight" else _("Roomy")
    return {"label": label, "icon": "rows-3", "url": _here(request, density=other)}


def _next(request: HttpRequest, tasks: list[Any]) -> str:
    if len(tasks) <= PAGE:
        return ""
    last = tasks[PAGE - 1]
    query = request.GET.copy()
    query["after"] = f"{last.red_on.isoformat()}_{last.id}"
    return f"{reverse('desk:inbox')}?{query.urlencode()}"


def _words(rows: list[dict[str, Any]], asked: Conditions, *, more: bool) -> str:
    if asked.after or more:
        return _("%(count)s on this page, the most urgent first") % {"count": len(rows)}
    return _("%(count)s in all, the most urgent first") % {"count": len(rows)}
