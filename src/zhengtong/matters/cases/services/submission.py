"""Handing an application in: checked, numbered, received; all of it or nothing."""

import contextlib
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms import Checked, check
from zhengtong.engines.seals import sm3
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid, Refusal, SignInNeeded
from zhengtong.foundation.core.fields import blind_index
from zhengtong.foundation.core.identifiers import new_id, new_token, query_code
from zhengtong.foundation.core.json_text import quick
from zhengtong.foundation.core.statements import Fresh, Insert
from zhengtong.foundation.core.writes import in_write, pipeline, write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.ledger.services import is_importing
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.matters.cases.choices import Channel, State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Case, CaseMaterial, Submission
from zhengtong.matters.cases.services.applicants import Applicant, ask_applicant
from zhengtong.matters.cases.services.materials import Obtained, Rows, ask_files, gather
from zhengtong.matters.cases.services.numbering import ask_short_no
from zhengtong.matters.cases.services.ruling import Facts, HandedIn, ask_facts, materials_there, rule_ahead
from zhengtong.matters.cases.services.specs import Spec, spec_of
from zhengtong.matters.cases.services.work import KIND, Work
from zhengtong.matters.catalog.services import mark_used
from zhengtong.matters.deadlines.queries import ask_calendar
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.definitions import decisions_of

Answers = Mapping[str, Any]
Papers = dict[str, Any]
_ANSWERS = Submission._meta.get_field("answers")
_SOURCES = Submission._meta.get_field("sources")
_FACTS = Submission._meta.get_field("facts")
_APPLICANT = Case._meta.get_field("applicant")
_canonical = quick(json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str))

_case = Fresh(Case)
_submissions = Insert(Submission, "id", "case_id", "number", "answers", "sources", "facts", "digest", "submitted_at")
_materials = Insert(
    CaseMaterial,
    *("id", "case_id", "submission", "code", "name", "name_en", "source", "file_id", "licence_id", "status", "remark"),
)


@dataclass(frozen=True)
class Receipt:
    """What the applicant takes home. The query code is shown once; only its index is kept."""

    case_id: int
    token: str
    short_no: str
    query_code: str
    event_id: int


@dataclass(frozen=True)
class Application:
    """An application that has been checked, numbered and sealed as far as that can be done before it is written."""

    by: Actor
    spec: Spec
    definition: int
    known: Mapping[str, Any]
    code: str
    papers: Papers
    materials: Rows
    handed_in: HandedIn
    key: ledger.FreshKey

    def open(self) -> Receipt:
        """Open the case and start its process; call within a write."""
        now = clock.now()
        case = _case(**self.known, submitted_at=now)
        work = Work(case, self.by, now, fresh=True, new_key=self.key, handed_in=self.handed_in)
        work.asked_number = ask_short_no(self.spec.region, work.today)
        work.asked_calendar = ask_calendar()
        event = work.happen(Event.SUBMIT, {"item": self.spec.name, "channel": self.known["channel"].value})
        store_submission(work, 1, self.papers, self.materials)
        case.process_id = process = new_id()
        workflow.begin(by=self.by, process_id=process, definition_id=self.definition, subject=work, data={}, now=now)
        return Receipt(case.id, case.token, case.short_no, self.code, event)


def submit_application(
    *,
    by: Actor,
    item_id: int,
    answers: Answers,
    channel: Channel = Channel.ONLINE,
    sources: Mapping[str, Any] | None = None,
    obtained: Mapping[str, Obtained] | None = None,
    token: str = "",
    facts: Facts | None = None,
    ready: Application | None = None,
) -> Receipt:
    """Check the answers and materials, open the case, start its process.

    The case gets `token` as its public one (that of the draft it comes from), or a fresh one. `facts` are what the
    rules need of other authorities, where they were asked already (`facts_for`); within a write they must have been.
    `ready` is what `ready_application` gave for the same, where this is called within a write.

    Raises `SignInNeeded` when the applicant is not identified well enough, `Invalid` with every fault of the form
    and every missing material, `Conflict` when the item is not open for application.
    """
    ready = ready or _prepare(
        by=by,
        item_id=item_id,
        answers=answers,
        channel=channel,
        sources=sources,
        obtained=obtained,
        token=token,
        facts=facts,
    )
    return write(ready.open, pipelined=True)


def ready_application(*, by: Actor, item_id: int, answers: Answers, **given: Any) -> Application | None:
    """All of `submit_application` but its write; None where something is refused, which submitting then says.

    For whoever submits within a write of his own: all others wait while one writes.
    """
    with contextlib.suppress(Refusal, EngineError):
        return _prepare(by=by, item_id=item_id, answers=answers, **given)
    return None


