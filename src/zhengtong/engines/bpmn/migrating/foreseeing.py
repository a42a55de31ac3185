"""What can become of an instance: whether it can always end, told by going every way the engine itself could go."""

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial

from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Graph, Kind, Node, Repeat
from zhengtong.engines.bpmn.locating import locate
from zhengtong.engines.bpmn.migrating.beginning import Begin, begin_waiting
from zhengtong.engines.bpmn.migrating.freeing import free, free_state
from zhengtong.engines.bpmn.migrating.parting import Branches
from zhengtong.engines.bpmn.state import NOTES, SCOPES, State, Token, Wait
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.bpmn.steps.stepping import Outcome, start, step
from zhengtong.engines.bpmn.verbs.asked import asked_of

STATE_LIMIT = 5000
"""States gone on from before the answer is “undecided”: a second or two."""
_TOKENS_A_STATE = 20  # on the average: where each time round leaves a note, states grow and cost more and more
_WAYS_LIMIT = 256
_UNTOLD = frozenset({"bpmn.endless", "bpmn.too_nested", "bpmn.state_damaged"})
_NOW = datetime(2000, 1, 1, tzinfo=UTC)
_DECIDING = frozenset({Wait.OVER, Wait.DONE, Wait.SIGNERS})
"""Notes on which it depends what comes next."""
_COUNTING = frozenset({Wait.MANY, Wait.SIGNERS})
_STILL = SCOPES | NOTES | {Wait.JOIN, Wait.CHOICE}


class Ending(StrEnum):
    """Whether an instance can end, whatever happens to it."""

    CAN = "can end"
    CANNOT = "cannot end"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Prospect:
    """The answer, how many states were looked at, and where it would get stuck."""

    ending: Ending
    states: int
    stuck: tuple[str, ...] = ()


