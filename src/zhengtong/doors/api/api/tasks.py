"""Officials' work: the inbox, taking, releasing and completing tasks, the cases of one's authority, its head's acts."""

import datetime as dt
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.callers import HANDLES, actor_of
from zhengtong.doors.api.api.naming import colleague, colleague_name, name_of, number_name, task_named
from zhengtong.doors.api.api.pages import Cursor, Page, Size, page_of, place_of
from zhengtong.doors.api.api.problems import faults_within
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services as handling
from zhengtong.matters.cases.choices import State
from zhengtong.matters.workflow import queries as work
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.registry import ROLES
from zhengtong.people.identity import queries as identity

router = Router(tags=["handling"])
IN_HAND = (State.RECEIVED, State.CORRECTION, State.ACCEPTED, State.REVIEWING, State.SUSPENDED, State.DECIDING)
CASE, ERRAND = "case", "errand"
OneState = Annotated[State | None, Query(description="one state; without it, the cases in hand")]


class Task(Schema):
    """Work for somebody. `outcomes` are what it may be completed with; `case` is null where it may not be read.

    `errand` names the errand it belongs to, null for a task of a case; `held`: it waits for others who were asked;
    `words`: what one was asked, or why it was sent back.
    """

    token: str
    case: str | None
    errand: str | None
    reference: str
    title: str
    applicant: str
    name: str
    role: str
    stage: str
    outcomes: list[str]
    state: str
    holder: str
    mine: bool
    light: str
    red_on: dt.date
    created_at: dt.datetime
    urges: int
    held: bool
    words: str


class Tasks(Schema):
    """The waiting tasks of one case that are one's own to do."""

    items: list[Task]


class Completion(Schema):
    """`outcome` is one of the task's; `entry` holds what it asks for (docs/reference/api.md)."""

    outcome: str = Field(min_length=1, max_length=32)
    entry: dict[str, Any] = Field({}, max_length=40)


class Reason(Schema):
    """Why; the applicant is told."""

    reason: str = Field(max_length=2000)


class Colleague(Schema):
    """To whom a task may be handed on: `token` names him and the post in which he would do it."""

    token: str
    name: str
    post: str


class Colleagues(Schema):
    """By name; empty where the task is not one's to hand on."""

    items: list[Colleague]


class Transfer(Schema):
    """To whom (a token of the task's colleagues), and why; colleagues read it in the history."""

    to: str = Field(min_length=1, max_length=120)
    reason: str = Field(max_length=2000)


class Urging(Schema):
    """What to say to whoever has the task; may be empty."""

    words: str = Field("", max_length=2000)


class Taken(Schema):
    """How a task stands after the act."""

    task: str
    state: str


class Completed(Schema):
    """How the case stands after the act; null where one may not read it, and for an errand's task."""

    case: str | None
    state: str | None


@router.get("/tasks", response=Page[Task], auth=HANDLES, summary=_("Read the inbox"))
def list_tasks(
    request: HttpRequest, cursor: Cursor, size: Size, role: str = Query("", max_length=24)
) -> dict[str, Any]:
    """The tasks that wait for the roles one holds, the most urgent first: by the day they turn red, then by age."""
    actor = actor_of(request)
    place = place_of(request, cursor)
    after = (dt.date.fromisoformat(place[0]), place[1]) if place else None
    roles = [role] if role in ROLES else [] if role else list(ROLES)
    rows = work.inbox(work.queues_of(actor, roles), after=after, limit=size + 1)
    faces = cases.faces(actor, {task.subject_id for task in rows if task.subject_kind == CASE})
    return page_of(
        request,
        rows,
        size,
        lambda task: [task.red_on.isoformat(), task.id],
        lambda task: shown(actor, task, faces.get(task.subject_id)),
    )


@router.get("/tasks/{token}", response=Task, auth=HANDLES, summary=_("Read a task"))
def read_task(request: HttpRequest, token: str) -> dict[str, Any]:
    """One task, waiting or done, of a role one holds."""
    actor = actor_of(request)
    task = task_named(actor, token)
    return shown(actor, task, cases.faces(actor, [task.subject_id]).get(task.subject_id))


@router.get("/cases/{token}/tasks", response=Tasks, auth=HANDLES, summary=_("Read what a case waits for"))
def list_tasks_of_case(request: HttpRequest, token: str) -> dict[str, Any]:
    """The tasks of a case that wait for a role one holds."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)
    rows = work.visible_to(actor).filter(subject_kind=CASE, subject_id=case.id, state__in=work.WAITING).order_by("id")
    return {"items": [shown(actor, task, {"token": case.token}) for task in rows]}


@router.post("/tasks/{token}/take", response=Taken, auth=HANDLES, openapi_extra=KEYED, summary=_("Take a task in hand"))
def take_task(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Take it; 409 names who was faster. Taking the review of an accepted case starts the review."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        handling.take_task(by=actor, task_id=task.id)
        return {"task": token, "state": TaskState.CLAIMED.value}

    return once(request, 200, act)


@router.post("/tasks/{token}/release", response=Taken, auth=HANDLES, openapi_extra=KEYED, summary=_("Put a task back"))
def release_task(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Put a task in one's hand back into the queue."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        write(lambda: workflow.release(by=actor, task=task))
        return {"task": token, "state": TaskState.OPEN.value}

    return once(request, 200, act)


@router.get("/tasks/{token}/colleagues", response=Colleagues, auth=HANDLES, summary=_("Read whom a task may go to"))
def list_colleagues(request: HttpRequest, token: str) -> dict[str, Any]:
    """The officials to whom one may hand the task on."""
    actor = actor_of(request)
    found = work.colleagues(actor, task_named(actor, token))
    return {
        "items": [
            {"token": colleague_name(each.account_id, each.capacity), "name": each.name, "post": each.post}
            for each in found
        ]
    }


@router.post("/tasks/{token}/transfer", response=Taken, auth=HANDLES, openapi_extra=KEYED, summary=_("Hand a task on"))
def transfer_task(request: HttpRequest, token: str, payload: Transfer) -> Status[dict[str, Any]]:
    """Put the task into a colleague's hand (转办); 409 names who was faster, or says that he lacks the post."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        account_id, capacity = colleague(payload.to)
        with faults_within(""):
            handling.transfer_task(
                by=actor, task_id=task.id, account_id=account_id, capacity=capacity, reason=payload.reason
            )
        return {"task": token, "state": TaskState.CLAIMED.value}

    return once(request, 200, act)


