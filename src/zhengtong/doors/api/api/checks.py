"""What anybody may check without signing in: licences, papers, receipts, the log's heads, progress by query code."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Body, Field, Query, Router, Schema

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.limits import PUBLIC_CHECKS, WRONG_CODES, WRONG_CODES_OF_A_NUMBER, address_of
from zhengtong.foundation.core.attempts import guess
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.licences import queries as licences
from zhengtong.people.identity import queries as identity

router = Router(tags=["checks"])


class LicenceChecked(Schema):
    """What everybody may learn of a licence."""

    identifier: str
    name: str
    number: str
    issuer: str
    holder: str
    state: str
    issued_on: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    replaced: bool
    fields: list[dict[str, Any]]


class PaperChecked(Schema):
    """A paper this house issued; `digest` is SM3 of its PDF in hex, null until it was drawn."""

    kind: str
    label: str
    number: str
    issuer: str
    item: str
    applicant: str
    issued_on: dt.date
    digest: str | None


class ReceiptFault(Schema):
    """One thing that does not fit."""

    code: str
    message: str


class ReceiptChecked(Schema):
    """`valid`, or each fault. `content_checked`: the receipt disclosed its content and it was held against it."""

    valid: bool
    content_checked: bool
    faults: list[ReceiptFault]


class Head(Schema):
    """A signed tree head: `head` is the signed text, `signature` SM2 over it."""

    head: str
    signature: str
    public_key: str


class Consistency(Head):
    """Proof (RFC 6962 §2.1.2, SM3) that the log of `first` entries begins that of the head."""

    first: int
    proof: list[str]


class Keys(Schema):
    """The public keys of heads, oldest first."""

    items: list[str]


class Asked(Schema):
    """Both are on the receipt of the application."""

    number: str = Field(min_length=1, max_length=32)
    code: str = Field(min_length=1, max_length=32)


class Progress(Schema):
    """How far a case is, for whoever holds number and code."""

    number: str
    item: str
    state: str
    state_label: str
    light: str
    submitted_at: dt.datetime
    accepted_on: dt.date | None
    due_on: dt.date | None
    closed_at: dt.datetime | None


@router.get("/verify/licences/{identifier}", response=LicenceChecked, summary=_("Check a licence"))
def verify_licence(request: HttpRequest, identifier: str) -> dict[str, Any]:
    """By identifier, number or the token of its code: its state today and its public fields."""
    PUBLIC_CHECKS.spend(address_of(request))
    found = licences.public_check(identifier)
    if found is None:
        raise NotFound("licences.unknown", gettext_lazy("There is no such licence"))
    names = ("identifier", "number", "issued_on", "valid_from", "valid_to", "replaced")
    return {name: getattr(found, name) for name in names} | {
        "name": (drawing.english() and found.name_en) or found.name,
        "issuer": found.issuer_name,
        "holder": found.holder_name,
        "state": found.state.value,
        "fields": list(found.fields),
    }


@router.get("/verify/papers/{token}", response=PaperChecked, summary=_("Check a paper"))
def verify_paper(request: HttpRequest, token: str) -> dict[str, Any]:
    """By the token of its code: what it is, of whom, and the digest of the PDF as issued."""
    PUBLIC_CHECKS.spend(address_of(request))
    notice = cases.notice_by_token(token)
    case = cases.case_by_id(SYSTEM, notice.case_id)
    agency = identity.organisation(case.agency_id)
    stored = files.files_by_id([notice.file_id]).get(notice.file_id) if notice.file_id else None
    return {name: value for name, value in drawing.paper(notice).items() if name != "token"} | {
        "issuer": agency.name if agency else "",
        "item": (drawing.english() and case.item_name_en) or case.item_name,
        "applicant": case.applicant_label,
        "digest": stored.digest if stored else None,
    }


@router.post("/verify/receipts", response=ReceiptChecked, summary=_("Check a receipt"))
def verify_receipt(request: HttpRequest, payload: Body[dict[str, Any]]) -> dict[str, Any]:
    """A receipt as it was taken home, checked against the keys of this house; it proves the same anywhere else."""
    PUBLIC_CHECKS.spend(address_of(request))
    verdict = ledger.verify_receipt(payload)
    locale = get_language() or "zh-hans"
    return {
        "valid": verdict.valid,
        "content_checked": verdict.content_checked,
        "faults": [{"code": fault.code, "message": fault.text(locale)} for fault in verdict.faults],
    }


@router.get("/ledger/head", response=Head, summary=_("Read the newest head of the log"))
def read_head(request: HttpRequest) -> Mapping[str, object]:  # noqa: ARG001 ninja hands it
    """The newest signed tree head; keep it, and later ask whether the log only grew."""
    head = ledger.latest_head()
    if head is None:
        raise NotFound("ledger.empty", gettext_lazy("Nothing has been sealed yet."))
    return head


@router.get("/ledger/consistency", response=Consistency, summary=_("Prove that the log only grew"))
def read_consistency(request: HttpRequest, first: int = Query(1, ge=1, le=2**62)) -> Mapping[str, object]:
    """From a size one has kept to the newest head."""
    PUBLIC_CHECKS.spend(address_of(request))
    return ledger.consistency(first)


@router.get("/ledger/keys", response=Keys, summary=_("Read the keys that sign heads"))
def read_keys(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 ninja hands it
    """Public keys, x‖y in hex."""
    return {"items": list(ledger.public_keys())}


@router.post("/progress", response=Progress, summary=_("Read the progress by number and query code"))
def read_progress(request: HttpRequest, payload: Asked) -> dict[str, Any]:
    """A wrong pair says nothing about either, and may be tried only so often."""
    who, number = address_of(request), payload.number.strip()
    with guess((WRONG_CODES, who), (WRONG_CODES_OF_A_NUMBER, number)):
        case = cases.case_by_query_code(number, payload.code)
    drawn = drawing.brief(vars(case))
    names = ("number", "item", "state", "state_label", "light", "submitted_at", "accepted_on", "closed_at")
    return {name: drawn[name] for name in names} | {"due_on": case.promise_due or case.legal_due}
