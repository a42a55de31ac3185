"""Cases for those who apply and those who may read them: submit, follow, correct, withdraw, evaluate."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema, Status

from zhengtong.doors.api.api import drawing
from zhengtong.doors.api.api.callers import APPLIES, READS, actor_of
from zhengtong.doors.api.api.drafts import HandedIn
from zhengtong.doors.api.api.files import BINARY
from zhengtong.doors.api.api.pages import Cursor, Page, Size, page_of, place_of
from zhengtong.doors.api.api.problems import faults_within
from zhengtong.doors.api.api.repetition import KEYED, once
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.files.services import sent
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services as handling
from zhengtong.matters.cases.choices import Channel
from zhengtong.matters.cases.services.papers import drawn
from zhengtong.matters.catalog import queries as catalog

router = Router(tags=["cases"])


class Application(Schema):
    """An application in one go. `item` is the token of an open item; files are named by their tokens."""

    item: str = Field(max_length=32)
    answers: dict[str, Any] = Field(max_length=500)


class Correction(Schema):
    """The whole application as corrected."""

    answers: dict[str, Any] = Field(max_length=500)


class Withdrawal(Schema):
    """Why, if you wish to say."""

    reason: str = Field("", max_length=200)


class Grading(Schema):
    """1 (very dissatisfied) to 5 (very satisfied)."""

    grade: int = Field(ge=1, le=5)
    tags: list[str] = Field([], max_length=20)
    remark: str = Field("", max_length=1000)


class Done(Schema):
    """What became of the case."""

    case: str
    state: str


class Corrected(Done):
    """`submission` is the number of what was handed in; earlier ones stay as they were."""

    submission: int


class Graded(Schema):
    """`round` 1 is the evaluation, 2 its one supplement."""

    case: str
    round: int
    grade: int


class Rows(Schema):
    """The answers of a submission in words, page by page; sensitive ones are masked for officials."""

    number: int
    submitted_at: dt.datetime
    digest: str
    pages: list[dict[str, Any]]


class Submissions(Schema):
    """What was handed in, in order."""

    items: list[Rows]


@router.post("/cases", response={201: HandedIn}, auth=APPLIES, openapi_extra=KEYED, summary=_("Apply"))
def apply(request: HttpRequest, payload: Application) -> Status[dict[str, Any]]:
    """Check everything, open the case, start its clock: all of it or nothing."""
    actor = actor_of(request)
    item = catalog.item_by_token(actor, payload.item)
    facts = handling.facts_for(by=actor, item_id=item.id)
    given: dict[str, Any] = {"item_id": item.id, "answers": payload.answers, "channel": Channel.API, "facts": facts}
    ready = handling.ready_application(by=actor, **given)

    def act() -> dict[str, Any]:
        with faults_within("/answers"):
            receipt = handling.submit_application(by=actor, **given, ready=ready)
        return {"case": receipt.token, "number": receipt.short_no, "query_code": receipt.query_code}

    return once(request, 201, act, secret=("query_code",))


@router.get("/cases", response=Page[drawing.CaseBrief], auth=READS, summary=_("List one's own cases"))
def list_cases(request: HttpRequest, cursor: Cursor, size: Size) -> dict[str, Any]:
    """The cases of whom the program acts for, newest first."""
    place = place_of(request, cursor)
    rows = drawing.own_rows(actor_of(request), place[0] if place else None, size + 1)
    return page_of(request, rows, size, lambda row: [row["id"]], drawing.brief)


@router.get("/cases/{token}", response=drawing.CaseWhole, auth=READS, summary=_("Read a case"))
def read_case(request: HttpRequest, token: str) -> dict[str, Any]:
    """A case of one's own, or of the authority one may read for, with every clock."""
    return drawing.whole(cases.case_by_token(actor_of(request), token))


@router.get(
    "/cases/{token}/deadlines", response=drawing.Deadlines, auth=READS, summary=_("Read how deadlines were counted")
)
def read_deadlines(request: HttpRequest, token: str) -> dict[str, Any]:
    """Every clock day by day: counted or not, why, and by which article."""
    case = cases.case_by_token(actor_of(request), token)
    return {"items": drawing.deadlines(case, days=True)}


@router.get("/cases/{token}/timeline", response=Page[drawing.Happened], auth=READS, summary=_("Read what happened"))
def read_timeline(request: HttpRequest, token: str, cursor: Cursor, size: Size) -> dict[str, Any]:
    """What happened to the case, newest first; each entry's receipt proves it (see the public checks)."""
    case = cases.case_by_token(actor_of(request), token)
    place = place_of(request, cursor)
    entries = ledger.timeline(("case", case.id), limit=size + 1, before=place[0] if place else None)
    page = page_of(request, entries, size, lambda entry: [entry.event_id], drawing.happened)
    return page | {"items": [entry for entry in page["items"] if entry is not None]}


@router.get(
    "/cases/{token}/events/{event}/receipt", response=dict[str, Any], auth=READS, summary=_("Take a receipt home")
)
def read_receipt(request: HttpRequest, token: str, event: str) -> dict[str, Any]:
    """The receipt of one event with its content: keep it, and check it anywhere. 503 in the first seconds."""
    case = cases.case_by_token(actor_of(request), token)
    return dict(ledger.receipt(drawing.event_of(case, event), with_content=True))