class Prospects:
    """What can become of instances of one process. Kept by who asks about many: equal places get equal answers.

    Every way is gone from the state on: any outcome, any condition, any order of events, errors where something
    catches them. `CAN` says that an end can be reached from each state that can be reached; `CANNOT` that from some
    state it cannot. Events that do not interrupt are let happen once, and of an ad-hoc sub-process one activity at a
    time: where their paths never join, that tells all; where they do, the answer is `UNDECIDED` unless something is
    stuck already. With `overtaken` other things may happen while an action is not answered. Without `apart` every order
    of what happens in branches that do not touch one another is gone through as well.
    """

    def __init__(self, graph: Graph, limit: int = STATE_LIMIT, *, overtaken: bool = False, apart: bool = True) -> None:
        self._oracle = _Oracle()
        self._overtaken = overtaken
        self.apart = apart
        self.graph = free(graph, self._oracle.ask)
        self.limit = limit
        self._known: dict[object, Prospect] = {}
        self.safe: set[object] = set()  # places from which it can end, as it can from whatever follows one that can
        self._graphs = (self.graph, *self.graph.library.values())
        self._errors = sorted({node.code for each in self._graphs for node in each.nodes.values() if _catches(node)})
        self._branches = Branches(self._graphs, self.node)
        self._in_turn = {
            name
            for each in self._graphs
            for name, node in each.nodes.items()
            if node.loop is not None and node.loop.repeat is Repeat.IN_TURN
        }

    def of(self, state: State, begins: Iterable[Begin] = ()) -> Prospect:
        """What can become of an instance at `state`, once what `begins` has begun to wait."""
        if not state.tokens:
            return Prospect(Ending.CAN, 0)
        run = Run(self.graph, free_state(state), NOTHING, _NOW)
        begin_waiting(run, begins)
        first = run.result()[0]
        key = self.key(first)
        if key in self.safe:
            return Prospect(Ending.CAN, 0)
        if key not in self._known:
            walk = _Walk(self, first, key)
            self._known[key] = walk.result()
            if self._known[key].ending is Ending.CAN:
                self.safe.update(walk.states)
        return self._known[key]

    def node(self, state: State, token: Token) -> Node:
        """The node at which a token stands."""
        return locate(self.graph, state, token.id) if self.graph.library else self.graph.nodes[token.element]

    def key(self, state: State) -> object:
        """The same for all states that differ only in the numbers of their tokens and the data they keep."""
        forms: dict[int, list[object]] = {}
        for token in reversed(state.tokens):
            if token.wait in NOTES and token.wait not in _DECIDING:
                continue
            kept: tuple[object, ...] = (token.turn,) if token.element in self._in_turn else ()
            if token.wait in _COUNTING or (token.wait is Wait.TASK and asked_of(token)[1]):
                kept += (token.data,)  # which says what is still to be done
            by = token.flow if token.wait is Wait.JOIN else "." * bool(token.flow)
            below = tuple(sorted(forms.pop(token.id, ()), key=repr))
            form = (token.element, token.wait.value, by, token.name, kept, bool(token.host), below)
            forms.setdefault(token.host or token.scope, []).append(form)
        return tuple(sorted(forms.pop(0, ()), key=repr))

    def following(self, state: State, *, apart: bool = False) -> Iterator[State | None]:
        """Every state that one event can lead to; None where there are more than were looked at.

        With `apart` only some of them, where branches do not touch one another: enough to tell whether all can end.
        """
        first = self._branches.first(state) if apart else None
        for event, happened in self._events(state, first):
            for after in self._oracle.ways(partial(step, self.graph, state, event, NOTHING, _NOW)):
                yield self._once(after, happened) if after is not None else None

    def beginnings(self) -> Iterator[State | None]:
        """Every state in which an instance can begin."""
        for name in self.graph.starts:
            yield from self._oracle.ways(partial(start, self.graph, NOTHING, _NOW, name))

    def _events(self, state: State, first: Container[int] | None) -> Iterator[tuple[on.Event, tuple[Token, ...]]]:
        """What may happen next, to `first` where given. Actions and decisions are answered before anything else."""
        asked = [token for token in state.tokens if token.wait in (Wait.ACTION, Wait.DECISION)]
        for token in asked[:1] if asked and not self._overtaken else state.tokens:
            if first is not None and token.id not in first and (self._overtaken or not asked):
                continue
            if token.wait is Wait.TASK:
                outcomes = self.node(state, token).outcomes
                yield on.TaskCompleted(token.id, {"outcome": outcomes[0]} if outcomes else NOTHING), ()
            elif token.wait is Wait.MESSAGE:
                yield on.MessageReceived(token.name, token=token.id), (token,)
            elif token.wait is Wait.SIGNAL:
                alike = tuple(t for t in state.tokens if t.wait is Wait.SIGNAL and t.name == token.name)
                if alike[0] is token:
                    yield on.SignalReceived(token.name), alike
            elif token.wait is Wait.ADHOC:
                yield from ((event, ()) for event in self._improvised(state, token))
            elif token in asked:
                yield on.ActionDone(token.id), ()
            if token in asked or token.wait is Wait.TASK:
                yield from ((on.ErrorRaised(token.id, code or "any"), ()) for code in self._errors)

    def _improvised(self, state: State, token: Token) -> Iterator[on.Event]:
        """What people may start in an ad-hoc sub-process in which nothing runs, and that they say it is over."""
        adhoc = self.node(state, token).adhoc
        if adhoc is None:
            return
        if adhoc.until is None:
            yield on.AdHocEnded(token.id)
        if not any(other.scope == token.id and other.wait not in NOTES for other in state.tokens):
            yield from (on.ActivityStarted(token.id, offer) for offer in adhoc.offers)

    def _once(self, after: State, happened: tuple[Token, ...]) -> State:
        """The state without what waits once more for an event that does not interrupt."""
        if not happened:
            return after
        again = {(token.element, token.scope, token.host) for token in happened}
        kept = tuple(
            token
            for token in after.tokens
            if (token.element, token.scope, token.host) not in again
            or token.wait not in (Wait.MESSAGE, Wait.SIGNAL)
            or not (token.host or not token.flow)
            or self.node(after, token).interrupting
        )
        return State(kept, after.next_id)

    def is_open(self, state: State) -> bool:
        """Whether more could happen than is looked at: something unknown waits, or what happens once joins others."""
        for token in state.tokens:
            if token.wait in (Wait.MESSAGE, Wait.SIGNAL):
                node = self.node(state, token)
                beside = token.host and not node.interrupting
                if beside and any(_joins(each, node) for each in self._graphs if each.nodes.get(node.id) is node):
                    return True
            elif token.wait is Wait.ADHOC:
                node = self.node(state, token)
                if any(
                    _meets(other) and other.scope == node.id for each in self._graphs for other in each.nodes.values()
                ):
                    return True
            elif token.wait not in _STILL and token.wait not in (Wait.TASK, Wait.ACTION, Wait.DECISION):
                return True
        return False


