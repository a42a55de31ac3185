"""Walk every state of a net, breadth first, up to a limit."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zhengtong.engines.bpmn.soundness.nets import DONE, ENTRY, SINK, Join, Net, Outcome, Pace
from zhengtong.engines.bpmn.soundness.outlook import awaits

Marking = bytes
"""How many tokens lie on each edge, by place."""

Queue = tuple[int, ...]
"""The places of tokens that are under way within a step, in the order in which they move; of hurried nets only.

Those that were put by come after all others, as the complement of their place.
"""
Firing = tuple[str, tuple[int, ...]]

CROWD = 3
"""A state with more tokens on one edge than this is not gone on from."""
CROWDED_STATES = 2000
"""So many states with more than one token on an edge are gone on from."""


@dataclass(slots=True)
class States:
    """What was found: markings by number, with the first way to each and every step between them.

    `steps[i]` are (vertex, number of outcome, following state) from state `i`; a following state below zero is the
    end of the level. `opened` tells which states were gone on from; `complete` that this was so for all. Of a hurried
    net `entered` are elements at which tokens came to rest, be it in vain, and `rested` tells whether a step ever ended
    before the level did.
    """

    markings: list[Marking] = field(default_factory=list)
    origins: list[tuple[int, str, int]] = field(default_factory=list)
    steps: list[list[tuple[str, int, int]]] = field(default_factory=list)
    opened: list[bool] = field(default_factory=list)
    queues: list[Queue] = field(default_factory=list)
    fired: set[str] = field(default_factory=set)
    entered: set[str] = field(default_factory=set)
    rested: bool = False
    leaving: dict[str, int] = field(default_factory=dict)
    complete: bool = True
    hurried: bool = False

    @property
    def may_rest(self) -> bool:
        """Whether a token may rest, as far as that was looked at."""
        return self.rested or not (self.hurried and self.complete)

    def way(self, state: int) -> Iterator[tuple[str, int]]:
        """The firings that first led to `state`."""
        firings = []
        while state >= 0:
            state, vertex, outcome = self.origins[state]
            firings.append((vertex, outcome))
        return reversed(firings)


class Space:
    """The states of one net. Edges get places in a row, so that a state is a string of bytes."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.numbers = sorted(net.edges)
        self.places: Mapping[int, int] = {number: place for place, number in enumerate(self.numbers)}
        self.targets = [net.edges[number].target for number in self.numbers]
        self.inputs = {
            name: tuple(self.places[number] for number in sorted(vertex.incoming))
            for name, vertex in net.vertices.items()
        }
        self.outputs = {
            name: [tuple(self.places[number] for number in sorted(outcome.edges)) for outcome in vertex.outcomes]
            for name, vertex in net.vertices.items()
        }
        self.joins = [net.vertices[target].join for target in self.targets]
        self.rests = [net.edges[number].rests for number in self.numbers]
        self.hurried = bool(net.hurried)
        self.paces = [net.vertices[target].pace for target in self.targets]
        self.busy = [net.vertices[target].busy for target in self.targets]
        self.waiting_joins = {
            name: _Waiting(net, name, self.numbers)
            for name, vertex in net.vertices.items()
            if vertex.join is Join.INCLUSIVE
        }

    def explore(self, limit: int, *, deep: bool = False) -> States:
        """Every state, or the first `limit` of them; `deep` goes along one way before the next."""
        walk = _Walk(self)
        crowded = 0
        while walk.frontier:
            state = walk.frontier.pop() if deep else walk.frontier.popleft()
            crowd = max(walk.states.markings[state])
            crowded += crowd > 1
            if crowd > CROWD or crowded > CROWDED_STATES or len(walk.states.markings) > limit:
                walk.states.complete = False
            else:
                walk.go_on(state)
        return walk.states

    def ready(self, marking: Marking) -> Iterable[Firing]:
        """Each vertex that can fire next, with the places it takes a token from.

        Where inclusive joins wait, order matters as in the engine: whatever moves comes first; once nothing does, the
        joins that wait in vain go on; only then does something happen where tokens rest.
        """
        met, moving, resting, waiting = self._sorted(marking)
        if not self.waiting_joins:
            return met + moving + resting
        return met or moving or self._once_at_rest(marking, waiting, resting)[0]

    def in_turn(self, marking: Marking, queue: Queue) -> tuple[Iterable[tuple[Firing, Queue]], bool]:
        """The same in a hurried net, each with the tokens still under way; and whether the step is over.

        The first in the queue moves; once it is empty, what is late in the step does, in whatever order. What is raised
        inside of something, be it one at which a token rests, may come at any time meanwhile.
        """
        met, moving, resting, waiting = self._sorted(marking)
        head = max(queue[0], ~queue[0]) if queue else -1
        first = next((each for each in met + moving if head in each[1]), None)
        early = [each for each in resting if self._raises_at_once(each[1][0])]
        loose = early + [each for each in moving if self.paces[each[1][0]] is Pace.LOOSE]
        if first is not None:
            return [(first, queue[1:]), *((each, queue) for each in loose)], False
        if met or moving:
            return [(each, ()) for each in met + moving + early], False
        due, at_rest = self._once_at_rest(marking, waiting, resting)
        return [(each, ()) for each in due], at_rest

    def _raises_at_once(self, place: int) -> bool:
        """Whether something inside may be raised in the step in which a token comes to rest there."""
        return self.busy[place] and self.paces[place] is Pace.LOOSE

    def under_way(self, marking: Marking, queue: Queue, states: States) -> Queue:
        """The queue without those at its head that wait where they have come."""
        while queue and queue[0] >= 0:
            place = queue[0]
            if self.busy[place]:
                states.entered.add(self.net.vertices[self.targets[place]].element)
            if self._moves_on(marking, place):
                break
            queue = (*queue[1:], ~place) if self.paces[place] is Pace.PUT_BY else queue[1:]
        return queue

    def _moves_on(self, marking: Marking, place: int) -> bool:
        if self.joins[place] is Join.ALL:
            return all(marking[each] and not self.rests[each] for each in self.inputs[self.targets[place]])
        return not self.rests[place] and self.joins[place] is Join.EACH and self.paces[place] is Pace.PROMPT

    def setting_out(self, queue: Queue, outputs: tuple[int, ...]) -> Queue:
        """The queue with the tokens put down that are under way, before those that were put by."""
        moving = tuple(place for place in outputs if not self.rests[place] or self.busy[place])
        at = next((at for at, place in enumerate(queue) if place < 0), len(queue))
        return queue[:at] + moving + queue[at:]

    def _sorted(self, marking: Marking) -> tuple[list[Firing], list[Firing], list[Firing], dict[str, list[int]]]:
        """What can fire where all have met, moves or rests; and the places filled before each join."""
        moving: list[Firing] = []
        resting: list[Firing] = []
        met: list[Firing] = []
        waiting: dict[str, list[int]] = {}
        for place, tokens in enumerate(marking):
            if tokens:
                if self.joins[place] is Join.EACH:
                    (resting if self.rests[place] else moving).append((self.targets[place], (place,)))
                else:
                    waiting.setdefault(self.targets[place], []).append(place)
        for name, filled in waiting.items():
            if name not in self.waiting_joins and len(filled) == len(self.inputs[name]):
                (resting if any(self.rests[place] for place in filled) else met).append((name, tuple(filled)))
        return met, moving, resting, waiting

    def _once_at_rest(
        self, marking: Marking, waiting: Mapping[str, list[int]], resting: list[Firing]
    ) -> tuple[list[Firing], bool]:
        """What can fire once nothing moves, and whether nothing does without something that happens."""
        due = [
            (name, tuple(filled))
            for name, filled in waiting.items()
            if name in self.waiting_joins and not self.waiting_joins[name].awaits(marking, filled)
        ]
        at_once = [each for each in due if not any(self.rests[place] for place in each[1])]
        return (at_once, False) if at_once else (due + resting, True)

    def again(self, marking: Marking, firings: list[tuple[str, int]]) -> Marking | None:
        """The state after the same firings once more; None where one cannot happen."""
        for vertex, number in firings:
            taken = next((places for name, places in self.ready(marking) if name == vertex), None)
            if taken is None or self.outcome(vertex, number).leaving or max(marking) > 200:
                return None
            marking = put(marking, taken, self.outputs[vertex][number])
        return marking

    def outcome(self, vertex: str, number: int) -> Outcome:
        """One outcome of a vertex."""
        return self.net.vertices[vertex].outcomes[number]

    def waiting(self, marking: Marking) -> list[str]:
        """The vertices that tokens wait before."""
        return sorted({self.targets[place] for place, tokens in enumerate(marking) if tokens} - {SINK})


