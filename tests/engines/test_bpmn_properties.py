"""Nothing is lost and nothing doubled, whatever the process and whatever the order of events."""

import contextlib
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import NOW, graph
from engines.bpmn_random import Block, Drawing, blocks, draw, expected
from zhengtong.engines.bpmn import (
    ActionDone,
    BpmnError,
    Cancel,
    CreateTask,
    Event,
    Graph,
    MessageReceived,
    Outcome,
    ProcessEnded,
    State,
    TaskCompleted,
    TimerFired,
    Token,
    Wait,
    from_rows,
    start,
    step,
    to_rows,
    verify,
)
from zhengtong.engines.bpmn.texts import TEXTS

TASTE = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Journey:
    """One instance driven by chance, with its books kept beside it."""

    def __init__(self, drawing: Drawing, luck: random.Random) -> None:
        self.graph: Graph = graph(*drawing.body)
        self.data = dict(drawing.data)
        self.rounds = drawing.rounds
        self.gone_round: Counter[str] = Counter()
        self.luck = luck
        self.now = NOW
        self.completed: Counter[str] = Counter()
        self.created: set[int] = set()
        self.seen: set[int] = set()
        self.ends = 0
        self.state = State()
        self.book(start(self.graph, self.data, self.now))

    def book(self, outcome: Outcome) -> None:
        """Check one outcome against the state before it, then go on from its rows in any order."""
        before, change = {t.id: t for t in self.state.tokens}, outcome.change
        added = {t.id: t for t in change.added}
        removed = {t.id: t for t in change.removed}
        assert len(added) == len(change.added)
        assert len(removed) == len(change.removed)
        assert not set(added) & self.seen
        assert removed.items() <= before.items()
        kept = {name: token for name, token in before.items() if name not in removed}
        assert {t.id: t for t in outcome.state.tokens} == kept | added
        self.seen |= set(added)
        opened = {command.token for command in outcome.commands if isinstance(command, CreateTask)}
        assert opened == {t.id for t in change.added if t.wait is Wait.TASK}
        assert sum(isinstance(command, ProcessEnded) for command in outcome.commands) == outcome.state.ended
        self.ends += outcome.state.ended
        verify(self.graph, outcome.state)
        rows = to_rows(outcome.state)
        self.luck.shuffle(rows)
        self.state = from_rows(rows, outcome.state.next_id)
        assert self.state == outcome.state

    def answer(self, token: Token) -> Event:
        """The event that lets `token` go on."""
        if token.wait is Wait.TIMER:
            return TimerFired(token.id)
        if token.wait is Wait.ACTION:
            return ActionDone(token.id)
        return TaskCompleted(token.id, self.loop_data(token.element))

    def loop_data(self, element: str) -> dict[str, object]:
        """A loop's question is answered "again" as often as it is to go round, each time it is entered."""
        if element not in self.rounds:
            return {}
        again = self.gone_round[element] < self.rounds[element]
        return {f"again{element}": again}

    def advance(self, *, timers: bool) -> None:
        """Let one waiting token go on, chosen by chance."""
        ready = [
            t for t in self.state.tokens if t.wait in (Wait.TASK, Wait.ACTION) or (timers and t.wait is Wait.TIMER)
        ]
        token = self.luck.choice(ready)
        event = self.answer(token)
        self.now += timedelta(hours=1)
        outcome = step(self.graph, self.state, event, self.data, self.now)
        assert outcome == step(self.graph, self.state, event, self.data, self.now)
        if token.wait is not Wait.TIMER:
            self.completed[token.element] += 1
        if token.element in self.rounds:
            again = isinstance(event, TaskCompleted) and event.data[f"again{token.element}"]
            self.gone_round[token.element] = self.gone_round[token.element] + 1 if again else 0
        self.book(outcome)


@TASTE
@given(blocks(), st.randoms(use_true_random=False))
def test_every_activity_is_done_exactly_as_often_as_drawn(block: Block, luck: random.Random) -> None:
    journey = Journey(draw(block), luck)
    total = expected(block)
    for _ in range(sum(total.values())):
        journey.advance(timers=False)
    assert journey.completed == total
    assert journey.state.ended
    assert journey.ends == 1


