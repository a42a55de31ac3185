"""Whatever people do to a case, in whatever order: no task is lost or doubled, and the case can end."""

import contextlib
import random
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import graph
from engines.bpmn_instance import Instance
from engines.bpmn_random import Block, Drawing, blocks, draw
from zhengtong.engines.bpmn import (
    ActionDone,
    AddInstances,
    AddSigners,
    BpmnError,
    CancelTask,
    CreateTask,
    Delegate,
    Event,
    History,
    HoldTask,
    Outcome,
    RemoveSigner,
    Resume,
    ResumeTask,
    SendBack,
    State,
    Suspend,
    TaskCompleted,
    TimerFired,
    Token,
    Wait,
    Withdraw,
    step,
)

TASTE = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EXPECTED = {
    "bpmn.task_held",
    "bpmn.task_helper",
    "bpmn.asked_too_deep",
    "bpmn.back_not_done",
    "bpmn.back_not_before",
    "bpmn.back_closed",
    "bpmn.back_several",
    "bpmn.direct_unsupported",
    "bpmn.withdraw_late",
    "bpmn.withdraw_several",
    "bpmn.withdraw_not_done",
    "bpmn.not_several",
    "bpmn.signer_last",
    "bpmn.suspended",
    "bpmn.not_suspended",
}
"""Every other refusal is a fault: none of these processes is terminated, damaged, or ends in an error."""


class Office(Instance):
    """An instance with books: which tasks are open, and which of them are held."""

    def __init__(self, drawing: Drawing, luck: random.Random) -> None:
        self.luck = luck
        self.open: set[int] = set()
        self.held: set[int] = set()
        self.ever: set[int] = set()
        super().__init__(graph(*drawing.body), **drawing.data)

    def take(self, outcome: Outcome) -> Outcome:
        completed = {token.id for token in outcome.change.completed if token.wait is Wait.TASK}
        assert completed <= self.open - self.held
        self.open -= completed
        for command in outcome.commands:
            if isinstance(command, CreateTask):
                assert command.token not in self.ever
                self.ever.add(command.token)
                self.open.add(command.token)
            elif isinstance(command, CancelTask):
                self.open.remove(command.token)
                self.held.discard(command.token)
            elif isinstance(command, HoldTask):
                assert command.token not in self.held
                self.held.add(command.token)
            elif isinstance(command, ResumeTask):
                self.held.remove(command.token)
        live = [token for token in outcome.state.tokens if token.wait is Wait.TASK]
        assert {token.id for token in live} == self.open
        assert {token.host for token in live if token.host} == self.held
        return super().take(outcome)

    def tasks(self) -> list[Token]:
        return [token for token in self.state.tokens if token.id in self.open - self.held]

    def completion(self, token: Token) -> TaskCompleted:
        return TaskCompleted(token.id, {"outcome": "yes", f"again{token.element}": False})

    def attempt(self, event: Event) -> bool:
        """Send an event that may be refused, for one of the expected reasons only."""
        before = self.state
        try:
            self.send(event)
        except BpmnError as refusal:
            assert refusal.code in EXPECTED, refusal.code  # noqa: PT017 any of these, or none
            assert self.state == before
            return False
        return True

    def act(self) -> None:
        """Something that people or the world might do."""
        pick = self.luck.choice
        anything = [token.id for token in self.state.tokens]
        tasks = [token for token in self.state.tokens if token.wait is Wait.TASK]
        acts: list[Callable[[], Event]] = [self._go_on, self._go_on, self._go_on]
        if tasks:
            task = pick(tasks)
            acts += [self._send_back(task), self._send_back(task)]
            acts += [
                lambda: SendBack(task.id, self._done_before(), self.history, direct=True),
                lambda: AddSigners(task.id, pick([("zhao",), ("qian", "sun")]), pick(["before", "after"])),
                lambda: Delegate(task.id, "zhou"),
                lambda: AddInstances(task.id, ("wu",)),
            ]
        ended = [token.id for token in self.completed if token.wait is Wait.TASK] or [1]
        acts += [
            lambda: Withdraw(pick(ended[-3:]), self.history),
            lambda: Withdraw(pick(ended), self.history),
            lambda: RemoveSigner(pick(anything)),
            lambda: pick([Suspend(), Resume()]),
        ]
        self.attempt(pick(acts)())

    def _send_back(self, task: Token) -> Callable[[], Event]:
        return lambda: SendBack(task.id, self._done_before(), self.history)

    def _done_before(self) -> str:
        return self.luck.choice(["", *(token.element for token in self.completed)])

    def _go_on(self) -> Event:
        ready = [t for t in self.state.tokens if t.wait in (Wait.ACTION, Wait.TIMER)] + self.tasks()
        return self._answer(self.luck.choice(ready)) if ready else Resume()

    def _answer(self, token: Token) -> Event:
        if token.wait is Wait.TIMER:
            return TimerFired(token.id)
        if token.wait is Wait.ACTION:
            return ActionDone(token.id)
        again = f"again{token.element}"
        return TaskCompleted(token.id, {"outcome": self.luck.choice(["yes", "no"]), again: self.luck.random() < 0.3})

    def drive_home(self) -> None:
        """Do what is left, and see that it ends."""
        if self.state.suspended:
            self.send(Resume())
        for _ in range(400):
            if self.state.ended:
                return
            actions = [token for token in self.state.tokens if token.wait is Wait.ACTION]
            if actions:
                self.send(ActionDone(actions[0].id))
            else:
                self.send(self.completion(self.luck.choice(self.tasks())))
        raise AssertionError(f"it does not end: {self.places}")


