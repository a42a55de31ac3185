"""What an ad-hoc sub-process of a case or an errand offers to start (即席子流程)."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.callers import HANDLES, actor_of
from zhengtong.doors.api.api.naming import number_name, numbered
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.doors.api.api.tasks import ERRAND
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services as handling
from zhengtong.matters.workflow.queries import errands
from zhengtong.matters.workflow.services import improvise_errand, offer_at, offers
from zhengtong.matters.workflow.services.improvising import Offer as OnOffer

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
    return _shown(actor, case, ((each.number, each) for each in found))


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


@router.get(
    "/handling/errands/{token}/offers",
    response=Offers,
    auth=HANDLES,
    summary=_("Read what may be started of an errand"),
)
def list_offers_of_errand(request: HttpRequest, token: str) -> dict[str, Any]:
    """What the errand's processes offer to start now, to whom may start it; a copy lets one read, and start nothing."""
    actor = actor_of(request)
    row = errands.errand_for(actor, numbered(ERRAND, token))
    found = ((task.id, offer_at(task)) for task in errands.offered(row.id))
    return _shown(actor, row, ((number, each) for number, each in found if each is not None))


@router.post(
    "/handling/errands/{token}/offers/{offer}/start",
    response=Offered,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Start an activity of an errand"),
)
def start_activity_of_errand(request: HttpRequest, token: str, offer: str, payload: Start) -> Status[dict[str, Any]]:
    """Start one of the activities on offer; 409 where nothing is on offer there any more, 422 where this one is not."""
    return _improvise(request, token, offer, payload.activity)


@router.post(
    "/handling/errands/{token}/offers/{offer}/ending",
    response=Offered,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("Say that nothing more is needed of an errand"),
)
def end_activities_of_errand(request: HttpRequest, token: str, offer: str) -> Status[dict[str, Any]]:
    """Have the errand go on without more of what is on offer; 422 where a condition says when that is."""
    return _improvise(request, token, offer, "")


def _improvise(request: HttpRequest, token: str, offer: str, element: str) -> Status[dict[str, Any]]:
    """Start an activity of an errand, or none more where `element` is empty, once a key."""
    actor = actor_of(request)
    row = errands.errand_for(actor, numbered(ERRAND, token))

    def act() -> dict[str, Any]:
        improvise_errand(by=actor, errand_id=row.id, task_id=numbered(OFFER, offer), element=element)
        return {"offer": offer}

    return once(request, 200, act)


def _shown(actor: Actor, matter: Any, found: Iterable[tuple[int, OnOffer]]) -> dict[str, Any]:
    """Offers by the number under which each is told, as far as the actor may start something there."""
    english = drawing.english()
    return {
        "items": [
            {
                "token": number_name(OFFER, number),
                "name": (english and each.name_en) or each.name,
                "activities": [
                    {"activity": one.element, "name": (english and one.name_en) or one.name} for one in each.activities
                ],
                "may_end": each.may_end,
            }
            for number, each in found
            if each.role and may(actor, f"task.{each.role}", matter)
        ]
    }