def _catches(node: Node) -> bool:
    return node.trigger == "error" and (bool(node.host) or node.kind is Kind.START)


def _meets(node: Node) -> bool:
    return node.kind in (Kind.PARALLEL, Kind.INCLUSIVE) and node.incoming > 1


def _joins(graph: Graph, node: Node) -> bool:
    """Whether a path from `node` reaches a gateway where it meets others."""
    seen, stack = {node.id}, [node.id]
    while stack:
        here = graph.nodes[stack.pop()]
        if _meets(here):
            return True
        beyond = {flow.target for flow in here.outgoing} | {name for name in here.attached if name not in seen}
        stack += beyond - seen
        seen |= beyond
    return False


@dataclass
class _Oracle:
    """Answers each condition in every way: a step is made again until no way is left."""

    answers: list[bool] = field(default_factory=list)
    place: int = 0

    def ask(self) -> bool:
        if self.place == len(self.answers):
            self.answers.append(False)
        self.place += 1
        return self.answers[self.place - 1]

    def ways(self, made: Callable[[], Outcome]) -> Iterator[State | None]:
        """Where a step may lead; ways on which the engine refuses to go lead nowhere."""
        self.answers.clear()
        for _ in range(_WAYS_LIMIT):
            self.place = 0
            answers = self.answers
            try:
                yield made().state
            except BpmnError as error:
                if error.code in _UNTOLD:
                    yield None
            self.answers = answers[: self.place]
            while self.answers and self.answers[-1]:
                self.answers.pop()
            if not self.answers:
                return
            self.answers[-1] = True
        yield None


class _Walk:
    """One walk through the states that can follow, breadth first."""

    def __init__(self, prospects: Prospects, first: State, key: object) -> None:
        self.prospects = prospects
        self.states: dict[object, State] = {key: first}
        self.before: dict[object, set[object]] = {key: set()}
        self.first = key
        self.complete = True

    def result(self) -> Prospect:
        """The verdict."""
        ends, looked = self._walk()
        escaping = self._back(ends)
        lost = [key for key in self.states if key not in escaping]
        if lost:
            left = set().union(*self.before.values())
            stuck = next((key for key in lost if key not in left), lost[0])
            places = {token.element for token in self.states[stuck].tokens if token.wait not in NOTES}
            return Prospect(Ending.CANNOT, looked, tuple(sorted(places)))
        return Prospect(Ending.CAN if self.complete else Ending.UNDECIDED, looked)

    def _walk(self) -> tuple[set[object], int]:
        """The states from which an end is reached at once, or of which not all that follows was seen."""
        ends: set[object] = set()
        frontier, looked, tokens = deque([self.first]), 0, 0
        while frontier:
            key = frontier.popleft()
            if key in self.prospects.safe:
                ends.add(key)
                continue
            if looked >= self.prospects.limit or tokens >= self.prospects.limit * _TOKENS_A_STATE:
                self.complete = False
                ends.add(key)
                continue
            looked += 1
            tokens += len(self.states[key].tokens)
            if self.prospects.is_open(self.states[key]):
                self.complete = False
            for after in self.prospects.following(self.states[key], apart=self.prospects.apart):
                if after is None or after.ended:
                    self.complete = self.complete and after is not None
                    ends.add(key)
                elif self._arrive(after, key):
                    frontier.append(self.prospects.key(after))
        return ends, looked

    def _arrive(self, after: State, origin: object) -> bool:
        """Note a state and where it comes from; answers whether it is new."""
        key = self.prospects.key(after)
        fresh = key not in self.states
        if fresh:
            self.states[key] = after
        self.before.setdefault(key, set()).add(origin)
        return fresh

    def _back(self, ends: set[object]) -> set[object]:
        """The states from which one of `ends` can be reached."""
        seen, stack = set(ends), list(ends)
        while stack:
            fresh = self.before.get(stack.pop(), set()) - seen
            seen |= fresh
            stack += fresh
        return seen