def _office(block: Block, luck: random.Random, acts: int) -> Office:
    office = Office(draw(block), luck)
    for _ in range(acts):
        if not office.state.ended:
            office.act()
    return office


@TASTE
@given(blocks(several=True), st.randoms(use_true_random=False), st.integers(0, 25))
def test_whatever_is_done_nothing_is_lost_and_the_case_can_end(block: Block, luck: random.Random, acts: int) -> None:
    office = _office(block, luck, acts)
    office.drive_home()
    assert not office.open
    assert not office.held


@TASTE
@given(blocks(several=True), st.randoms(use_true_random=False), st.integers(0, 20))
def test_completions_commute_whatever_was_done(block: Block, luck: random.Random, acts: int) -> None:
    office = _office(block, luck, acts)
    if office.state.suspended:
        office.send(Resume())
    tasks = office.tasks()
    if len(tasks) < 2:
        return
    one, two = luck.sample(tasks, 2)
    shapes = [_after(office, first, second) for first, second in ((one, two), (two, one))]
    if None not in shapes:  # else one of them takes the other away, and only one of both happens
        assert shapes[0] == shapes[1]


def _after(office: Office, first: Token, second: Token) -> Counter[tuple[object, ...]] | None:
    state, outcome, data, books = office.state, office.outcome, office.data, (set(office.open), set(office.held))
    ended = list(office.completed), list(office.cancelled), set(office.ever)
    try:
        office.send(office.completion(first))
        if second.id not in office.open:
            return None
        office.send(office.completion(second))
        return shape(office.state)
    finally:
        office.state, office.outcome, office.data = state, outcome, data
        office.open, office.held = books
        office.completed, office.cancelled, office.ever = ended


def shape(state: State) -> Counter[tuple[object, ...]]:
    """The state without ids: where tokens stand, inside which sub-processes, hanging on what."""
    live = {token.id: token for token in state.tokens}

    def place(number: int) -> tuple[object, ...]:
        token = live.get(number)
        return () if token is None else (token.element, token.wait, token.flow, place(token.scope), place(token.host))

    return Counter((*place(token.id), token.name, token.turn) for token in state.tokens)


class Told:
    """What was completed and still counts, told by the drawing alone: which activity comes after which."""

    def __init__(self, block: Block) -> None:
        self.paths: dict[str, list[tuple[Block, int]]] = {}
        self._walk(block, [])
        self.log: list[tuple[str, bool, dict[str, int]]] = []

    def _walk(self, block: Block, path: list[tuple[Block, int]]) -> None:
        if not block.parts:
            self.paths[block.id] = path
        if block.kind == "loop":
            self.paths[f"{block.id}a"] = [*path, (block, 1)]
        for number, part in enumerate(block.parts):
            self._walk(part, [*path, (block, number)])

    def complete(self, element: str, *, again: bool) -> None:
        self.log.append(self._entry(element, again=again))

    def _entry(self, element: str, *, again: bool) -> tuple[str, bool, dict[str, int]]:
        asked = Counter(entry[0] for entry in self.log)  # a round whose question was undone was none
        rounds = {block.id: asked[f"{block.id}a"] for block, _ in self.paths[element] if block.kind == "loop"}
        return element, again, rounds

    def undo(self, element: str, sender: str) -> None:
        """Strike out the last time an activity was completed before the sender's task, and all that comes after it."""
        now = self._entry(sender, again=False)
        done = [number for number, entry in enumerate(self.log) if entry[0] == element]
        last = max(number for number in done if self._comes_after(self.log[number], now))
        entry = self.log[last]
        later = [other for other in self.log[last + 1 :] if not self._comes_after(entry, other)]
        self.log = [*self.log[:last], *later]

    def _comes_after(self, entry: tuple[str, bool, dict[str, int]], other: tuple[str, bool, dict[str, int]]) -> bool:
        for (block, branch), (other_block, other_branch) in zip(
            self.paths[entry[0]], self.paths[other[0]], strict=False
        ):
            if block is not other_block:
                break
            if block.kind == "loop" and entry[2][block.id] != other[2][block.id]:
                return True
            if branch != other_branch:
                return block.kind != "and"
        return True