def _prepare(
    *,
    by: Actor,
    item_id: int,
    answers: Answers,
    channel: Channel = Channel.ONLINE,
    sources: Mapping[str, Any] | None = None,
    obtained: Mapping[str, Obtained] | None = None,
    token: str = "",
    facts: Facts | None = None,
) -> Application:
    spec = spec_of(item_id)
    _require_assurance(by, spec)
    _note_used(item_id)
    with pipeline():
        asked_definition, asked_applicant = spec.ask_definition(), ask_applicant(by)
        result = _checked(by, spec, answers)
        asked_files = ask_files(by, spec, {} if result.errors else result.clean)
    definition = asked_definition()
    clean = _without_faults(result)
    materials, applicant = gather(spec, clean, asked_files, obtained or {}), asked_applicant()
    code = query_code()
    known = _known_of(spec, applicant, channel, code)
    if facts is None:
        facts = _asked(by, spec, applicant.subject, ("case", known["id"]))
    papers = packed(clean, sources or {}, facts)
    known |= {"token": token or new_token(), "imported": is_importing()}
    handed_in = HandedIn(1, clean, materials_there(materials), facts)
    who = (applicant.kind, applicant.details)
    handed_in = rule_ahead(spec.rulebook, decisions_of(definition), who, handed_in)
    key = ledger.fresh_key((KIND, known["id"]))
    return Application(by, spec, definition, known, code, papers, materials, handed_in, key)


def facts_for(*, by: Actor, item_id: int, purpose: tuple[str, int] | None = None) -> Facts:
    """What the rules of an item need of other authorities about whom the actor acts for; asked outside any write.

    Nothing is asked where the item has no rules, or its rules need no such fact.
    """
    spec = spec_of(item_id)
    if spec.rulebook is None or not spec.rulebook.facts:
        return {}
    return _asked(by, spec, ask_applicant(by)().subject, purpose or ("service_item", item_id))


def _asked(by: Actor, spec: Spec, subject: tuple[str, int], purpose: tuple[str, int]) -> Facts:
    if spec.rulebook is None or not spec.rulebook.facts:
        return {}
    if in_write():
        raise RuntimeError("other authorities are asked before the write: give `facts`")
    return ask_facts(by=by, rulebook=spec.rulebook, subject=subject, purpose=purpose)


def checked_answers(by: Actor, spec: Spec, answers: Answers) -> dict[str, Any]:
    """The answers without what is hidden, or `Invalid` with every fault in the reader's language."""
    return _without_faults(_checked(by, spec, answers))


def _checked(by: Actor, spec: Spec, answers: Answers) -> Checked:
    return check(spec.form, dict(answers), by.locale, today=clock.today())


def _without_faults(result: Checked) -> dict[str, Any]:
    if result.errors:
        faults = [(error.path, error.code, error.message) for error in result.errors]
        raise Invalid("cases.answers", _("Some answers need your attention."), faults)
    return dict(result.clean)


def packed(answers: Answers, sources: Mapping[str, Any], facts: Facts) -> Papers:
    """What was handed in, sealed and digested ahead of the write that keeps it."""
    return {
        "answers": _ANSWERS.closed(answers),
        "sources": _SOURCES.closed(sources),
        "facts": _FACTS.closed(facts) if facts else None,
        "digest": sm3(_canonical(answers)).hex(),
    }


def store_submission(work: Work, number: int, papers: Papers, rows: Rows) -> None:
    """Keep what was handed in at this moment; earlier submissions stay as they were."""
    work.rows.add(
        _submissions,
        {**papers, "id": new_id(), "case_id": work.case.id, "number": number, "submitted_at": work.now},
    )
    for row in rows:
        work.rows.add(_materials, {**row, "id": new_id(), "case_id": work.case.id, "submission": number})


def _known_of(spec: Spec, applicant: Applicant, channel: Channel, code: str) -> dict[str, Any]:
    """The columns of a new case that are known before its write begins."""
    return {
        "id": new_id(),
        "query_index": blind_index(code, "case.query_code"),
        "item_id": spec.item_id,
        "item_name": spec.name,
        "item_name_en": spec.name_en,
        "agency_id": spec.agency_id,
        "region": spec.region,
        "applicant_kind": applicant.kind,
        "applicant_person_id": applicant.person_id,
        "applicant_organisation_id": applicant.organisation_id,
        "applicant_label": applicant.label,
        "applicant": _APPLICANT.ahead(applicant.details),
        "agent_person_id": applicant.agent_person_id,
        "channel": channel,
        "state": State.DRAFT,
    }


@functools.lru_cache(maxsize=512)
def _note_used(item_id: int) -> None:
    """Say once a server process that a version has cases: from now on it never changes."""
    write(lambda: mark_used(by=SYSTEM, item_id=item_id))


def _require_assurance(by: Actor, spec: Spec) -> None:
    if by.principal is None or by.kind not in ("citizen", "enterprise"):
        raise SignInNeeded("cases.sign_in", _("Sign in as the applicant or somebody the applicant has authorised."))
    if by.assurance < spec.assurance:
        raise SignInNeeded(
            "cases.assurance",
            _("This service needs your real name to be verified first."),
            needed=spec.assurance,
            now=by.assurance,
        )
