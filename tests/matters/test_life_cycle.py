"""The law's state machine: every pair of state and event is as services.md §5.2 says, or refused and recorded."""

import itertools

import pytest

from factories import cases as made
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import rules
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.services.handling import recorded_refusals
from zhengtong.matters.cases.services.work import Forbidden, Work

# services.md §5.2, written out once more by hand: from, event, last state.
TABLE = """
DRAFT submit SUBMITTED
SUBMITTED receive RECEIVED
RECEIVED request_correction CORRECTION
CORRECTION resubmit RECEIVED
CORRECTION correction_timeout CLOSED
RECEIVED accept ACCEPTED
RECEIVED deem_accepted ACCEPTED
RECEIVED refuse_acceptance CLOSED
RECEIVED return CLOSED
ACCEPTED start_review REVIEWING
REVIEWING suspend SUSPENDED
SUSPENDED resume REVIEWING
REVIEWING propose DECIDING
DECIDING send_back REVIEWING
DECIDING approve APPROVED
DECIDING refuse REFUSED
REVIEWING extend REVIEWING
DECIDING extend DECIDING
APPROVED deliver DELIVERED
REFUSED deliver DELIVERED
DELIVERED close CLOSED
SUBMITTED withdraw CLOSED
RECEIVED withdraw CLOSED
CORRECTION withdraw CLOSED
ACCEPTED withdraw CLOSED
REVIEWING withdraw CLOSED
SUSPENDED withdraw CLOSED
DECIDING withdraw CLOSED
ACCEPTED terminate CLOSED
REVIEWING terminate CLOSED
SUSPENDED terminate CLOSED
CLOSED archive ARCHIVED
"""
ALLOWED = {(line.split()[0], line.split()[1]): line.split()[2] for line in TABLE.strip().splitlines()}
THROUGH = {
    "correction_timeout": "RETURNED",
    "refuse_acceptance": "NOT_ACCEPTED",
    "return": "RETURNED",
    "withdraw": "WITHDRAWN",
    "terminate": "TERMINATED",
}
PAIRS = list(itertools.product(State.values, Event.values))


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_pair(state: str, event: str) -> None:
    path = rules.path(state, event)
    if (state, event) not in ALLOWED:
        assert path is None
        return
    assert path is not None
    assert path[-1] == ALLOWED[state, event]
    assert [step.value for step in path[:-1]] == ([THROUGH[event]] if event in THROUGH else [])


@pytest.mark.parametrize("state", State.values)
def test_what_can_happen_next_is_the_same_table(state: str) -> None:
    assert rules.allowed_events(state) == {event for origin, event in ALLOWED if origin == state}


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_an_instant_item_may_be_decided_as_soon_as_it_is_accepted_and_nothing_else(state: str, event: str) -> None:
    more = {("ACCEPTED", "approve"): "APPROVED", ("ACCEPTED", "refuse"): "REFUSED"}
    path = rules.path(state, event, instant=True)
    assert path == ((State(more[state, event]),) if (state, event) in more else rules.path(state, event))


@pytest.mark.django_db
def test_every_forbidden_pair_changes_nothing_and_is_recorded() -> None:
    world = made.world()
    forbidden = [pair for pair in PAIRS if pair not in ALLOWED]
    assert len(forbidden) == len(State) * len(Event) - len(ALLOWED)
    for number, (state, event) in enumerate(forbidden, 1):
        case = Case(id=number, state=state, item_id=world.item.id)
        work = Work(case=case, by=world.clerk, now=clock.now())
        with pytest.raises(Forbidden) as refusal, recorded_refusals(world.clerk, number):
            work.happen(Event(event))
        assert (case.state, work.changed) == (state, set())
        assert (refusal.value.code, refusal.value.details) == ("cases.life_cycle", {"state": state, "event": event})
        (entry,) = ledger.timeline(("case", number))
        assert entry.type.endswith(".refused")
        assert entry.payload == {"code": "cases.life_cycle", "state": state, "event": event}


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "event"), ALLOWED)
def test_every_allowed_pair_moves_the_case_and_is_recorded(state: str, event: str) -> None:
    case = Case(id=7, state=state)
    work = Work(case=case, by=made.SYSTEM, now=clock.now())
    work.happen(Event(event))
    work.settle()
    assert case.state == ALLOWED[state, event]
    (entry,) = ledger.timeline(("case", 7))
    assert entry.type == f"case.{event}"
