"""Handling a case together: who serves there, copies (抄送), halting it (挂起) and having it go on (恢复)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.callers import HANDLES, actor_of
from zhengtong.doors.api.api.naming import colleague, colleague_name, number_name, numbered
from zhengtong.doors.api.api.pages import Cursor, Page, Size, page_of, place_of
from zhengtong.doors.api.api.problems import faults_within
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.doors.api.api.tasks import Colleagues, Reason
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services as handling
from zhengtong.matters.cases.queries.following import brought_tokens
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import copies
from zhengtong.people.identity import queries as identity

router = Router(tags=["handling"])
CASE, COPY = "case", "copy"


class Copying(Schema):
    """To whom (tokens of the case's officials), and what they should know; the words may be empty."""

    to: list[str] = Field(max_length=50)
    words: str = Field("", max_length=2000)


class Given(Schema):
    """How many copies are new; who has one that stands keeps that one."""

    given: int


class CopyToMe(Schema):
    """A copy one was sent: of which case or errand, by whom, what for, and when it was read."""

    token: str
    case: str | None
    errand: str | None
    reference: str
    title: str
    applicant: str
    giver: str
    words: str
    given_at: dt.datetime
    read_at: dt.datetime | None


class CopySent(Schema):
    """A copy of a case: by whom to whom, whether read, whether taken back; `mine`: sent by oneself."""

    token: str
    giver: str
    reader: str
    given_at: dt.datetime
    read_at: dt.datetime | None
    taken_back_at: dt.datetime | None
    mine: bool


class CopiesSent(Schema):
    """In the order in which they were sent."""

    items: list[CopySent]


class Marked(Schema):
    """The copy that was acted on."""

    token: str


class Halted(Schema):
    """Whether nothing can be done on the case now."""

    case: str
    halted: bool


@router.get(
    "/handling/cases/{token}/officials",
    response=Colleagues,
    auth=HANDLES,
    summary=_("Read whom to ask"),
)
def list_officials(request: HttpRequest, token: str) -> dict[str, Any]:
    """The officials of the case's authority: whom to ask, to whom to send copies."""
    return serving(cases.case_by_token(actor_of(request), token).agency_id)


def serving(agency_id: int) -> dict[str, Any]:
    """Each official of an agency once, with a post of his."""
    once_each = {account.pk: (account, post) for account, post in identity.officials_at(agency_id)}
    return {
        "items": [
            {
                "token": colleague_name(key),
                "name": account.person.name if account.person else account.username,
                "post": post.name if post else "",
            }
            for key, (account, post) in once_each.items()
        ]
    }


@router.post(
    "/handling/cases/{token}/copies", response=Given, auth=HANDLES, openapi_extra=KEYED, summary=_("Send copies")
)
def send_copies(request: HttpRequest, token: str, payload: Copying) -> Status[dict[str, Any]]:
    """Bring the case to colleagues' notice (抄送): they may read it until the copy is taken back."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        with faults_within(""):
            to = [colleague(each)[0] for each in payload.to]
            return {"given": handling.send_copies(by=actor, case_id=case.id, account_ids=to, words=payload.words)}

    return once(request, 200, act)


@router.get("/handling/cases/{token}/copies", response=CopiesSent, auth=HANDLES, summary=_("List the copies of a case"))
def list_copies_of_case(request: HttpRequest, token: str) -> dict[str, Any]:
    """Every copy of the case, those taken back among them."""
    actor = actor_of(request)
    return sent(actor, CASE, cases.case_by_token(actor, token).id)


def sent(actor: Actor, kind: str, number: int) -> dict[str, Any]:
    """Every copy of a matter."""
    return {
        "items": [
            {
                "token": number_name(COPY, each.id),
                "giver": each.giver_name,
                "reader": each.name,
                "mine": each.giver_id == actor.account_id,
                **{name: getattr(each, name) for name in ("given_at", "read_at", "taken_back_at")},
            }
            for each in copies.copies_of(kind, number)
        ]
    }


@router.get("/handling/copies", response=Page[CopyToMe], auth=HANDLES, summary=_("List the copies one was sent"))
def list_copies(request: HttpRequest, cursor: Cursor, size: Size) -> dict[str, Any]:
    """The copies that stand, newest first."""
    actor, place = actor_of(request), place_of(request, cursor)
    rows = copies.copies_for(actor)
    found = list((rows.filter(id__lt=place[0]) if place else rows)[: size + 1])
    tokens = brought_tokens(actor, [each.subject_id for each in found if each.subject_kind == CASE])
    return page_of(request, found, size, lambda each: [each.id], lambda each: _shown(each, tokens.get(each.subject_id)))


@router.post(
    "/handling/copies/{token}/reading",
    response=Marked,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Mark it as read"),
)
def read_copy(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Say that one has read a copy; who sent it sees when."""
    return _mark(request, token, workflow.read_copy)


@router.post(
    "/handling/copies/{token}/taking-back",
    response=Marked,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Take a copy back"),
)
def take_back_copy(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Take a copy back that one has sent: it lets nobody read the case any more."""
    return _mark(request, token, workflow.take_back_copy)


def _mark(request: HttpRequest, token: str, verb: Callable[..., None]) -> Status[dict[str, Any]]:
    """Do one verb on a copy, once a key."""
    actor = actor_of(request)

    def act() -> dict[str, Any]:
        verb(by=actor, copy_id=numbered(COPY, token))
        return {"token": token}

    return once(request, 200, act)


@router.post("/cases/{token}/halt", response=Halted, auth=HANDLES, openapi_extra=KEYED, summary=_("Halt a case"))
def halt_case(request: HttpRequest, token: str, payload: Reason) -> Status[dict[str, Any]]:
    """Have nothing be done on the case until it goes on (挂起); its limits run on. 422 where it is halted already."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        with faults_within(""):
            handling.halt_case(by=actor, case_id=case.id, reason=payload.reason)
        return {"case": token, "halted": True}

    return once(request, 200, act)


@router.post(
    "/cases/{token}/continuation", response=Halted, auth=HANDLES, openapi_extra=KEYED, summary=_("Have a case go on")
)
def continue_case(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Have a halted case go on (恢复); what fell due meanwhile happens now. 422 where it is not halted."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        handling.continue_case(by=actor, case_id=case.id)
        return {"case": token, "halted": False}

    return once(request, 200, act)


def _shown(each: Any, case: str | None) -> dict[str, Any]:
    return {
        "token": number_name(COPY, each.id),
        "case": case,
        "errand": number_name(each.subject_kind, each.subject_id) if case is None else None,
        "reference": each.reference,
        "title": (drawing.english() and each.title_en) or each.title,
        "applicant": each.label,
        "giver": each.giver_name,
        "words": each.words or "",
        "given_at": each.given_at,
        "read_at": each.read_at,
    }