@router.get("/cases/{token}/submissions", response=Submissions, auth=READS, summary=_("Read what was handed in"))
def read_submissions(request: HttpRequest, token: str) -> dict[str, Any]:
    """Each submission; the applicant sees his own in full, everybody else sees what is sensitive masked."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)
    return {"items": [_rows(actor, case, submission) for submission in cases.submissions_of(case)]}


@router.get("/cases/{token}/materials", response=drawing.Materials, auth=READS, summary=_("List the materials"))
def list_materials(request: HttpRequest, token: str) -> dict[str, Any]:
    """The materials of every submission and where each came from."""
    case = cases.case_by_token(actor_of(request), token)
    return {"items": [drawing.material(row, number) for number, row in enumerate(cases.materials_of(case), 1)]}


@router.get(
    "/cases/{token}/materials/{number}/content", auth=READS, openapi_extra=BINARY, summary=_("Download a material")
)
def download_material(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """The file of an uploaded material; `number` is its place in the list."""
    case = cases.case_by_token(actor_of(request), token)
    file_id = drawing.numbered(cases.materials_of(case), number).file_id
    stored = files.files_by_id([file_id]).get(file_id) if file_id is not None else None
    if stored is None:
        raise NotFound("api.no_file", gettext_lazy("This material has no file: it was filled in or fetched."))
    return sent(stored)


@router.get("/cases/{token}/papers", response=drawing.Papers, auth=READS, summary=_("List the papers"))
def list_papers(request: HttpRequest, token: str) -> dict[str, Any]:
    """The letters of the case: receipts, notices, decision, proof of delivery."""
    return {"items": [drawing.paper(row) for row in cases.notices_of(cases.case_by_token(actor_of(request), token))]}


@router.get("/cases/{token}/papers/{paper}/content", auth=READS, openapi_extra=BINARY, summary=_("Download a paper"))
def download_paper(request: HttpRequest, token: str, paper: str) -> HttpResponseBase:
    """The paper as signed PDF, drawn now where that has not been done yet."""
    case = cases.case_by_token(actor_of(request), token)
    file_id = drawn(drawing.paper_of(case, paper))
    return sent(files.files_by_id([file_id])[file_id])


@router.post(
    "/cases/{token}/correction", response=Corrected, auth=APPLIES, openapi_extra=KEYED, summary=_("Correct a case")
)
def correct(request: HttpRequest, token: str, payload: Correction) -> Status[dict[str, Any]]:
    """Hand in the corrected application; possible once, while a correction is waited for."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)
    facts = handling.facts_for(by=actor, item_id=case.item_id, purpose=("case", case.id))

    def act() -> dict[str, Any]:
        with faults_within("/answers"):
            number = handling.submit_correction(by=actor, case_id=case.id, answers=payload.answers, facts=facts)
        return _done(actor, case.id, submission=number)

    return once(request, 200, act)


@router.post(
    "/cases/{token}/withdrawal", response=Done, auth=APPLIES, openapi_extra=KEYED, summary=_("Withdraw a case")
)
def withdraw(request: HttpRequest, token: str, payload: Withdrawal) -> Status[dict[str, Any]]:
    """Take the application back; possible before the decision."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        handling.withdraw_case(by=actor, case_id=case.id, reason=payload.reason)
        return _done(actor, case.id)

    return once(request, 200, act)


@router.post(
    "/cases/{token}/urging", response=Done, auth=APPLIES, openapi_extra=KEYED, summary=_("Press for an answer")
)
def press_case(request: HttpRequest, token: str) -> Status[dict[str, Any]]:
    """As the applicant, urge on whatever of the case waits in the office; 409 says from when on again."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        handling.urge_case(by=actor, case_id=case.id)
        return _done(actor, case.id)

    return once(request, 200, act)


@router.post(
    "/cases/{token}/evaluation", response={201: Graded}, auth=APPLIES, openapi_extra=KEYED, summary=_("Evaluate a case")
)
def evaluate(request: HttpRequest, token: str, payload: Grading) -> Status[dict[str, Any]]:
    """Grade the handling of a closed case; it cannot be changed, one supplement is allowed."""
    actor = actor_of(request)
    case = cases.case_by_token(actor, token)

    def act() -> dict[str, Any]:
        given = handling.evaluate_case(
            by=actor, case_id=case.id, grade=payload.grade, tags=tuple(payload.tags), remark=payload.remark
        )
        return {"case": case.token, "round": given.round, "grade": given.grade}

    return once(request, 201, act)


def _done(actor: Actor, case_id: int, **more: Any) -> dict[str, Any]:
    case = cases.case_by_id(actor, case_id)
    return {"case": case.token, "state": case.state} | more


def _rows(actor: Actor, case: Any, submission: Any) -> dict[str, Any]:
    full = drawing.owns(actor, case)
    return {
        "number": submission.number,
        "submitted_at": submission.submitted_at,
        "digest": submission.digest,
        "pages": cases.shown_answers(case, submission, actor.locale, full=full),
    }