@TASTE
@given(blocks(guards=False), st.randoms(use_true_random=False), st.integers(1, 30))
def test_sent_back_a_case_stands_as_if_only_what_still_counts_had_been_done(
    block: Block, luck: random.Random, steps: int
) -> None:
    drawing = draw(block)
    case, told = Instance(graph(*drawing.body), **drawing.data), Told(block)
    for _ in range(steps):
        tasks = [token for token in case.state.tokens if token.wait is Wait.TASK]
        if tasks and told.log and luck.random() < 0.4:
            target, sender = luck.choice(told.log)[0], luck.choice(tasks)
            try:
                case.send(SendBack(sender.id, target, case.history))
            except BpmnError as refusal:
                assert refusal.code == "bpmn.back_not_before"  # noqa: PT017 any of these, or none
            else:
                told.undo(target, sender.element)
                assert shape(case.state) == shape(_replayed(drawing, told).state)
            continue
        ready = [token for token in case.state.tokens if token.wait in (Wait.TASK, Wait.ACTION)]
        if not ready:
            return
        token, again = luck.choice(ready), luck.random() < 0.4
        _complete(case, token, again=again)
        told.complete(token.element, again=again)


@pytest.mark.parametrize("luck", range(40))
def test_what_met_at_a_join_that_ended_its_sub_process_waits_there_again(luck: int) -> None:
    """No row comes of such a join, and yet it had used its tokens up: without them it would wait for ever."""
    parts = [Block("sub", [Block("service")]), Block("seq", [Block("task")]), Block("sub", [Block("task")])]
    block = Block("loop", [Block("sub", [Block("and", parts)])], 1)
    sent_back = test_sent_back_a_case_stands_as_if_only_what_still_counts_had_been_done.hypothesis.inner_test
    sent_back(block, random.Random(luck), 12)


def _replayed(drawing: Drawing, told: Told) -> Instance:
    """A fresh instance in which only that was completed which still counts."""
    case = Instance(graph(*drawing.body), **drawing.data)
    for element, again, _ in told.log:
        (token,) = [t for t in case.state.tokens if t.element == element and t.wait in (Wait.TASK, Wait.ACTION)]
        _complete(case, token, again=again)
    return case


def _complete(case: Instance, token: Token, *, again: bool) -> None:
    if token.wait is Wait.ACTION:
        case.send(ActionDone(token.id))
    else:
        case.done_token(token.id, **{f"again{token.element}": again})


ROW: dict[str, st.SearchStrategy[object]] = {
    "id": st.integers(0, 12),
    "element": st.sampled_from(["task0", "s", "and0j", "sub0", "nowhere", ""]),
    "wait": st.sampled_from(list(Wait)),
    "scope": st.integers(0, 8),
    "host": st.integers(0, 8),
    "flow": st.sampled_from(["", "s_task0"]),
    "origins": st.lists(st.integers(-1, 12), max_size=3).map(tuple),
    "turn": st.integers(0, 2),
    "data": st.sampled_from(["", "{", '{"instead":1}', '{"again":1}', '{"instead":"x"}', '{"again":3}', '{"own":{}}']),
}


@settings(max_examples=200, deadline=None)
@given(blocks(several=True), st.randoms(use_true_random=False), st.integers(1, 12), st.data())
def test_a_damaged_history_gives_typed_errors_only(
    block: Block, luck: random.Random, acts: int, data: st.DataObject
) -> None:
    office = _office(block, luck, acts)
    if office.state.ended:
        return
    if office.state.suspended:
        office.send(Resume())
    rows = list(office.history.completed)
    for _ in range(data.draw(st.integers(1, 3))):
        if rows:
            number = luck.randrange(len(rows))
            name = data.draw(st.sampled_from([*ROW, "", "twice"]))
            if name in ROW:
                rows[number] = rows[number]._replace(**{name: data.draw(ROW[name])})
            else:
                rows[number : number + 1] = [] if not name else [rows[number]] * 2
    history = History(tuple(rows), office.history.cancelled)
    events: list[Event] = [Withdraw(token.id, history) for token in rows]
    for token in office.state.tokens:
        events += [SendBack(token.id, other.element, history) for other in rows] + [SendBack(token.id, "", history)]
    for event in events:
        with contextlib.suppress(BpmnError):
            state = step(office.graph, office.state, event, office.data, office.now).state
            assert len({token.id for token in state.tokens}) == len(state.tokens)
