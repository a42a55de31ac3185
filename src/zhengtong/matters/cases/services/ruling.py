"""The rules asked about a case: facts asked before the write, the answer kept with what it rested on.

A ruling can be told again at any time: model, inputs and instant are kept, and the same ones give the same answer.
"""

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Insert
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.matters.cases.choices import MaterialStatus
from zhengtong.matters.cases.models import Case, CaseMaterial, Ruling
from zhengtong.matters.cases.queries import latest_submission
from zhengtong.matters.catalog.packs.rules import Known, Rulebook, Ruled
from zhengtong.matters.workflow.registry import Call
from zhengtong.records.exchange import services as exchange
from zhengtong.records.exchange.registry import facts as offered

if TYPE_CHECKING:
    from zhengtong.matters.cases.services.work import Work

RULED = "case.ruled"
RECHECK = "recheck"
"""The outcome of a task that has the sources asked again before the rules are."""

Facts = dict[str, dict[str, Any]]
"""By fact: `status` (found, absent, unreachable), `at`, the `answer` in the lineage, and the `values`."""

Applying = tuple[str, Mapping[str, Any]]
"""Who applies: the kind, and what the case keeps of him."""

_APPLICANT = ("birth_date", "region")


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the rules said at an instant before the write that keeps it, and its columns sealed already."""

    ruled: Ruled
    at: dt.datetime
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a submission gives the rules: its number, its answers, the materials that are there, the facts asked.

    `ahead` has, by decision, what they said of just that on the day it was handed in.
    """

    number: int
    answers: Mapping[str, Any]
    materials: frozenset[str]
    facts: Facts
    ahead: Mapping[str, Ahead] = field(default_factory=dict)


_INPUTS = Ruling._meta.get_field("inputs")
_VALUE = Ruling._meta.get_field("value")
_TRACE = Ruling._meta.get_field("trace")
_rulings = Insert(
    Ruling, *("id", "case_id", "decision", "submission", "model", "inputs", "value", "trace", "missing", "ruled_at")
)


def ask_facts(*, by: Actor, rulebook: Rulebook | None, subject: tuple[str, int], purpose: tuple[str, int]) -> Facts:
    """Ask every fact that the rules need, each with its lineage; call outside any write.

    A source that does not answer, or is not offered here, leaves its inputs unknown; the rules then say what is
    missing.
    """
    found: Facts = {}
    for name in sorted(rulebook.facts) if rulebook else ():
        if name not in offered:
            continue
        answer = exchange.ask(by=by, fact=name, subject=subject, purpose=purpose)
        found[name] = {
            "status": answer.status,
            "at": answer.asked_at.isoformat(),
            "answer": answer.id,
            "values": dict(answer.value),
        }
    return found


def ask_facts_again(*, by: Actor, case: Case, rulebook: Rulebook | None) -> Facts:
    """Ask the facts of a running case anew, for the case itself; call outside any write."""
    organisation = case.applicant_organisation_id
    subject = ("organisation", organisation) if organisation else ("person", case.applicant_person_id or 0)
    return ask_facts(by=by, rulebook=rulebook, subject=subject, purpose=("case", case.id))


def rule_ahead(rulebook: Rulebook | None, decisions: Iterable[str], who: Applying, given: HandedIn) -> HandedIn:
    """`given` with what the rules say of it, worked out before its turn to write; faults are left to the write."""
    if rulebook is None:
        return given
    now, said = clock.now(), {}
    inputs = rulebook.gather(_known(who, given, given.facts, now, clock.local(now).date()))
    for decision in decisions:
        with contextlib.suppress(EngineError):
            ruled = rulebook.rule(decision, inputs, now)
            said[decision] = Ahead(ruled, now, _columns(ruled))
    return HandedIn(given.number, given.answers, given.materials, given.facts, said)


def decide(work: "Work", decision: str, call: Call) -> dict[str, Any]:
    """What the rules say on one decision about the case in hand, for the process; the ruling goes out with the step.

    Raises `Conflict`, and with it refuses the step, where the service has no such decision.
    """
    rulebook = work.spec.rulebook
    if rulebook is None:
        raise Conflict("cases.no_rules", _("This service has no rules to decide by."), decision=decision)
    given = _given(work, rulebook)
    said = _rule(work, rulebook, decision, given, call.now)
    ruled = said.ruled
    ruling = new_id()
    work.rows.add(
        _rulings,
        {
            **said.columns,
            "id": ruling,
            "case_id": work.case.id,
            "decision": decision,
            "submission": given.number,
            "ruled_at": said.at,
        },
    )
    work.chapter.record(
        by=SYSTEM,
        type=RULED,
        payload={"decision": decision, "model": ruled.digest, "ruling": ruling, "value": ruled.data},
    )
    work.ruled, work.ruling_id = ruled, ruling
    return {decision: ruled.data}


def _columns(ruled: Ruled) -> dict[str, Any]:
    """What a ruling keeps of what the rules said."""
    return {
        "model": ruled.digest,
        "inputs": _INPUTS.closed(dict(ruled.inputs)),
        "value": _VALUE.closed(ruled.value),
        "trace": _TRACE.closed(ruled.trace.hits),
        "missing": list(ruled.missing),
    }


def _rule(work: "Work", rulebook: Rulebook, decision: str, given: HandedIn, now: dt.datetime) -> Ahead:
    """What the rules say, and when they were asked: now, or a moment ago on the same day with the same facts."""
    ahead = given.ahead.get(decision)
    if ahead is not None and work.facts_anew is None and clock.local(ahead.at).date() == work.today:
        return ahead
    facts = work.facts_anew if work.facts_anew is not None else given.facts
    who = (work.case.applicant_kind, work.case.applicant)
    inputs = rulebook.gather(_known(who, given, facts, work.case.submitted_at, work.today))
    try:
        ruled = rulebook.rule(decision, inputs, now)
    except EngineError as fault:
        raise Conflict("cases.rules", fault.text(work.by.locale), decision=decision) from fault
    return Ahead(ruled, now, _columns(ruled))


def _given(work: "Work", rulebook: Rulebook) -> HandedIn:
    """What was handed in last."""
    if work.handed_in is None:
        submission = latest_submission(work.case)
        rows = CaseMaterial.objects.filter(case_id=work.case.id, submission=submission.number)
        there = materials_there(rows.values("code", "file_id", "status")) if rulebook.uses("material") else frozenset()
        work.handed_in = HandedIn(submission.number, submission.answers, there, submission.facts or {})
    return work.handed_in


def _known(who: Applying, given: HandedIn, facts: Facts, submitted: dt.datetime, today: dt.date) -> Known:
    """What is known of a case on a day."""
    kind, details = who
    return Known(
        answers=given.answers,
        applicant={"kind": kind, **{key: details.get(key) for key in _APPLICANT}},
        submitted=clock.local(submitted).date(),
        today=today,
        facts={name: fact["values"] for name, fact in facts.items() if fact["status"] == "found"},
        materials=given.materials,
    )


def materials_there(rows: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The codes of materials that were uploaded, or supplied by sharing or the form."""
    return frozenset(row["code"] for row in rows if row["file_id"] or row["status"] == MaterialStatus.QUALIFIED)
