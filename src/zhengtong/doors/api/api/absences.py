"""Absence and substitution (代理): who is away, who does his tasks meanwhile."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api.callers import HANDLES, actor_of
from zhengtong.doors.api.api.naming import colleague, colleague_name, number_name, numbered
from zhengtong.doors.api.api.pages import Cursor, Page, Size, page_of, place_of
from zhengtong.doors.api.api.problems import faults_within
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.doors.api.api.tasks import Colleagues
from zhengtong.foundation.core import clock
from zhengtong.people.access import services
from zhengtong.people.access.queries.absences import visible_absences
from zhengtong.people.identity import queries as identity

router = Router(tags=["handling"])
ABSENCE = "absence"


class Absence(Schema):
    """Somebody is away from the first day to the last; `state` is coming, now or over."""

    token: str
    absent: str
    substitute: str
    begins_on: dt.date
    ends_on: dt.date
    reason: str
    state: str


class Entering(Schema):
    """Who stands in (`to`) and who is away (`who`, oneself where empty), by tokens of the colleagues; both days
    included."""

    to: str = Field(min_length=1, max_length=120)
    who: str = Field("", max_length=120)
    begins_on: dt.date
    ends_on: dt.date
    reason: str = Field("", max_length=2000)


class Entered(Schema):
    """The absence that was acted on."""

    absence: str


@router.get(
    "/handling/colleagues", response=Colleagues, auth=HANDLES, summary=_("Read who serves at one’s organisation")
)
def list_own_colleagues(request: HttpRequest) -> dict[str, Any]:
    """The officials of the organisation for which one acts, oneself among them: who can stand in for whom."""
    actor = actor_of(request)
    serving = identity.officials_at(actor.organisation_id) if actor.organisation_id is not None else []
    once_each = {account.pk: (account, post) for account, post in serving}
    return {
        "items": [
            {"token": colleague_name(key), "name": _name(account), "post": post.name if post else ""}
            for key, (account, post) in once_each.items()
        ]
    }


@router.get("/handling/absences", response=Page[Absence], auth=HANDLES, summary=_("List absences"))
def list_absences(request: HttpRequest, cursor: Cursor, size: Size) -> dict[str, Any]:
    """One's own absences, those in which one stands in, and those one administers; newest first."""
    place = place_of(request, cursor)
    rows = visible_absences(actor_of(request))
    found = list((rows.filter(id__lt=place[0]) if place else rows)[: size + 1])
    return page_of(request, found, size, lambda each: [each.pk], _shown)


@router.post(
    "/handling/absences", response={201: Entered}, auth=HANDLES, openapi_extra=KEYED, summary=_("Enter an absence")
)
def enter_absence(request: HttpRequest, payload: Entering) -> Status[dict[str, Any]]:
    """Say that one is away, or with `absence.manage` that a colleague is; the substitute does his tasks meanwhile."""
    actor = actor_of(request)

    def act() -> dict[str, Any]:
        with faults_within(""):
            row = services.enter_absence(
                by=actor,
                account_id=colleague(payload.who)[0] if payload.who else actor.account_id or 0,
                organisation_id=actor.organisation_id or 0,
                substitute_id=colleague(payload.to)[0],
                begins_on=payload.begins_on,
                ends_on=payload.ends_on,
                reason=payload.reason,
            )
        return {"absence": number_name(ABSENCE, row.pk)}

    return once(request, 201, act)


@router.post(
    "/handling/absences/{token}/ending",
    response=Entered,
    auth=HANDLES,
    openapi_extra=KEYED,
    summary=_("End an absence"),
)
def end_absence(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """End an absence now, before its time; the tasks are with whose they were."""
    actor = actor_of(request)

    def act() -> dict[str, Any]:
        services.end_absence(by=actor, absence_id=numbered(ABSENCE, token))
        return {"absence": token}

    return once(request, 200, act)


def _shown(each: Any) -> dict[str, Any]:
    over = each.ended_at is not None or each.ends_on < clock.today()
    return {
        "token": number_name(ABSENCE, each.pk),
        "absent": _name(each.account),
        "substitute": _name(each.substitute),
        "state": "over" if over else "now" if each.begins_on <= clock.today() else "coming",
        **{name: getattr(each, name) for name in ("begins_on", "ends_on", "reason")},
    }


def _name(account: Any) -> str:
    return account.person.name if account.person else str(account.username)
