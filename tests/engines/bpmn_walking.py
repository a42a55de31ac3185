"""Every state that the engine itself can bring a process to, whatever is done, happens and is true."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engines.bpmn_drawing import NOW
from zhengtong.engines.bpmn import (
    ActivityStarted,
    AdHocEnded,
    BpmnError,
    ErrorRaised,
    Event,
    Graph,
    Kind,
    MessageReceived,
    Node,
    Outcome,
    State,
    TaskCompleted,
    TimerFired,
    Token,
    Wait,
    start,
    step,
)
from zhengtong.engines.bpmn.state import NOTES, SCOPES

MOST_STATES = 1000
MOST_ASKED = 7
"""So many answers are tried both ways within one step, enough for what goes round without resting."""


class TooManyStatesError(Exception):
    """More than is walked in a test."""


class Facts(Mapping[str, object]):
    """Data in which every name is true or false, chosen anew each time it is asked for: `answers` first, then false."""

    def __init__(self, answers: list[bool]) -> None:
        self.answers = answers
        self.asked = 0
        self._copied: bool | None = None

    def _choose(self) -> bool:
        if self.asked == MOST_ASKED:
            return False
        if self.asked == len(self.answers):
            self.answers.append(False)
        self.asked += 1
        return self.answers[self.asked - 1]

    def __contains__(self, name: object) -> bool:
        self._copied = None
        return True

    def __getitem__(self, name: str) -> object:
        return self._choose() if self._copied is None else self._copied

    def __iter__(self) -> Iterator[str]:
        """Who copies the data asks for one name of the copy."""
        self._copied = self._choose()
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


NAMES = [*(f"c{number}" for number in range(40)), "again", "enough", "several"]
"""What conditions of walked processes may ask."""


@dataclass
class Walked:
    """What the engine does with a process: where it gets stuck, goes round for ever, crowds, and what it reaches.

    `stuck_alone` are the joins that got stuck in some state though they did not wait for a sub-process that is stuck.
    """

    stuck: set[str] = field(default_factory=set)
    stuck_alone: set[str] = field(default_factory=set)
    crowded: bool = False
    endless: bool = False
    reached: set[str] = field(default_factory=set)

    @property
    def faulty(self) -> bool:
        return bool(self.stuck) or self.crowded or self.endless


Key = tuple[object, ...]


def walk(process: Graph) -> Walked:
    """Every state that can be reached; those with two tokens at one place are not gone on from."""
    walked = Walked()
    known: dict[Key, State] = {}
    after: dict[Key, list[Key] | None] = {}
    frontier: deque[Key] = deque()

    def arrive(outcome: Outcome) -> Key:
        key = _key(outcome.state)
        if key not in known:
            known[key] = outcome.state
            frontier.append(key)
        walked.reached.update(token.element for token in (*outcome.state.tokens, *outcome.change.done))
        return key

    for outcome in _outcomes(lambda facts: start(process, facts, NOW)):
        arrive(outcome)
    while frontier:
        if len(known) > MOST_STATES:
            raise TooManyStatesError
        key = frontier.popleft()
        state = known[key]
        if _crowded(state):
            walked.crowded = True
            after[key] = None
            continue
        after[key] = [arrive(outcome) for event in _events(process, state) for outcome in _after(process, state, event)]
        for scope, joins in _stuck(state).items():
            walked.stuck |= joins
            walked.stuck_alone |= {name for name in joins if not _is_held_up(process, state, scope, name)}
    walked.endless = _endless(after)
    return walked


def _outcomes(go: Callable[[Facts], Outcome]) -> Iterator[Outcome]:
    """What comes of every way of answering; what the engine refuses has not happened."""
    answers: list[bool] = []
    while True:
        facts = Facts(answers)
        try:
            yield go(facts)
        except BpmnError as refused:
            if refused.code not in ("bpmn.endless", "bpmn.no_true_condition"):
                raise
        answers = facts.answers[: facts.asked]
        while answers and answers[-1]:
            answers.pop()
        if not answers:
            return
        answers[-1] = True


def _after(process: Graph, state: State, event: Event) -> Iterator[Outcome]:
    return _outcomes(lambda facts: step(process, state, event, facts, NOW))


def _events(process: Graph, state: State) -> Iterator[Event]:
    """Whatever may happen; one of several tokens that stand alike is enough."""
    seen = set()
    inside = _inside(state)
    for token in state.tokens:
        alike = (_place(token, inside), _around(state, token))
        if alike in seen:
            continue
        seen.add(alike)
        if token.wait is Wait.TASK:
            for outcome in _node(process, token).outcomes or ("",):
                yield TaskCompleted(token.id, {"outcome": outcome} if outcome else {})
            yield ErrorRaised(token.id, "x")
        elif token.wait is Wait.TIMER:
            yield TimerFired(token.id)
        elif token.wait is Wait.MESSAGE:
            yield MessageReceived(token.name, token=token.id)
        elif token.wait is Wait.ADHOC:
            yield from _offered(process, token, inside)


def _offered(process: Graph, token: Token, inside: dict[int, list[Token]]) -> Iterator[Event]:
    """What is on offer is started where it is not done just now; without a condition somebody may say it is over."""
    adhoc = _node(process, token).adhoc
    assert adhoc is not None
    under_way = {each.element for each in inside.get(token.id, ())}
    for element in adhoc.offers:
        if element not in under_way:
            yield ActivityStarted(token.id, element)
    if adhoc.until is None:
        yield AdHocEnded(token.id)


def _node(process: Graph, token: Token) -> Node:
    return next(
        each.nodes[token.element] for each in (process, *process.library.values()) if token.element in each.nodes
    )


def _around(state: State, token: Token) -> tuple[int, ...]:
    return (token.scope, token.host)


def _inside(state: State) -> dict[int, list[Token]]:
    inside: dict[int, list[Token]] = {}
    for token in state.tokens:
        inside.setdefault(token.scope, []).append(token)
    return inside


def _key(state: State) -> Key:
    """The same for two states that differ only in the numbers of their tokens, or in how often a loop went round."""
    inside = _inside(state)
    return _places(inside.get(0, ()), inside)


def _places(tokens: Iterable[Token], inside: dict[int, list[Token]]) -> Key:
    """Where they stand; of notes that say the same one is enough."""
    notes = {_place(token, inside) for token in tokens if token.wait in NOTES}
    return tuple(sorted([*notes, *(_place(token, inside) for token in tokens if token.wait not in NOTES)], key=repr))


def _place(token: Token, inside: dict[int, list[Token]]) -> Key:
    within = _places(inside.get(token.id, ()), inside)
    counted = token.turn if token.wait in (Wait.TIMER, Wait.RESULT) or "turn" in token.element else 0
    return (token.element, token.wait.value, token.flow if token.wait is Wait.JOIN else "", counted, within)


def _crowded(state: State) -> bool:
    places = Counter(
        (token.scope, token.host, token.element, token.flow if token.wait is Wait.JOIN else "")
        for token in state.tokens
        if not token.turn and token.wait not in NOTES
    )
    return max(places.values(), default=0) > 1


def _stuck(state: State) -> dict[int, set[str]]:
    """The joins of scopes in which nothing can happen any more, by scope."""
    inside = _inside(state)

    def lives(scope: int) -> bool:
        return any(  # where something is on offer, it can be started
            lives(token.id) if token.wait in SCOPES - {Wait.ADHOC} else token.wait is not Wait.JOIN
            for token in inside.get(scope, ())
            if token.wait not in NOTES
        )

    scopes = [0, *(token.id for token in state.tokens if token.wait in SCOPES)]
    stuck = [scope for scope in scopes if inside.get(scope) and not lives(scope)]
    return {scope: {token.element for token in inside[scope] if token.wait is Wait.JOIN} for scope in stuck}


def _is_held_up(process: Graph, state: State, scope: int, join: str) -> bool:
    """Whether a stuck join waits for the sub-processes beside it, which are stuck: nothing else beside it can move.

    A parallel one only does where each flow that it lacks can be come to from them; an inclusive one waits for one.
    """
    beside = _inside(state)[scope]
    graph = next(each for each in (process, *process.library.values()) if join in each.nodes)
    came = {token.flow for token in beside if token.wait is Wait.JOIN and token.element == join}
    lacked = {flow.id for node in graph.nodes.values() for flow in node.outgoing if flow.target == join} - came
    ahead = _ahead(graph, [token.element for token in beside if token.wait in SCOPES], join)
    return bool(lacked) and (lacked <= ahead if graph.nodes[join].kind is Kind.PARALLEL else bool(lacked & ahead))


def _ahead(graph: Graph, names: list[str], join: str) -> set[str]:
    """The flows that can be come to from some elements, those behind a join left out."""
    flows: set[str] = set()
    seen = {join}
    while names:
        name = names.pop()
        if name not in seen:
            seen.add(name)
            node = graph.nodes[name]
            flows |= {flow.id for flow in node.outgoing}
            names += [*(flow.target for flow in node.outgoing), *node.attached]
    return flows


def _endless(after: Mapping[Key, list[Key] | None]) -> bool:
    """Whether some state leads to no end, no standstill and nothing left unseen."""
    before: dict[Key, set[Key]] = {key: set() for key in after}
    for key, following in after.items():
        for name in following or ():
            before[name].add(key)
    seen = {key for key, following in after.items() if not following}
    stack = list(seen)
    while stack:
        fresh = before[stack.pop()] - seen
        seen |= fresh
        stack += fresh
    return seen != set(after)
