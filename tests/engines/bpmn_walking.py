"""Random tangles of gateways, and every state the engine itself can bring them to."""

from collections import Counter, deque
from dataclasses import dataclass, field

from hypothesis import strategies as st

from engines.bpmn_drawing import NOW, flow, graph, node, task
from zhengtong.engines.bpmn import Graph, State, TaskCompleted, Wait, start, step

KINDS = ("exclusiveGateway", "exclusiveGateway", "parallelGateway", "parallelGateway", "terminate")


@dataclass(frozen=True)
class Tangle:
    """Gateways by kind, and flows between them: `start` is the first gateway, -1 the end."""

    kinds: tuple[str, ...]
    flows: tuple[tuple[int, int], ...]


@st.composite
def tangles(draw: st.DrawFn) -> Tangle:
    """Up to seven gateways with up to three flows each; those that no flow enters are left out."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=7))
    flows = []
    for number, kind in enumerate(kinds):
        most = 0 if kind == "terminate" else 3
        targets = st.lists(st.integers(-1, len(kinds) - 1), min_size=min(most, 1), max_size=most)
        flows += [(number, target) for target in draw(targets)]
    kept = set(range(len(kinds)))
    while True:
        entered = {0} | {target for source, target in flows if source in kept}
        if kept <= entered:
            break
        kept &= entered
    flows = [(source, target) for source, target in flows if source in kept]
    return Tangle(tuple(kind if number in kept else "" for number, kind in enumerate(kinds)), tuple(flows))


def draw_tangle(tangle: Tangle) -> Graph:
    """A task on every flow, so that tokens rest on flows as they do in the theory; `pick` decides at every choice."""
    body = [node("startEvent", "s"), task("t"), flow("s", "t"), flow("t", "g0")]
    body += [node("endEvent", "e")] if any(target < 0 for _, target in tangle.flows) else []
    places: Counter[int] = Counter()
    for number, (source, target) in enumerate(tangle.flows):
        asked = f"pick = {places[source]}" if tangle.kinds[source] == "exclusiveGateway" and places[source] else None
        name = f"t{number}"
        body += [task(name), flow(name, f"g{target}" if target >= 0 else "e")]
        body.append(flow(f"g{source}", name, asked, name=f"f{source}_{places[source]}"))
        places[source] += 1
    for number, kind in enumerate(tangle.kinds):
        if kind == "terminate":
            body.append(node("endEvent", f"g{number}", node("terminateEventDefinition", f"d{number}")))
        elif kind:
            default = {"default": f"f{number}_0"} if kind == "exclusiveGateway" and places[number] > 1 else {}
            body.append(node(kind, f"g{number}", **default))
    return graph(*body)


Key = tuple[tuple[str, str], ...]


@dataclass
class Walked:
    """What the engine does with a process: where it gets stuck, goes round for ever, crowds, and what it reaches."""

    stuck: set[str] = field(default_factory=set)
    crowded: bool = False
    endless: bool = False
    reached: set[str] = field(default_factory=set)


def walk(process: Graph) -> Walked:
    """Every state that can be reached; those with two tokens at one place are not gone on from."""
    walked = Walked()
    first = start(process, {}, NOW).state
    known = {_key(first): first}
    frontier, after = deque(known), {}
    while frontier:
        key = frontier.popleft()
        state = known[key]
        walked.reached |= {token.element for token in state.tokens}
        if max(Counter(key).values(), default=0) > 1:
            walked.crowded = True
            after[key] = None
            continue
        after[key] = []
        for following in _following(process, state):
            name = _key(following)
            after[key].append(name)
            if name not in known:
                known[name] = following
                frontier.append(name)
        if not after[key] and state.tokens:
            walked.stuck |= {token.element for token in state.tokens if token.wait is Wait.JOIN}
    walked.endless = _endless(after)
    return walked


def _key(state: State) -> Key:
    return tuple(sorted((token.element, token.flow if token.wait is Wait.JOIN else "") for token in state.tokens))


def _following(process: Graph, state: State) -> list[State]:
    found = []
    for token in state.tokens:
        if token.wait is Wait.TASK:
            (leaving,) = process.nodes[token.element].outgoing
            ways = max(1, len(process.nodes[leaving.target].outgoing))
            found += [
                step(process, state, TaskCompleted(token.id, {"pick": way}), {}, NOW).state for way in range(ways)
            ]
    return found


def _endless(after: dict[Key, list[Key] | None]) -> bool:
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
