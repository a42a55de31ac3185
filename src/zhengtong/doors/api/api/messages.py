"""Messages and signals from outside: to the processes of a case or an errand, to what begins by them, to all."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api.callers import SENDS, actor_of
from zhengtong.doors.api.api.naming import number_name, numbered
from zhengtong.doors.api.api.problems import faults_within
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services as handling
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import messages

router = Router(tags=["messages"])
CASE, ERRAND, MESSAGE = "case", "errand", "message"
MOST = 100


class Signalling(Schema):
    """The name of a signal, and the values that come with it: never personal data."""

    name: str = Field(min_length=1, max_length=200)
    data: dict[str, Any] = Field({}, max_length=MOST)


class Messaging(Signalling):
    """A message, and the case or errand it is about; about neither it begins the process that begins by it."""

    case: str = Field("", max_length=64)
    errand: str = Field("", max_length=64)


class Sent(Schema):
    """What was taken on; `message` names it for `/messages/{token}`."""

    message: str


class MessageShown(Sent):
    """What became of it.

    `state`: `waiting` (on its way), `kept` (until somebody awaits it), `failing` (tried again), `delivered`, and of a
    signal `over`. `case` or `errand` is what the process that took it is about, as far as one may know it.
    """

    kind: str
    name: str
    state: str
    sent_at: dt.datetime
    case: str | None
    errand: str | None


@router.post("/messages", response={202: Sent}, auth=SENDS, openapi_extra=KEYED, summary=_("Send a message"))
def send_message(request: HttpRequest, payload: Messaging) -> Status[dict[str, Any]]:
    """Bring a message in; it is delivered at once after, or kept while nobody awaits it."""
    actor = actor_of(request)
    case_id = cases.case_by_token(actor, payload.case).id if payload.case else None
    errand_id = numbered(ERRAND, payload.errand) if payload.errand else None
    if case_id is not None and errand_id is not None:
        sentence = str(gettext_lazy("A message is about a case or about an errand."))
        raise Invalid("workflow.message_about", sentence, [("/errand", "workflow.message_about", sentence)])
    name, data = payload.name, payload.data

    def act() -> dict[str, Any]:
        with faults_within(""):
            if case_id is not None:
                number = handling.send_to_case(by=actor, case_id=case_id, name=name, data=data)
            elif errand_id is not None:
                number = workflow.bring_to_errand(by=actor, errand_id=errand_id, name=name, data=data)
            else:
                number = workflow.bring_message(by=actor, name=name, data=data)
        return {"message": number_name(MESSAGE, number)}

    return once(request, 202, act)


@router.post("/signals", response={202: Sent}, auth=SENDS, openapi_extra=KEYED, summary=_("Broadcast a signal"))
def broadcast_signal(request: HttpRequest, payload: Signalling) -> Status[dict[str, Any]]:
    """Broadcast it to every process that awaits it now and all that begin by it; nobody may."""
    actor = actor_of(request)

    def act() -> dict[str, Any]:
        with faults_within(""):
            number = workflow.bring_signal(by=actor, name=payload.name, data=payload.data)
        return {"message": number_name(MESSAGE, number)}

    return once(request, 202, act)


@router.get("/messages/{token}", response=MessageShown, auth=SENDS, summary=_("Read what became of a message"))
def read_message(request: HttpRequest, token: str) -> dict[str, Any]:
    """One message or signal that one sent oneself."""
    actor = actor_of(request)
    found = messages.brought(actor, numbered(MESSAGE, token))
    return {
        "message": token,
        **{name: getattr(found, name) for name in ("kind", "name", "state", "sent_at")},
        **_about(actor, found.about),
    }


def _about(actor: Actor, about: tuple[str, int] | None) -> dict[str, str | None]:
    kind, number = about or ("", 0)
    face = cases.faces(actor, [number]).get(number) if kind == CASE else None
    return {"case": face["token"] if face else None, "errand": number_name(ERRAND, number) if kind == ERRAND else None}
