"""What came of what: the line of descent of an instance, over its live and its ended tokens.

An occurrence net: a token descends from its origins, from what it runs in and what it hangs on, and what follows an
activity descends from everything that ran inside it. What was sent back is struck out of it, so that whoever looks
back sees only what still counts; the new token stands where the one it was made instead of stood.
"""

from collections import defaultdict
from collections.abc import Iterator

from zhengtong.engines.bpmn.graph import Graph, Node
from zhengtong.engines.bpmn.state import EVENTS, HOLDERS, SCOPES, History, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.keeping import unpack
from zhengtong.engines.bpmn.steps.running import Run, called_by

INSTEAD = "instead"
"""A token that does something anew keeps under this name the one it stands instead of; 0 is the start."""
AGAIN = "again"
"""A scope that was opened anew keeps under this name the one it continues."""
START = 0
"""What stands for the start of the instance among the tokens."""


class Past:
    """Made for one verb, in time proportional to the rows. Raises `bpmn.state_damaged` for rows no steps left behind.

    `rows` has every token by id, `done` the ids of those completed, `brief` what never rested. Negative numbers stand
    for the end of the scope of that id, so that what runs in it leads there and what follows it comes from there.
    """

    def __init__(self, run: Run, history: History) -> None:
        self.run = run
        self.rows: dict[int, Token] = {}
        self.done: set[int] = set()
        self.brief: list[Token] = []
        self.undone: set[int] = set()
        self.replaced: set[int] = set()
        self.parents: dict[int, tuple[int, ...]] = {START: ()}
        self.children: defaultdict[int, list[int]] = defaultdict(list)
        self.members: defaultdict[int, list[int]] = defaultdict(list)
        self._first: dict[int, int] = {}
        self._latest: dict[int, int] = {}
        self._graphs: dict[int, Graph] = {START: run.graph}
        self._joined: defaultdict[tuple[str, int], defaultdict[str, list[int]]]
        self._joined = defaultdict(lambda: defaultdict(list))
        self._read(history)
        for number in sorted(self.rows):
            self._tie(self.rows[number])

    # Reading the rows

    def _read(self, history: History) -> None:
        for token in self.run.live.values():
            self._add(token)
        for token in history.completed:
            if token.id:
                self._add(token)
                self.done.add(token.id)
            else:
                self.brief.append(token)
        for token in history.cancelled:
            self._add(token)

    def _add(self, token: Token) -> None:
        if token.id in self.rows or not 0 < token.id < self.run.first_id:
            raise damaged("an ended token is live, told twice, or of no step", token.id)
        self.rows[token.id] = token

    def row(self, number: int, asked: int) -> Token:
        """The row of a token that `asked` speaks of."""
        found = self.rows.get(number)
        if found is None or number >= asked:
            raise damaged(f"token {number}, which came before it, is missing", asked)
        return found

    def _tie(self, token: Token) -> None:
        """Find what a token descends from; tokens come by id."""
        marks = _marks(token)
        scope = self.row(token.scope, token.id) if token.scope else None
        if scope is not None and scope.wait not in HOLDERS:
            raise damaged("it runs in what is no scope", token.id)
        again, instead = marks.get(AGAIN), marks.get(INSTEAD)
        if token.wait in HOLDERS:
            self._first[token.id] = self._first_of(again, token.id) if again else token.id
            if again:
                self.replaced.add(again)  # what goes on is not done any more
            self._latest[self._first[token.id]] = token.id
        if instead is None:
            parents = self._causes(token, again=again is not None)
        else:
            self._strike(instead, token.id)
            parents = self.parents[instead]
        self.parents[token.id] = parents
        for parent in parents:
            self.children[parent].append(token.id)
        if token.scope:
            first = self._first_of(token.scope, token.id)
            self.members[first].append(token.id)
            self.children[token.id].append(-first)
            if token.wait in HOLDERS:
                self.members[first].append(-self._first[token.id])
                self.children[-self._first[token.id]].append(-first)

    def _causes(self, token: Token, *, again: bool) -> tuple[int, ...]:
        causes: list[int] = []
        for number in token.origins:
            origin = self.row(number, token.id)
            causes.append(number)
            if origin.wait in SCOPES and not again and not self.within(token, number):
                causes.append(-self._first_of(number, token.id))
        if token.scope:
            causes.append(token.scope)
        if token.host:
            causes.append(self.row(token.host, token.id).id)
        if not causes and not awaits_handler(token):
            causes.append(START)
        return tuple(dict.fromkeys(causes))

    def _first_of(self, number: int, asked: int) -> int:
        first = self._first.get(number)
        if first is None:
            raise damaged(f"token {number} is no scope", asked)
        return first

    def _strike(self, instead: int, asked: int) -> None:
        """What was undone when `asked` was made to stand instead of that token."""
        if instead != START and self.row(instead, asked).id not in self.done:
            raise damaged(f"token {instead} was not completed", asked)
        self.undone |= self.after(instead) | self._ran_in(instead)
        self.replaced.add(instead)

    def _ran_in(self, scope: int) -> set[int]:
        """What ran in a scope at any depth, in whichever of its continuations; nothing for what is no scope."""
        found: set[int] = set()
        stack = [self._first[scope]] if scope in self._first else []
        while stack:
            inside = self.members[stack.pop()]
            found |= {number for number in inside if number > 0}
            stack += [-number for number in inside if number < 0]
        return found

    # Looking at it

    def within(self, token: Token, number: int) -> bool:
        """Whether a token hangs on another, or runs in it at any depth."""
        if token.host == number:
            return True
        scope = token.scope
        while scope > number:
            scope = self.rows[scope].scope
        return scope == number

    def after(self, target: int) -> set[int]:
        """The tokens that descend from the completion of `target`; what happened while it lasted does not."""
        found: set[int] = set()
        stack = [n for n in self.children[target] if n < 0 or not self._during(self.rows[n], target)]
        seen: set[int] = set()
        while stack:
            number = stack.pop()
            if number in seen or number in self.undone:
                continue
            seen.add(number)
            if number > 0:
                found.add(number)
            stack += self.children.get(number, ())
        return found

    def _during(self, token: Token, target: int) -> bool:
        return target != START and (self.within(token, target) or _marks(token).get(AGAIN) == target)

    def before(self, target: int) -> set[int]:
        """The tokens from which `target` descends, `START` among them, in whatever way."""
        found: set[int] = set()
        stack = list(self.parents[target])
        while stack:
            number = stack.pop()
            if number not in found:
                found.add(number)
                stack += self.members[-number] if number < 0 else self.parents[number]
        return {number for number in found - self.undone - self.replaced if number >= 0}

    def met(self, undone: set[int], target: int) -> list[Token]:
        """What an undone step had used up that does not descend from `target`: it waits at its join again."""
        found = {parent for number in undone for parent in self.parents[number] if parent > 0}
        found |= {other for number in undone & self.done for other in self._met_with(number)}
        kept = found - undone - self.undone - self.replaced - {target}
        return [self.rows[n] for n in sorted(kept & self.done) if self.rows[n].wait is Wait.JOIN]

    def _met_with(self, number: int) -> list[int]:
        """What was used up together with a token at a join after which nothing rested, so that no row descends from it.

        A join takes the oldest token of each flow: the nth that was used up of one flow met the nth of every other.
        """
        token = self.rows[number]
        if token.wait is not Wait.JOIN or any(child > 0 for child in self.children[number]):
            return []
        if not self._joined:
            for other in sorted(self.done):
                row = self.rows[other]
                if row.wait is Wait.JOIN:
                    self._joined[row.element, row.scope][row.flow].append(other)
        flows = self._joined[token.element, token.scope]
        turn = flows[token.flow].index(number)
        return [used_up[turn] for used_up in flows.values() if turn < len(used_up)]

    def latest(self, scope: int) -> int:
        """The scope that continues one, or the same."""
        return self._latest[self._first[scope]] if scope else 0

    def inside(self, scope: int) -> list[Token]:
        """What ran in a scope and still counts, whichever of its continuations it ran in, by id."""
        return [self.rows[n] for n in self.members[self._first[scope]] if n > 0 and n not in self.undone]

    def hanging(self, scope: int) -> Iterator[Token]:
        """What hung on a scope, or on one that it continues, by id."""
        first = self._first[scope]
        same = [number for number in self._first if self._first[number] == first]
        for number in same:
            yield from (self.rows[n] for n in self.children[number] if n > 0 and self.rows[n].host == number)

    def node(self, token: Token) -> Node:
        """Where a token stands or stood."""
        graph = self.graph_of(token.scope)
        node = graph.nodes.get(token.element)
        if node is None:
            raise damaged(f"unknown element {token.element}", token.id)
        return node

    def graph_of(self, scope: int) -> Graph:
        around: list[Token] = []
        while scope not in self._graphs:
            around.append(self.rows[scope])
            scope = around[-1].scope
        graph = self._graphs[scope]
        for token in reversed(around):
            graph = self._graphs[token.id] = called_by(graph, token) if token.wait is Wait.CALL else graph
        return graph

    def succeeded(self, token: Token) -> bool:
        """Whether something went on from a token that was cut off: from its boundary, or in its place."""
        following = [self.rows[n] for n in self.children[token.id] if n > 0 and n not in self.undone]
        if any(not self.within(other, token.id) for other in following):
            return True
        fired = (other for other in following if other.host == token.id and other.id in self.done)
        return any(self.node(other).interrupting for other in fired)


def awaits_handler(token: Token) -> bool:
    """Whether a token waits at the start event of an event sub-process, which no flow reaches."""
    return token.wait in EVENTS and not token.flow and not token.host


def _marks(token: Token) -> dict[str, int]:
    """What a token keeps of its place in the line of descent."""
    if not token.data or (INSTEAD not in token.data and AGAIN not in token.data):
        return {}
    values = unpack(token)
    found = {name: values[name] for name in (INSTEAD, AGAIN) if name in values}
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, int) or not (name == AGAIN) <= value < token.id:
            raise damaged(f"{name} is no token before it", token.id)
    return found