@TASTE
@given(blocks(), st.randoms(use_true_random=False))
def test_every_process_ends_whenever_its_timers_fire(block: Block, luck: random.Random) -> None:
    journey = Journey(draw(block), luck)
    bound = 4 * sum(expected(block).values())
    while not journey.state.ended:
        assert bound > 0
        bound -= 1
        journey.advance(timers=True)
    assert journey.ends == 1


@TASTE
@given(blocks(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_an_instance_can_be_cancelled_at_any_point(block: Block, luck: random.Random, steps: int) -> None:
    journey = Journey(draw(block), luck)
    for _ in range(steps):
        if journey.state.ended:
            return
        journey.advance(timers=True)
    if journey.state.ended:
        return
    live = len(journey.state.tokens)
    outcome = step(journey.graph, journey.state, Cancel(), journey.data, journey.now)
    assert outcome.state.ended
    assert len(outcome.change.cancelled) == live
    journey.book(outcome)


@TASTE
@given(blocks(), st.randoms(use_true_random=False), st.integers(0, 8))
def test_completions_of_independent_branches_commute(block: Block, luck: random.Random, steps: int) -> None:
    journey = Journey(draw(block), luck)
    for _ in range(steps):
        if not journey.state.ended:
            journey.advance(timers=True)
    open_now = [t for t in journey.state.tokens if t.wait in (Wait.TASK, Wait.ACTION)]
    if len(open_now) < 2:
        return
    one, two = luck.sample(open_now, 2)
    results = [_both(journey, first, second) for first, second in ((one, two), (two, one))]
    assert results[0] == results[1]


def _both(journey: Journey, first: Token, second: Token) -> Counter[tuple[object, ...]]:
    state = journey.state
    for token in (first, second):
        state = step(journey.graph, state, journey.answer(token), journey.data, journey.now).state
    return _shape(state)


def _shape(state: State) -> Counter[tuple[object, ...]]:
    """The state without ids: where tokens stand, inside which sub-processes, attached to what."""
    live = {token.id: token for token in state.tokens}

    def place(number: int) -> tuple[object, ...]:
        token = live.get(number)
        return () if token is None else (token.element, token.wait, token.flow, place(token.scope), place(token.host))

    return Counter((*place(token.id), token.name, token.due) for token in state.tokens)


FIELDS: dict[str, st.SearchStrategy[object]] = {
    "id": st.integers(-2, 12),
    "element": st.sampled_from(["task0", "s", "e", "and0f", "sub0", "nowhere", ""]),
    "wait": st.sampled_from([wait.value for wait in Wait] + ["", "sleep"]),
    "scope": st.integers(-1, 8),
    "host": st.integers(-1, 8),
    "flow": st.sampled_from(["", "s_task0"]),
    "name": st.text(max_size=3),
    "due": st.sampled_from([None, NOW, "soon"]),
    "origins": st.sampled_from(["", "1", "1 2", "x"]),
}


@settings(max_examples=250, deadline=None)
@given(
    blocks(),
    st.integers(0, 5),
    st.randoms(use_true_random=False),
    st.dictionaries(st.sampled_from(sorted(FIELDS)), st.integers(0, 10**6), max_size=3),
    st.data(),
)
def test_a_damaged_state_gives_typed_errors_only(
    block: Block, steps: int, luck: random.Random, mutated: dict[str, int], data: st.DataObject
) -> None:
    journey = Journey(draw(block), luck)
    for _ in range(steps):
        if not journey.state.ended:
            journey.advance(timers=True)
    rows = to_rows(journey.state)
    for name, number in mutated.items():
        if rows:
            rows[number % len(rows)][name] = data.draw(FIELDS[name])
    codes: set[str] = set()
    with contextlib.suppress(BpmnError):
        state = from_rows(rows, journey.state.next_id)
        for event in _events(state):
            codes.add(_code(lambda event=event: step(journey.graph, state, event, journey.data, NOW)))  # type: ignore[misc]
        codes.add(_code(lambda: verify(journey.graph, state)))
    assert codes <= {"", *TEXTS}


def _code(attempt: Callable[[], object]) -> str:
    """The code an attempt is refused with; anything but a typed refusal fails the test."""
    try:
        attempt()
    except BpmnError as refusal:
        return refusal.code
    return ""


def _events(state: State) -> list[Event]:
    events: list[Event] = [Cancel(), MessageReceived("m")]
    for token in state.tokens:
        events += [TaskCompleted(token.id), ActionDone(token.id), TimerFired(token.id)]
    return events
