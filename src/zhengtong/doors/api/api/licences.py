"""The wallet: the electronic licences of whom the program acts for, and of the authority one may read for."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.callers import READS, actor_of
from zhengtong.doors.api.api.files import BINARY
from zhengtong.doors.api.api.pages import Cursor, Page, Size, page_of, place_of
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.files.services import sent
from zhengtong.foundation.policy import Actor
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.licences import services as issuing

router = Router(tags=["licences"])


class Licence(Schema):
    """One version of a licence. `state` is that of today: VALID, SUSPENDED, EXPIRED, REPLACED, CANCELLED, …"""

    token: str
    identifier: str
    name: str
    number: str
    version: int
    state: str
    issuer: str
    holder: str
    issued_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None


class LicenceWhole(Licence):
    """A licence with its fields, and why it ended where it did."""

    fields: list[dict[str, Any]]
    ended_on: dt.date | None
    end_reason: str


@router.get("/licences", response=Page[Licence], auth=READS, summary=_("List one's own licences"))
def list_licences(request: HttpRequest, cursor: Cursor, size: Size) -> dict[str, Any]:
    """The licences of whom the program acts for, newest first, ended ones included."""
    place = place_of(request, cursor)
    rows = _own(actor_of(request), place[0] if place else None, size + 1)
    return page_of(request, rows, size, lambda licence: [licence.id], shown)


@router.get("/licences/{token}", response=LicenceWhole, auth=READS, summary=_("Read a licence"))
def read_licence(request: HttpRequest, token: str) -> dict[str, Any]:
    """A licence one may see whole."""
    licence = _licence(actor_of(request), token)
    return shown(licence) | {
        "fields": licence.fields,
        "ended_on": licence.ended_on,
        "end_reason": licence.end_reason,
    }


@router.get("/licences/{token}/content", auth=READS, openapi_extra=BINARY, summary=_("Download a licence"))
def download_licence(request: HttpRequest, token: str) -> HttpResponseBase:
    """The licence as signed PDF, drawn now where that has not been done yet."""
    file_id = issuing.drawn(_licence(actor_of(request), token))
    return sent(files.files_by_id([file_id])[file_id])


def shown(licence: Any) -> dict[str, Any]:
    """A licence as lists show it."""
    names = ("token", "identifier", "number", "version", "issued_on", "valid_from", "valid_to")
    return {name: getattr(licence, name) for name in names} | {
        "name": (drawing.english() and licence.name_en) or licence.name,
        "state": licences.state_on(licence, clock.today()).value,
        "issuer": licence.issuer_name,
        "holder": licence.holder_name,
    }


def _own(actor: Actor, before: int | None, limit: int) -> list[Any]:
    kind, _sep, key = (actor.principal or "").partition(":")
    column = {"person": "holder_person_id", "org": "holder_organisation_id"}.get(kind)
    if column is None:
        return []
    rows = licences.visible_to(actor).filter(**{column: int(key)})
    return list((rows if before is None else rows.filter(id__lt=before)).order_by("-id").defer("fields")[:limit])


def _licence(actor: Actor, token: str) -> Any:
    found = licences.visible_to(actor).filter(token=token).first()
    if found is None:
        raise NotFound("licences.unknown", gettext_lazy("There is no such licence"))
    return found
