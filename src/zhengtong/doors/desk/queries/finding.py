"""Lists beyond the inbox: all cases of the authority, errands, search, figures, messages; each read keeps to a page."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from zhengtong.doors.desk.choices import LIGHTS
from zhengtong.doors.desk.queries.rows import case_rows, columns, errand_columns, errand_rows, task_rows
from zhengtong.doors.desk.queries.saying import locale, updated_words, with_changed
from zhengtong.doors.desk.queries.turning import turned
from zhengtong.foundation.core import clock
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.messages.registry import templates
from zhengtong.foundation.policy import Actor
from zhengtong.foundation.search import queries as search
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.registry import READ
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.queries import COUNT_LIMIT, Wanted
from zhengtong.matters.workflow.queries import errands as workflow_errands
from zhengtong.matters.workflow.queries.errands import ENDED as OVER
from zhengtong.matters.workflow.queries.errands import RUNNING, Chosen
from zhengtong.matters.workflow.registry import ROLES
from zhengtong.matters.workflow.services import queue_of

Row = dict[str, Any]
PAGE = 50
MOST_FOUND = 50
MOST_RED = 20
RECENT = dt.timedelta(days=30)
ENDED = (State.CLOSED, State.ARCHIVED)


def listing(request: HttpRequest, actor: Actor) -> Row:
    """The cases of the authority, newest first, by state and light."""
    state, light = request.GET.get("state", "running"), request.GET.get("light", "")
    before = _place(request)
    found = cases.agency_cases(
        actor,
        states=_states(state),
        condition=_light(light),
        before=before,
        limit=PAGE + 1,
    )
    query = request.GET.copy()
    query["after"] = str(found[PAGE - 1]["id"]) if len(found) > PAGE else ""
    heads = columns()
    del heads[5]
    return {
        "title": _("All cases here"),
        "note": updated_words(),
        "side": _side(request, state),
        "lights": [
            {
                "state": name,
                "url": with_changed(request, light=None if light == name else name),
                "current": light == name,
            }
            for name in LIGHTS
            if state not in ENDED and state != "closed"
        ],
        "table": {
            "label": _("All cases here"),
            "columns": heads,
            "rows": case_rows(found[:PAGE]),
            "empty_title": _("Nothing matches"),
            "empty_words": _("Take a condition away."),
        },
        "next_url": f"?{query.urlencode()}" if len(found) > PAGE else "",
        "first_url": with_changed(request) if before else "",
    }  # fmt: skip


def _place(request: HttpRequest) -> int | None:
    """The number below which the page goes on."""
    after = request.GET.get("after", "")
    return int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None


def errands(request: HttpRequest, actor: Actor) -> Row:
    """The errands that the actor reads, newest first, running or ended, with words in the title or by number."""
    state, words = request.GET.get("state", ""), request.GET.get("q", "").strip()[:100]
    groups = (("", _("All errands")), (RUNNING, _("Errands running")), (OVER, _("Errands ended")))
    state = state if state in dict(groups) else ""
    before = _place(request)
    found = workflow_errands.listed(actor, Chosen(state, words), before=before, limit=PAGE + 1)
    query = request.GET.copy()
    query["after"] = str(found[PAGE - 1].id) if len(found) > PAGE else ""
    narrowed = bool(state or words)
    return {
        "title": _("Errands"),
        "note": updated_words(),
        "state": state,
        "words": words,
        "side": [
            {
                "items": [
                    {"label": label, "url": with_changed(request, state=name or None), "current": state == name}
                    for name, label in groups
                ]
            }
        ],
        "table": {
            "label": _("Errands"),
            "columns": errand_columns(),
            "rows": errand_rows(found[:PAGE]),
            "empty_title": _("Nothing matches") if narrowed else _("No errands here"),
            "empty_words": _("Take a condition away.")
            if narrowed
            else _("Work that begins of itself at your authority stands here."),
        },
        "next_url": f"?{query.urlencode()}" if len(found) > PAGE else "",
        "first_url": with_changed(request) if before else "",
    }


def _states(state: str) -> list[str]:
    if state == "closed":
        return list(ENDED)
    return [state] if state in State.values else list(cases.RUNNING)


def _light(light: str) -> Q:
    today, running = clock.today(), Q(paused=False)
    return {
        "paused": Q(paused=True),
        "red": running & Q(red_on__lte=today),
        "yellow": running & Q(yellow_on__lte=today, red_on__gt=today),
        "green": running & Q(red_on__gt=today) & (Q(yellow_on__isnull=True) | Q(yellow_on__gt=today)),
    }.get(light, Q())


def _side(request: HttpRequest, state: str) -> list[Row]:
    groups = [("running", _("Cases running")), ("closed", _("Cases ended"))]
    whole = [
        {"label": label, "url": with_changed(request, state=name, light=None), "current": state == name}
        for name, label in groups
    ]
    single = [
        {"label": each.label, "url": with_changed(request, state=each.value, light=None), "current": state == each}
        for each in cases.RUNNING
    ]
    return [{"items": whole}, {"title": _("States"), "items": single}]


def found(actor: Actor, text: str) -> Row:
    """Cases the actor may see that hold all of the text: numbers, applicants, items."""
    words = text.strip()[:100]
    entries = search.visible_to(actor, words, kinds=("case",), limit=MOST_FOUND) if words else []
    ids = [entry.object_id for entry in entries if entry.kind == "case"]
    faces = cases.faces(actor, ids)
    heads = columns()
    del heads[5]
    return {
        "words": words,
        "table": {
            "label": _("Find cases"),
            "columns": heads,
            "rows": case_rows(faces[key] for key in ids if key in faces),
            "empty_title": _("No case found"),
            "empty_words": _("Search by case number, unit or item; whole names find more."),
        },
    }


def overview(actor: Actor) -> Row:
    """Four figures with lights and the red list, counted no further than a bound."""
    agencies = [int(scope.partition(":")[2]) for scope in sorted(actor.scopes(READ)) if scope.startswith("org:")]
    queues = [queue_of(agency, role) for agency in agencies for role in ROLES]
    today = clock.today()
    waiting, more = workflow.waiting(queues, account_id=actor.account_id, today=today)
    count = {light: sum(each.light == light for each in waiting) for light in LIGHTS}
    red = workflow.inbox(queues, limit=MOST_RED, wanted=Wanted(today, light="red"))
    closed = cases.closed_since(actor, today - RECENT)
    late = closed.count("red")
    return {
        "note": updated_words(),
        "bounded": _("Each step is counted up to %d.") % COUNT_LIMIT if more else "",
        "figures": [
            _figure("red", _("Red, overdue"), count["red"], _("tasks"), _("They stand in the list below.")),
            _figure("yellow", _("Yellow, due soon"), count["yellow"], _("tasks"), _("Their limit is nearly used up.")),
            _figure(
                "green",
                _("Green, on time"),
                count["green"],
                _("tasks"),
                _("%d more are paused by law") % count["paused"],
            ),
            _figure(
                "",
                _("Closed within the promise"),
                round(100 * (len(closed) - late) / len(closed), 1) if closed else "—",
                "%" if closed else "",
                _("30 days: %(closed)d closed, %(late)d late") % {"closed": len(closed), "late": late},
            ),
        ],
        "table": {
            "label": _("Red list"),
            "columns": columns(),
            "rows": task_rows(actor, red),
            "empty_title": _("Nothing is overdue"),
            "empty_words": _("What turns red appears here."),
        },
    }  # fmt: skip


def _figure(state: str, label: str, value: object, unit: str, note: str) -> Row:
    return {"state": state, "label": label, "value": value, "unit": unit, "note": note}


def inbox_of_messages(actor: Actor, before: int) -> Row:
    """A page of the reader's own messages, newest first; it begins after the id `before`."""
    rows = []
    found, ways = turned(messages.visible_to(actor), before, "messages")
    for each in found:
        subject, text = templates.get(each.template).draw(locale(), each.params)
        rows.append(
            {
                "id": each.id,
                "subject": subject,
                "text": text,
                "at": each.created_at,
                "url": each.address,
                "unread": each.read_at is None,
            }
        )
    return {"rows": rows} | ways
