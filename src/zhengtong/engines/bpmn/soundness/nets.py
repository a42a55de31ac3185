"""A level of a process as a net: tokens lie on edges, vertices take them and put others down."""

from dataclasses import dataclass, field
from enum import StrEnum

from zhengtong.engines.bpmn.soundness.outlook import NOTHING_AWAITED, Outlook

ENTRY = "@entry"
SINK = "@sink"
NOWHERE = "@nowhere"
"""The vertex that begins, the one that uses tokens up, and the source of an edge that never carries a token."""


class Join(StrEnum):
    """When a vertex fires: for each token that comes, for one on every edge, or when no other can come any more."""

    EACH = "each"
    ALL = "all"
    INCLUSIVE = "inclusive"


class Pace(StrEnum):
    """When a vertex at which no token rests fires within a step.

    As a token comes; in its turn once no other moves; after all of these; or at any time.
    """

    PROMPT = "prompt"
    PUT_BY = "put by"
    LATE = "late"
    LOOSE = "loose"


@dataclass(slots=True)
class Edge:
    """Where a token may lie. `flow` is the sequence flow by which `target` is entered, `via` what lies before it.

    `rests` says that something on the way, or the target itself, lets a token stay until something happens; else it
    goes on at once, unless others must meet it at the target. `at` is the element at which it then stands. `beside` is
    what may lie before `target` instead, on ways that were made one with this.
    """

    source: str
    target: str
    flow: str = ""
    via: list[str] = field(default_factory=list)
    rests: bool = False
    at: str = ""
    beside: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way in which a vertex fires: the edges that get a token, and the elements passed at once.

    `leaving` says that the whole level ends with it: `DONE`, or `THROWN` where an error ends it.
    """

    edges: frozenset[int] = frozenset()
    path: tuple[str, ...] = ()
    leaving: str = ""


DONE = "done"
THROWN = "thrown"


@dataclass(slots=True)
class Vertex:
    """Takes tokens as `join` says and chooses freely among `outcomes`. `covers`: what is reached once it fires.

    `rests` where a token stays at it until something happens or is done; `busy` where something inside is done already
    as it comes.
    """

    element: str
    join: Join = Join.EACH
    outcomes: list[Outcome] = field(default_factory=list)
    incoming: set[int] = field(default_factory=set)
    covers: set[str] = field(default_factory=set)
    rests: bool = False
    pace: Pace = Pace.PROMPT
    busy: bool = False


class Net:
    """Vertices by name and edges by number. `outlook` tells what its inclusive joins wait for.

    On `hurried` edges it matters in which order tokens move within a step; the numbers of the edges from a vertex are
    in the order in which it puts its tokens down.
    """

    __slots__ = ("edges", "vertices", "outlook", "hurried", "_next", "_waiting")

    def __init__(self, outlook: Outlook = NOTHING_AWAITED) -> None:
        self.outlook = outlook
        self.vertices: dict[str, Vertex] = {SINK: Vertex("", outcomes=[Outcome()])}
        self.edges: dict[int, Edge] = {}
        self.hurried: frozenset[int] = frozenset()
        self._next = 0
        self._waiting: list[str] | None = None

    def connect(self, source: str, target: str, flow: str = "", via: tuple[str, ...] = ()) -> int:
        """A new edge; its number."""
        number = self._next
        self._next += 1
        to = self.vertices[target]
        at = to.element if to.rests or to.join is not Join.EACH else ""
        self.edges[number] = Edge(source, target, flow, list(via), to.rests, at)
        to.incoming.add(number)
        return number

    @property
    def waits(self) -> bool:
        """Whether some vertex waits for what can still come. Asked of a whole net: none comes to wait later."""
        if self._waiting is None:
            self._waiting = [name for name in self.vertices if self._is_waiting(name)]
        while self._waiting and not self._is_waiting(self._waiting[-1]):
            self._waiting.pop()
        return bool(self._waiting)

    def _is_waiting(self, name: str) -> bool:
        return name in self.vertices and self.vertices[name].join is Join.INCLUSIVE

    @property
    def may_end_early(self) -> bool:
        """Whether some vertex may end the level while tokens are left."""
        return any(outcome.leaving for vertex in self.vertices.values() for outcome in vertex.outcomes)

    def view(self, number: int, but: str = "") -> tuple[int, ...]:
        """What can be reached of the inclusive joins, `but` one, by a token that lies on an edge."""
        return self.outlook.view(self.edges[number].at, but)

    def drop(self, number: int) -> None:
        """Take an edge away that no outcome names any more."""
        self.vertices[self.edges.pop(number).target].incoming.discard(number)
