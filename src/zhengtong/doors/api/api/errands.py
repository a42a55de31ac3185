"""Errands, which belong to no case: what they are and what was said on them, copies, urging, halting, ending."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema, Status

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.callers import HANDLES, actor_of
from zhengtong.doors.api.api.naming import colleague, number_name, numbered
from zhengtong.doors.api.api.pages import Cursor, Page, Size, page_of, place_of
from zhengtong.doors.api.api.problems import faults_within
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.doors.api.api.tasks import ERRAND, Colleagues, Reason, Tasks, Urging, shown
from zhengtong.doors.api.api.together import CopiesSent, Copying, Given, sent, serving
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.workflow import queries as work
from zhengtong.matters.workflow.progress import Place, progress_of_each
from zhengtong.matters.workflow.queries import errands
from zhengtong.matters.workflow.queries.errands import Chosen
from zhengtong.matters.workflow.services import terminate_errand, together
from zhengtong.people.identity import queries as identity

router = Router(tags=["handling"])


OneState = Annotated[Literal["running", "ended"] | None, Query(description="running or ended; without it, all")]


class ErrandBrief(Schema):
    """An errand of a list: `state` is running, ended, cancelled or failed; `red_on` is when its tasks turn red."""

    errand: str
    title: str
    state: str
    halted: bool
    opened_at: dt.datetime
    ended_at: dt.datetime | None
    red_on: dt.date


class ErrandEvent(Schema):
    """One thing of its history: what, by whom, to whom where that is somebody, at which step, and what was said."""

    type: str
    at: dt.datetime
    by: str
    to: str
    step: str
    outcome: str
    words: str


class Step(Schema):
    """One step of its process: `state` is done, now, next or cancelled, `element` names it in the model.

    `wait` is what it waits for where it is no task (timer, message, signal, condition, choice, join, action, decision),
    `due` until when; what does not apply is empty or null.
    """

    element: str
    name: str
    state: str
    wait: str
    due: dt.datetime | None
    role: str
    by: str
    outcome: str
    since: dt.datetime | None
    until: dt.datetime | None


class Errand(ErrandBrief, Tasks):
    """An errand: `items` are its tasks that one may see, in order; `steps` is what was done, what it waits for now and
    what comes next, process after process; its history is newest first. It may have no task at all.
    """

    agency: str
    begun_by: str
    steps: list[Step]
    history: list[ErrandEvent]


class ErrandStanding(Schema):
    """How an errand stands after the act."""

    errand: str
    state: str
    halted: bool


@router.get("/handling/asked", response=Tasks, auth=HANDLES, summary=_("Read what one was asked in person"))
def list_asked_of_me(request: HttpRequest) -> dict[str, Any]:
    """The tasks put to oneself, or to whom one stands in for, that wait for an answer; the most urgent first."""
    actor = actor_of(request)
    rows = list(work.asked_of(actor))
    faces = cases.faces(actor, {task.subject_id for task in rows if task.subject_kind == "case"})
    return {"items": [shown(actor, task, faces.get(task.subject_id)) for task in rows]}


@router.get("/handling/errands", response=Page[ErrandBrief], auth=HANDLES, summary=_("List the errands one may read"))
def list_errands(
    request: HttpRequest,
    cursor: Cursor,
    size: Size,
    state: OneState = None,
    q: str = Query("", max_length=100, description="words in the title"),
    agency: str = Query("", max_length=18, description="credit code of one authority"),
) -> dict[str, Any]:
    """The newest errands that one may read: by one's post, because one was asked, or by a copy."""
    place = place_of(request, cursor)
    chosen = Chosen(state or "", q.strip(), _agency(agency))
    rows = errands.listed(actor_of(request), chosen, before=place[0] if place else None, limit=size + 1)
    standing = errands.standings(row.id for row in rows[:size])
    return page_of(request, rows, size, lambda row: [row.id], lambda row: _brief(row, standing[row.id]))


@router.get("/handling/errands/{token}", response=Errand, auth=HANDLES, summary=_("Read an errand"))
def read_errand(request: HttpRequest, token: str) -> dict[str, Any]:
    """An errand with its tasks and who said what on it; a copy or a question lets one read it too."""
    actor = actor_of(request)
    row = _errand(actor, token)
    tasks = work.visible_to(actor).filter(subject_kind=ERRAND, subject_id=row.id).order_by("id")
    processes = list(errands.processes_of(row.id))
    agency = identity.organisation(row.agency_id or 0)
    return {
        **_brief(row, errands.standing_of(processes)),
        "agency": agency.uscc if agency else "",
        "begun_by": row.start.kind,
        "items": [shown(actor, task, None) for task in tasks],
        "steps": [_step(place) for found in progress_of_each(processes).values() for place in found.places],
        "history": [_happened(each) for each in errands.happened(row)],
    }


@router.get(
    "/handling/errands/{token}/officials", response=Colleagues, auth=HANDLES, summary=_("Read whom to ask of an errand")
)
def list_officials_of_errand(request: HttpRequest, token: str) -> dict[str, Any]:
    """The officials of the errand's agency: whom to ask, to whom to send copies."""
    return serving(_errand(actor_of(request), token).agency_id or 0)


