"""Applications being written: kept valid or not, changed by version, filled in from what government knows."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api.callers import APPLIES, READS, actor_of
from zhengtong.doors.api.api.matching import IF_MATCH, version_sent
from zhengtong.doors.api.api.pages import Cursor, Page, Size, page_of, place_of
from zhengtong.doors.api.api.problems import Stale, faults_within
from zhengtong.doors.api.api.repetition import KEYED, key_of, once
from zhengtong.foundation.core.errors import Conflict
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services as handling
from zhengtong.matters.cases.choices import Channel
from zhengtong.matters.catalog import queries as catalog

router = Router(tags=["drafts"])


class DraftNew(Schema):
    """What to begin: the item, and what is known already."""

    item: str = Field(max_length=32)
    situation: dict[str, str] = Field({}, max_length=40)
    answers: dict[str, Any] = Field({}, max_length=500)


class DraftBegun(Schema):
    """A draft just begun."""

    token: str
    item: str
    version: int
    saved_at: dt.datetime


class DraftSaved(Schema):
    """What to keep. `page` is where the applicant was, free to choose."""

    answers: dict[str, Any] = Field(max_length=500)
    page: str = Field("", max_length=40)


class DraftShown(DraftBegun):
    """A draft. `sources` says where answers were taken from; `corrects` is the case it corrects, if any."""

    situation: dict[str, Any]
    answers: dict[str, Any]
    sources: dict[str, Any]
    page: str


class HandedIn(Schema):
    """The case. Keep `query_code`: with `number` it shows the progress to whoever holds both; it is told once."""

    case: str
    number: str
    query_code: str


@router.get("/drafts", response=Page[DraftBegun], auth=READS, summary=_("List drafts"))
def list_drafts(request: HttpRequest, cursor: Cursor, size: Size) -> dict[str, Any]:
    """One's own drafts, last saved first."""
    rows = cases.drafts_of(actor_of(request)).order_by("-saved_at", "-id")
    place = place_of(request, cursor)
    if place is not None:
        at = dt.datetime.fromisoformat(place[0])
        rows = rows.filter(Q(saved_at__lt=at) | Q(saved_at=at, id__lt=place[1]))
    found = list(rows.defer("answers", "sources")[: size + 1])
    return page_of(request, found, size, lambda draft: [draft.saved_at.isoformat(), draft.id], _begun)


@router.post("/drafts", response={201: DraftBegun}, auth=APPLIES, openapi_extra=KEYED, summary=_("Begin a draft"))
def begin_draft(request: HttpRequest, payload: DraftNew) -> Status[dict[str, Any]]:
    """Begin an application in the name of whom the program acts for."""
    actor = actor_of(request)
    item = catalog.item_by_token(actor, payload.item)

    def act() -> dict[str, Any]:
        draft = handling.start_draft(by=actor, item_id=item.id, situation=payload.situation, answers=payload.answers)
        return {
            "token": draft.token,
            "item": item.token,
            "version": draft.version,
            "saved_at": draft.saved_at.isoformat(),
        }

    return once(request, 201, act)


@router.get("/drafts/{token}", response=DraftShown, auth=READS, summary=_("Read a draft"))
def read_draft(request: HttpRequest, response: HttpResponse, token: str) -> dict[str, Any]:
    """A draft of one's own; its ETag is its version."""
    return _shown(response, cases.draft_by_token(actor_of(request), token))


@router.put("/drafts/{token}", response=DraftShown, auth=APPLIES, openapi_extra=IF_MATCH, summary=_("Save a draft"))
def save_draft(request: HttpRequest, response: HttpResponse, token: str, payload: DraftSaved) -> dict[str, Any]:
    """Replace the answers, valid or not. 412 where it was changed since it was read: read it again."""
    version = version_sent(request, "cases.draft_changed")
    try:
        draft = handling.save_draft(
            by=actor_of(request), token=token, answers=payload.answers, page=payload.page, version=version
        )
    except Conflict as refusal:
        raise Stale(refusal.code, refusal.message) from None
    return _shown(response, draft)


@router.delete("/drafts/{token}", response={204: None}, auth=APPLIES, summary=_("Discard a draft"))
def discard_draft(request: HttpRequest, token: str) -> Status[None]:
    """Throw a draft away; its files are kept until their retention ends."""
    handling.discard_draft(by=actor_of(request), token=token)
    return Status(204, None)


@router.post("/drafts/{token}/prefill", response=DraftShown, auth=APPLIES, summary=_("Fill a draft in"))
def prefill_draft(request: HttpRequest, response: HttpResponse, token: str) -> dict[str, Any]:
    """Ask the authorities what they know and fill it in; what was typed stays. Asking again changes nothing."""
    return _shown(response, handling.prefill(by=actor_of(request), token=token))


@router.post(
    "/drafts/{token}/submission",
    response={201: HandedIn},
    auth=APPLIES,
    openapi_extra=KEYED,
    summary=_("Hand a draft in"),
)
def submit_draft(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """Submit what the draft holds; the draft is gone with the same act, or kept where something is missing."""
    actor, key = actor_of(request), key_of(request)
    ready = handling.prepare_draft(by=actor, token=token, channel=Channel.API)

    def act() -> dict[str, Any]:
        with faults_within("/answers"):
            done = handling.hand_in_draft(
                by=actor, token=token, key=f"api {key}"[:200], channel=Channel.API, ready=ready
            )
        case = cases.case_by_token(actor, done.case_token)
        return {"case": case.token, "number": case.short_no, "query_code": done.query_code}

    return once(request, 201, act, secret=("query_code",))


def _begun(draft: Any) -> dict[str, Any]:
    return {
        "token": draft.token,
        "item": catalog.item_spec(draft.item_id).token,
        "version": draft.version,
        "saved_at": draft.saved_at,
    }


def _shown(response: HttpResponse, draft: Any) -> dict[str, Any]:
    response["ETag"] = f'"{draft.version}"'
    return _begun(draft) | {
        "situation": draft.situation,
        "answers": draft.answers,
        "sources": draft.sources,
        "page": draft.page,
    }
