"""What an ad-hoc sub-process of a case offers to start (即席子流程)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.callers import HANDLES, actor_of
from zhengtong.doors.api.api.naming import number_name, numbered
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.foundation.policy import may
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services as handling
from zhengtong.matters.workflow.services import offers

router = Router(tags=["handling"])
OFFER = "offer"


class Activity(Schema):
    """What may be started, as often as people like; `activity` names it."""

    activity: str
    name: str


class Offer(Schema):
    """What may be started at one place of the process; `may_end`: one may say that nothing more is needed."""

    token: str
    name: str
    activities: list[Activity]
    may_end: bool


class Offers(Schema):
    """Those that are of a post one holds."""

    items: list[Offer]


class Start(Schema):
    """One of the activities on offer."""

    activity: str = Field(min_length=1, max_length=200)


class Offered(Schema):
    """The offer that was acted on."""

    offer: str


@router.get("/handling/cases/{token}/offers", response=Offers, auth=HANDLES, summary=_("Read what may be started"))
def list_offers(request: HttpRequest, token: str) -> dict[str, Any]:
    """What the case's process offers to start now, to whom may start it."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)
    found = offers(case.process_id) if case.process_id is not None and case.closed_at is None else []
    english = drawing.english()
    return {
        "items": [
            {
                "token": number_name(OFFER, each.number),
                "name": (english and each.name_en) or each.name,
                "activities": [
                    {"activity": one.element, "name": (english and one.name_en) or one.name} for one in each.activities
                ],
                "may_end": each.may_end,
            }
            for each in found
            if each.role and may(actor, f"task.{each.role}", case)
        ]
    }


@router.post(
    "/handling/cases/{token}/offers/{offer}/start",
    response=Offered,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Start an activity"),
)
def start_activity(request: HttpRequest, token: str, offer: str, payload: Start) -> Status[dict[str, Any]]:
    """Start one of the activities on offer; 409 where nothing is on offer there any more, 422 where this one is not."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        number = numbered(OFFER, offer)
        handling.start_activity(by=actor, case_id=case.id, number=number, element=payload.activity)
        return {"offer": offer}

    return once(request, 200, act)


@router.post(
    "/handling/cases/{token}/offers/{offer}/ending",
    response=Offered,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Say that nothing more is needed"),
)
def end_activities(request: HttpRequest, token: str, offer: str) -> Status[dict[str, Any]]:
    """Have the case go on without more of what is on offer; 422 where a condition says when that is."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        handling.end_activities(by=actor, case_id=case.id, number=numbered(OFFER, offer))
        return {"offer": offer}

    return once(request, 200, act)
