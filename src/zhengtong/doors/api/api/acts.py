"""What officials do with a task beside completing it: send it back, ask colleagues about it, answer what they ask."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.callers import HANDLES, actor_of
from zhengtong.doors.api.api.naming import colleague, name_of, task_named
from zhengtong.doors.api.api.problems import faults_within
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.matters.cases import services as handling
from zhengtong.matters.workflow import queries as work
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.services.looking_back import followers, targets

router = Router(tags=["handling"])


class Target(Schema):
    """A step done before: its element, by whom and when; `direct`: it can come straight back from there."""

    to: str
    name: str
    stage: str
    by: str
    at: dt.datetime | None
    direct: bool


class Targets(Schema):
    """The latest done first; the law may still forbid one (409 `cases.no_way_back`)."""

    items: list[Target]


class SendingBack(Schema):
    """`to` is one of the task's targets; with `direct` nothing is undone and it comes straight back.

    Empty stands for the applicant, to whom only the law sends a case back, and of whom an errand has none (409).
    """

    to: str = Field(max_length=200)
    reason: str = Field(max_length=2000)
    direct: bool = False


class Asking(Schema):
    """Whom to ask (tokens of officials of the case's authority, or of the task's colleagues), and what.

    `before`: they answer first; `delegated`: one does it and gives it back; `alongside`: they become more of several
    who sign; `after`: they sign one after another once the task is done. The last two need the post of the step.
    """

    to: list[str] = Field(max_length=50)
    reason: str = Field(max_length=2000)
    way: Literal["before", "after", "alongside", "delegated"] = "before"


class Question(Schema):
    """Who was asked about a task, how, and what he is asked or has said; `token` is his task."""

    token: str
    name: str
    way: str
    state: str
    words: str
    at: dt.datetime


class Questions(Schema):
    """In the order in which they were asked; `following` are named to sign after the task, their turn yet to come."""

    items: list[Question]
    following: list[str]


class Opinion(Schema):
    """What one says when asked."""

    words: str = Field(max_length=2000)


class ActWithdrawal(Schema):
    """Why it is taken back; colleagues read it in the history."""

    reason: str = Field(max_length=2000)


class Withdrawn(Schema):
    """The task that was done, and the one that stands in its place."""

    task: str
    new_task: str


class TaskStanding(Schema):
    """How the task stands after the act; `held` while others are asked."""

    task: str
    state: str
    held: bool


@router.get("/tasks/{token}/targets", response=Targets, auth=HANDLES, summary=_("Read to where a task can go back"))
def list_targets(request: HttpRequest, token: str) -> dict[str, Any]:
    """The steps to which the holder of the task can send it back; empty where it is not one's to do."""
    actor = actor_of(request)
    task = task_named(actor, token)
    found = targets(task) if work.in_reach(actor, task) else []
    english = drawing.english()
    return {
        "items": [
            {
                "to": each.element,
                "name": (english and each.name_en) or each.name,
                **{name: getattr(each, name) for name in ("stage", "by", "at", "direct")},
            }
            for each in found
        ]
    }


@router.post(
    "/tasks/{token}/send-back", response=TaskStanding, auth=HANDLES, openapi_extra=KEYED, summary=_("Send a task back")
)
def send_back(request: HttpRequest, token: str, payload: SendingBack) -> Status[dict[str, Any]]:
    """Send the work back to a step done before (退回), with `direct` straight back (退回后直达)."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        with faults_within(""):
            handling.send_back_task(
                by=actor, task_id=task.id, to=payload.to, reason=payload.reason, direct=payload.direct
            )
        return _standing(token, task.id)

    return once(request, 200, act)


@router.post(
    "/tasks/{token}/asking", response=TaskStanding, auth=HANDLES, openapi_extra=KEYED, summary=_("Ask colleagues")
)
def ask_colleagues(request: HttpRequest, token: str, payload: Asking) -> Status[dict[str, Any]]:
    """Ask colleagues about the task (加签 before, alongside or after it), or have one do it (委派)."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        accounts = [colleague(each)[0] for each in payload.to]
        with faults_within(""):
            handling.ask_colleagues(
                by=actor,
                task_id=task.id,
                account_ids=accounts,
                reason=payload.reason,
                way=Asked(payload.way),
            )
        return _standing(token, task.id)

    return once(request, 200, act)


@router.get("/tasks/{token}/asked", response=Questions, auth=HANDLES, summary=_("Read who was asked about a task"))
def list_asked(request: HttpRequest, token: str) -> dict[str, Any]:
    """Who was asked about the task, waits for it or signs after it, and what they said."""
    task = task_named(actor_of(request), token)
    named = followers(task) if task.state in work.WAITING else {}
    found = work.tasks_of(task.subject_kind, task.subject_id).filter(asker_id=task.id, who_id__isnull=False)
    return {
        "following": [name for names in named.values() for name in names],
        "items": [
            {
                "token": name_of(each.id),
                "name": each.holder,
                "way": each.asked,
                "state": each.state,
                "words": each.words or "",
                "at": each.completed_at or each.created_at,
            }
            for each in found
        ],
    }


@router.post(
    "/tasks/{token}/removal",
    response=TaskStanding,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Ask no longer"),
)
def ask_no_longer(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Take away somebody whom one has asked and who has not answered (减签): `token` is his task, as `asked` tells."""
    return _fewer(request, token, handling.ask_no_longer)


@router.post(
    "/tasks/{token}/following/removal",
    response=TaskStanding,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Have nobody sign after it"),
)
def name_no_longer(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Take away all whom one has named to sign after one's own task (减签), before their turn has come."""
    return _fewer(request, token, handling.name_no_longer)


def _fewer(request: HttpRequest, token: str, verb: Callable[..., None]) -> Status[dict[str, Any]]:
    """Take signers away by one verb on a task, once a key."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        verb(by=actor, task_id=task.id)
        return _standing(token, task.id)

    return once(request, 200, act)


@router.post(
    "/tasks/{token}/opinion", response=TaskStanding, auth=HANDLES, openapi_extra=KEYED, summary=_("Answer a colleague")
)
def give_opinion(request: HttpRequest, token: str, payload: Opinion) -> Status[dict[str, Any]]:
    """Say what one was asked to say, in person."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        handling.give_opinion(by=actor, task_id=task.id, words=payload.words)
        return _standing(token, task.id)

    return once(request, 200, act)


@router.post(
    "/tasks/{token}/withdrawal", response=Withdrawn, auth=HANDLES, openapi_extra=KEYED, summary=_("Take back an act")
)
def withdraw_act(request: HttpRequest, token: str, payload: ActWithdrawal) -> Status[dict[str, Any]]:
    """Take back what one did or said (撤回), as long as nobody acted after it; the task stays done, and a new one in
    its place is in one's hand. 422 `bpmn.withdraw_late`, 409 `cases.act_stands` where it has taken effect."""
    actor = actor_of(request)
    task = task_named(actor, token)

    def act() -> dict[str, Any]:
        with faults_within(""):
            new = handling.withdraw_act(by=actor, task_id=task.id, reason=payload.reason)
        return {"task": token, "new_task": name_of(new)}

    return once(request, 200, act)


def _standing(token: str, task_id: int) -> dict[str, Any]:
    task = work.task(task_id)
    return {"task": token, "state": task.state, "held": task.held}