@router.get(
    "/handling/errands/{token}/copies", response=CopiesSent, auth=HANDLES, summary=_("List the copies of an errand")
)
def list_copies_of_errand(request: HttpRequest, token: str) -> dict[str, Any]:
    """Every copy of the errand, those taken back among them."""
    actor = actor_of(request)
    return sent(actor, ERRAND, _errand(actor, token).id)


@router.post(
    "/handling/errands/{token}/copies",
    response=Given,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Send copies of an errand"),
)
def send_copies_of_errand(request: HttpRequest, token: str, payload: Copying) -> Status[dict[str, Any]]:
    """Bring the errand to colleagues' notice (抄送): they may read it until the copy is taken back."""
    actor = actor_of(request)
    row = _errand(actor, token)

    def act() -> dict[str, Any]:
        with faults_within(""):
            to = [colleague(each)[0] for each in payload.to]
            about = (ERRAND, row.id)
            return {"given": together.send_copies(by=actor, about=about, account_ids=to, words=payload.words)}

    return once(request, 200, act)


@router.post(
    "/handling/errands/{token}/urging",
    response=ErrandStanding,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Urge an errand"),
)
def urge_errand(request: HttpRequest, token: str, payload: Urging) -> Status[dict[str, Any]]:
    """Urge whoever has its first waiting task (催办), as one who has acted on it or supervises; 409 says when again."""

    def verb(actor: Actor, number: int) -> None:
        task = work.open_task(ERRAND, number)
        if task is None:
            raise Conflict("errands.nothing_waits", gettext_lazy("Nothing of this errand waits now."))
        together.urge_task(by=actor, task_id=task.id, words=payload.words)

    return _act(request, token, verb)


@router.post(
    "/handling/errands/{token}/halt",
    response=ErrandStanding,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Halt an errand"),
)
def halt_errand(request: HttpRequest, token: str, payload: Reason) -> Status[dict[str, Any]]:
    """Have nothing be done on the errand until it goes on (挂起). 422 where it is halted already."""
    return _act(
        request,
        token,
        lambda actor, number: together.halt(by=actor, about=(ERRAND, number), reason=payload.reason),
    )


@router.post(
    "/handling/errands/{token}/continuation",
    response=ErrandStanding,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Have an errand go on"),
)
def continue_errand(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Have a halted errand go on (恢复). 422 where it is not halted."""
    return _act(request, token, lambda actor, number: together.go_on(by=actor, about=(ERRAND, number)))


@router.post(
    "/handling/errands/{token}/termination",
    response=ErrandStanding,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Terminate an errand"),
)
def end_errand(request: HttpRequest, token: str, payload: Reason) -> Status[dict[str, Any]]:
    """End an errand that has lost its object, with `errand.terminate` there: what is open of it is taken away."""
    return _act(
        request,
        token,
        lambda actor, number: terminate_errand(by=actor, errand_id=number, reason=payload.reason),
    )


def _act(request: HttpRequest, token: str, verb: Callable[[Actor, int], None]) -> Status[dict[str, Any]]:
    """Do one verb on an errand, once a key; answers how it stands."""
    actor = actor_of(request)
    row = _errand(actor, token)

    def act() -> dict[str, Any]:
        with faults_within(""):
            verb(actor, row.id)
        return _standing(row)

    return once(request, 200, act)


def _errand(actor: Actor, token: str) -> Any:
    return errands.errand_for(actor, numbered(ERRAND, token))


def _agency(code: str) -> int | None:
    """The authority of a credit code, 0 where there is none; None without a code."""
    found = identity.organisation_by_uscc(code) if code else None
    return (found.id if found else 0) if code else None


def _brief(row: Any, standing: Any) -> dict[str, Any]:
    return {
        "errand": number_name(ERRAND, row.id),
        "title": (drawing.english() and row.title_en) or row.title,
        **{name: getattr(standing, name) for name in ("state", "halted", "ended_at")},
        **{name: getattr(row, name) for name in ("opened_at", "red_on")},
    }


def _step(place: Place) -> dict[str, Any]:
    return {
        "name": (drawing.english() and place.name_en) or place.name,
        "by": place.who,
        **{each: getattr(place, each) for each in ("element", "state", "wait", "due", "role", "outcome")},
        **{each: getattr(place, each) for each in ("since", "until")},
    }


def _standing(row: Any) -> dict[str, Any]:
    found = errands.standings([row.id])[row.id]
    return {"errand": number_name(ERRAND, row.id), "state": found.state, "halted": found.halted}


def _happened(entry: Any) -> dict[str, Any]:
    told = entry.payload or {}
    english = drawing.english()
    return {
        "type": entry.type,
        "at": entry.recorded_at,
        "by": entry.actor_name,
        "to": str(told.get("to") or ""),
        "step": str((english and told.get("step_en")) or told.get("step") or ""),
        "outcome": str(told.get("outcome") or ""),
        "words": entry.reason,
    }
