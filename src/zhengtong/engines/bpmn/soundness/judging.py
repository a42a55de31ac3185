"""What the states of a net say: where it gets stuck, goes round for ever, crowds or grows."""

from collections.abc import Iterator

from zhengtong.engines.bpmn.soundness.exploring import Space, States
from zhengtong.engines.bpmn.soundness.faults import Fault
from zhengtong.engines.bpmn.soundness.nets import Join, Net

MOST_GROWTHS_TRIED = 200


def judge(space: Space, states: States, before: tuple[str, ...]) -> list[Fault]:
    """The faults of a level. `before` are the elements that lead to its entry."""
    judge = _Judge(space, states, before)
    return [*judge.deadlocks(), *judge.crowds(), *judge.rounds()]


class _Judge:
    def __init__(self, space: Space, states: States, before: tuple[str, ...]) -> None:
        self.space = space
        self.net: Net = space.net
        self.states = states
        self.before = before

    def _witness(self, state: int, *also: tuple[str, int]) -> tuple[str, ...]:
        """The elements passed on the way to `state` and by the firings after it."""
        passed = list(self.before)
        for vertex, number in (*self.states.way(state), *also):
            outcome = self.space.outcome(vertex, number)
            passed += [self.net.vertices[vertex].element, *outcome.path]
            for edge in sorted(outcome.edges):
                passed += self.net.edges[edge].via
        return tuple(element for element in passed if element)

    def _single(self, state: int) -> bool:
        """Whether no edge holds more than one token."""
        return max(self.states.markings[state]) <= 1

    # Stuck: tokens are left and nothing can fire

    def deadlocks(self) -> Iterator[Fault]:
        seen: set[str] = set()
        for state, opened in enumerate(self.states.opened):
            if opened and not self.states.steps[state] and self._single(state):
                for name in self.space.waiting(self.states.markings[state]):
                    if name not in seen:
                        seen.add(name)
                        yield self._deadlock(name, state)

    def _deadlock(self, name: str, state: int) -> Fault:
        vertex, marking = self.net.vertices[name], self.states.markings[state]
        missing = tuple(
            self.net.edges[number].flow for number in sorted(vertex.incoming) if not marking[self.space.places[number]]
        )
        params = {"missing": ", ".join(missing), "flows": missing}
        return Fault("soundness.deadlock", (vertex.element,), self._witness(state), params)

    # Crowded: a token comes where one lies already

    def crowds(self) -> Iterator[Fault]:
        growing: set[str] = set()
        for earlier, state in self._growths():
            if not growing & self._round(earlier, state):
                growing |= self._downstream(self._round(earlier, state))
                yield self._growth(earlier, state)
        told: set[str] = set()
        yield from self._meetings(told)
        for state, opened in enumerate(self.states.opened):
            if not opened or not self._single(state):
                continue
            for vertex, number, following in self.states.steps[state]:
                if following < 0 or self._single(following) or vertex in told:
                    continue
                if vertex not in growing or self._meeting(vertex, state):
                    told |= self._downstream({vertex})
                    witness = self._witness(state, (vertex, number))
                    yield Fault("soundness.lack_of_synchronisation", (self._place(vertex, state),), witness)

    def _meetings(self, told: set[str]) -> Iterator[Fault]:
        """Where branches of one split meet unjoined and nothing is left to do, so that nothing crowds behind them."""
        closing = [name for name in self.net.vertices if self._closes(name)]
        meets = {
            (source, number): name
            for name in closing
            for source, vertex in self.net.vertices.items()
            for number, outcome in enumerate(vertex.outcomes)
            if len(outcome.edges & self.net.vertices[name].incoming) > 1
        }
        for state, (_, source, number) in enumerate(self.states.origins):
            name = meets.get((source, number), "")
            if name and name not in told:
                told.add(name)
                place = self._place(name, state)
                yield Fault("soundness.lack_of_synchronisation", (place,), self._witness(state))

    def _closes(self, name: str) -> bool:
        vertex = self.net.vertices[name]
        ends = all(not outcome.edges for outcome in vertex.outcomes) and not all(o.leaving for o in vertex.outcomes)
        return bool(vertex.element) and vertex.join is Join.EACH and len(vertex.incoming) > 1 and ends

    def _filled(self, vertex: str, state: int) -> list[int]:
        """The edges into a vertex on which tokens lie."""
        marking = self.states.markings[state]
        return [edge for edge in sorted(self.net.vertices[vertex].incoming) if marking[self.space.places[edge]]]

    def _meeting(self, vertex: str, state: int) -> list[int]:
        """Edges into `vertex` that had tokens at once, last before `state`: those met there, they did not just pile up
        behind it."""
        while state >= 0:
            filled = self._filled(vertex, state)
            if len(filled) > 1:
                return filled
            state = self.states.origins[state][0]
        return []

    def _place(self, vertex: str, state: int) -> str:
        """The first merge that tokens before `vertex` have in common."""
        seen: set[str] = set()
        for number in self._meeting(vertex, state):
            edge = self.net.edges[number]
            common = next((element for element in (*edge.via, *sorted(edge.beside)) if element in seen), None)
            if common is not None:
                return common
            seen |= {*edge.via, *edge.beside}
        return self.net.vertices[vertex].element

    def _downstream(self, vertices: set[str]) -> set[str]:
        """`vertices` and whatever their tokens may reach: crowds there follow from the crowd here."""
        seen, stack = set(vertices), list(vertices)
        while stack:
            outcomes = self.net.vertices[stack.pop()].outcomes
            following = {self.net.edges[edge].target for outcome in outcomes for edge in outcome.edges}
            stack += following - seen
            seen |= following
        return seen

    # Growing: the same way can be gone again and again, and each time leaves more behind

    def _growths(self) -> Iterator[tuple[int, int]]:
        """Pairs of states, the second reached from the first and with more tokens; one for each set of edges."""
        seen: set[frozenset[int]] = set()
        crowded = (state for state in range(len(self.states.markings)) if not self._single(state))
        for _, state in zip(range(MOST_GROWTHS_TRIED), crowded, strict=False):
            earlier = self._earlier(state)
            if earlier is not None:
                grown = self._grown(earlier, state)
                if not any(other <= grown for other in seen):
                    seen.add(grown)
                    yield earlier, state

    def _earlier(self, state: int) -> int | None:
        """A state on the way that has nowhere more tokens, from which the rest of the way can be repeated."""
        marking = self.states.markings[state]
        firings: list[tuple[str, int]] = []
        at = state
        while True:
            before, vertex, number = self.states.origins[at]
            firings.insert(0, (vertex, number))
            if before < 0:
                return None
            at = before
            less = self.states.markings[at]
            if all(a <= b for a, b in zip(less, marking, strict=True)) and self._repeats(less, marking, firings):
                return at

    def _repeats(self, less: bytes, more: bytes, firings: list[tuple[str, int]]) -> bool:
        for _ in range(2):
            again = self.space.again(more, firings)
            if again is None or any(c - b != b - a for a, b, c in zip(less, more, again, strict=True)):
                return False
            less, more = more, again
        return True

    def _grown(self, earlier: int, state: int) -> frozenset[int]:
        pair = zip(self.states.markings[earlier], self.states.markings[state], strict=True)
        return frozenset(self.space.numbers[place] for place, (less, more) in enumerate(pair) if more > less)

    def _round(self, earlier: int, state: int) -> set[str]:
        """The vertices that fire from one state to the other."""
        fired: set[str] = set()
        while state != earlier:
            state, vertex, _ = self.states.origins[state]
            fired.add(vertex)
        return fired

    def _growth(self, earlier: int, state: int) -> Fault:
        piles = []
        for number in sorted(self._grown(earlier, state)):
            edge = self.net.edges[number]
            target = self.net.vertices[edge.target].element
            piles.append(edge.via[0] if edge.via else target or self.net.vertices[edge.source].element)
        return Fault("soundness.unbounded_growth", tuple(dict.fromkeys(piles)), self._witness(state))

    # Going round: from some state on neither an end nor a standstill can be reached

    def rounds(self) -> Iterator[Fault]:
        leaving = [state for state in range(len(self.states.markings)) if self._may_leave(state)]
        escaping = self._before(leaving)
        caught = [state for state in range(len(self.states.markings)) if state not in escaping]
        if caught:
            fired = self._rounds_of(caught[-1])
            elements = {name for vertex in fired for name in self.net.vertices[vertex].covers}
            yield Fault("soundness.endless", tuple(sorted(elements)), self._witness(caught[0]))

    def _may_leave(self, state: int) -> bool:
        steps = self.states.steps[state]
        return not self.states.opened[state] or not steps or any(following < 0 for _, _, following in steps)

    def _before(self, states: list[int]) -> set[int]:
        """The states from which one of `states` can be reached."""
        into: list[list[int]] = [[] for _ in self.states.markings]
        for state, steps in enumerate(self.states.steps):
            for _, _, following in steps:
                if following >= 0:
                    into[following].append(state)
        seen, stack = set(states), list(states)
        while stack:
            fresh = set(into[stack.pop()]) - seen
            seen |= fresh
            stack += fresh
        return seen

    def _rounds_of(self, state: int) -> set[str]:
        """The vertices that fire from `state` on."""
        seen, stack, fired = {state}, [state], set()
        while stack:
            for vertex, _, following in self.states.steps[stack.pop()]:
                fired.add(vertex)
                if following not in seen:
                    seen.add(following)
                    stack.append(following)
        return fired