@router.post(
    "/tasks/{token}/complete", response=Completed, auth=HANDLES, openapi_extra=KEYED, summary=_("Complete a task")
)
def complete_task(request: HttpRequest, token: str, payload: Completion) -> Status[dict[str, Any]]:
    """Complete it with one of its outcomes. Whoever reviewed a case may not decide it; 409 where somebody was faster
    or the life cycle forbids it."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        if task.subject_kind == ERRAND:
            return _complete_errand_task(actor, task.id, payload)
        with faults_within("/entry"):
            case_id = handling.act(by=actor, task_id=task.id, outcome=payload.outcome, entry=payload.entry)
        return _standing(actor, case_id)

    return once(request, 200, act)


@router.get(
    "/handling/cases", response=Page[drawing.CaseBrief], auth=HANDLES, summary=_("List the cases of one's authority")
)
def list_agency_cases(
    request: HttpRequest,
    cursor: Cursor,
    size: Size,
    agency: str = Query("", max_length=18, description="credit code of one authority"),
    state: OneState = None,
) -> dict[str, Any]:
    """The newest cases of the authorities one may read for."""
    place = place_of(request, cursor)
    rows = cases.agency_cases(
        actor_of(request),
        states=[state.value] if state else [each.value for each in IN_HAND],
        condition=_of_agency(agency),
        before=place[0] if place else None,
        limit=size + 1,
    )
    return page_of(request, rows, size, lambda row: [row["id"]], drawing.brief)


@router.post(
    "/cases/{token}/extension", response=Completed, auth=HANDLES, openapi_extra=KEYED, summary=_("Extend the limit")
)
def extend_case(request: HttpRequest, token: str, payload: Reason) -> Status[dict[str, Any]]:
    """Extend the statutory limit once, as head of the authority (行政许可法 第42条)."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        handling.extend_case(by=actor, case_id=case.id, reason=payload.reason)
        return _standing(actor, case.id)

    return once(request, 200, act)


@router.post(
    "/cases/{token}/termination", response=Completed, auth=HANDLES, openapi_extra=KEYED, summary=_("Terminate a case")
)
def terminate_case(request: HttpRequest, token: str, payload: Reason) -> Status[dict[str, Any]]:
    """Terminate: the holder died, the entity dissolved, the object is gone."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        handling.terminate_case(by=actor, case_id=case.id, reason=payload.reason)
        return _standing(actor, case.id)

    return once(request, 200, act)


@router.post(
    "/handling/cases/{token}/urging", response=Completed, auth=HANDLES, openapi_extra=KEYED, summary=_("Urge a case")
)
def urge_case(request: HttpRequest, token: str, payload: Urging) -> Status[dict[str, Any]]:
    """Urge whoever has the case's task (催办), as one who has handled it or supervises; 409 says when again."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        task = work.open_task(CASE, case.id)
        if task is None:
            raise Conflict("cases.nothing_waits", gettext_lazy("Nothing of this case waits in the office now."))
        handling.urge_task(by=actor, task_id=task.id, words=payload.words)
        return _standing(actor, case.id)

    return once(request, 200, act)


def _complete_errand_task(actor: Actor, task_id: int, payload: Completion) -> dict[str, Any]:
    """A task of an errand asks for nothing but an opinion, which may be left out."""
    words = str(payload.entry.get("opinion") or "")
    try:
        workflow.complete_errand_task(by=actor, task_id=task_id, outcome=payload.outcome, words=words)
    except Invalid as refusal:
        place = {"outcome": "/outcome", "reason": "/entry/opinion"}
        refusal.errors = tuple((place[path], code, said) for path, code, said in refusal.errors)
        raise
    return {"case": None, "state": None}


def _of_agency(code: str) -> Q | None:
    if not code:
        return None
    agency = identity.organisation_by_uscc(code)
    return Q(agency_id=agency.id if agency else 0)


def _standing(actor: Actor, case_id: int) -> dict[str, Any]:
    face = cases.faces(actor, [case_id]).get(case_id)
    return {"case": face["token"] if face else None, "state": face["state"] if face else None}


def shown(actor: Actor, task: Any, face: dict[str, Any] | None) -> dict[str, Any]:
    """A task as programs read it; `face` is its case where the actor may read that."""
    english = drawing.english()
    return {
        "token": name_of(task.id),
        "errand": number_name(ERRAND, task.subject_id) if task.subject_kind == ERRAND else None,
        "case": face["token"] if face and task.subject_kind == CASE else None,
        "title": (english and task.title_en) or task.title,
        "applicant": task.label,
        "name": (english and task.name_en) or task.name,
        "holder": task.holder,
        "mine": task.assignee_id is not None and task.assignee_id == actor.account_id,
        "light": work.light_of(clock.today(), task.yellow_on, task.red_on, paused=task.paused),
        **{each: getattr(task, each) for each in ("reference", "role", "stage", "outcomes", "state")},
        **{each: getattr(task, each) for each in ("red_on", "created_at", "urges", "held")},
        "words": task.words or "",
    }