class _Waiting:
    """One inclusive join: the flows by which it is entered, and those that tokens on other places can still reach."""

    def __init__(self, net: Net, name: str, numbers: Sequence[int]) -> None:
        element = net.vertices[name].element
        into = net.vertices[name].incoming
        self.bits = [net.outlook.bit(element, net.edges[number].flow) if number in into else 0 for number in numbers]
        self.ahead = [net.outlook.ahead(element, net.edges[number].at) for number in numbers]

    def awaits(self, marking: Marking, filled: Sequence[int]) -> bool:
        """Whether some token elsewhere can reach a flow that has none, and none of those that have one."""
        here = 0
        for place in filled:
            here |= self.bits[place]
        return any(
            tokens and awaits(self.ahead[place], here) and place not in filled for place, tokens in enumerate(marking)
        )


class _Walk:
    """One exploration while it runs."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.states = States(hurried=space.hurried)
        self.known: dict[Marking | tuple[Marking, Queue], int] = {}
        self.frontier: deque[int] = deque()
        self.states.fired.add(ENTRY)
        empty = bytes(len(space.numbers))
        for number, outputs in enumerate(space.outputs[ENTRY]):
            leaving = space.outcome(ENTRY, number).leaving
            if leaving:
                self.states.leaving.setdefault(leaving, -1)
            else:
                self._arrive(put(empty, (), outputs), (-1, ENTRY, number), outputs, ())

    def go_on(self, state: int) -> None:
        """Fire whatever can fire in a state."""
        states, space = self.states, self.space
        states.opened[state] = True
        marking = states.markings[state]
        for (vertex, taken), queue in self._firings(state, marking):
            states.fired.add(vertex)
            outcomes = space.net.vertices[vertex].outcomes
            for number, outputs in enumerate(space.outputs[vertex]):
                following = -1
                if outcomes[number].leaving:
                    states.leaving.setdefault(outcomes[number].leaving, state)
                else:
                    following = self._arrive(put(marking, taken, outputs), (state, vertex, number), outputs, queue)
                states.steps[state].append((vertex, number, following))

    def _firings(self, state: int, marking: Marking) -> Iterable[tuple[Firing, Queue]]:
        if not self.space.hurried:
            return [(firing, ()) for firing in self.space.ready(marking)]
        firings, at_rest = self.space.in_turn(marking, self.states.queues[state])
        self.states.rested = self.states.rested or at_rest
        return firings

    def _arrive(self, marking: Marking, origin: tuple[int, str, int], outputs: tuple[int, ...], queue: Queue) -> int:
        states, space = self.states, self.space
        if space.hurried:
            queue = space.under_way(marking, space.setting_out(queue, outputs), states)
        if not any(marking):
            states.leaving.setdefault(DONE, origin[0])
            return -1
        key = (marking, queue) if queue else marking
        state = self.known.get(key)
        if state is None:
            state = self.known[key] = len(states.markings)
            states.markings.append(marking)
            states.queues.append(queue)
            states.origins.append(origin)
            states.steps.append([])
            states.opened.append(False)
            self.frontier.append(state)
        return state


def put(marking: Marking, taken: tuple[int, ...], outputs: tuple[int, ...]) -> Marking:
    """The state after tokens were taken from some places and laid on others."""
    tokens = bytearray(marking)
    for place in taken:
        tokens[place] -= 1
    for place in outputs:
        tokens[place] += 1
    return bytes(tokens)
