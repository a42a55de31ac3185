"""A level of a process as a net: tokens lie on edges, vertices take them and put others down."""

from dataclasses import dataclass, field
from enum import StrEnum

ENTRY = "@entry"
SINK = "@sink"
NOWHERE = "@nowhere"
"""The vertex that begins, the one that uses tokens up, and the source of an edge that never carries a token."""


class Join(StrEnum):
    """When a vertex fires: for each token that comes, for one on every edge, or when no other can come any more."""

    EACH = "each"
    ALL = "all"
    INCLUSIVE = "inclusive"


@dataclass(slots=True)
class Edge:
    """Where a token may lie. `flow` is the sequence flow by which `target` is entered, `via` what lies before it."""

    source: str
    target: str
    flow: str = ""
    via: list[str] = field(default_factory=list)


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
    """Takes tokens as `join` says and chooses freely among `outcomes`. `covers`: what is reached once it fires."""

    element: str
    join: Join = Join.EACH
    outcomes: list[Outcome] = field(default_factory=list)
    incoming: set[int] = field(default_factory=set)
    covers: set[str] = field(default_factory=set)


class Net:
    """Vertices by name and edges by number."""

    __slots__ = ("edges", "vertices", "_next")

    def __init__(self) -> None:
        self.vertices: dict[str, Vertex] = {SINK: Vertex("", outcomes=[Outcome()])}
        self.edges: dict[int, Edge] = {}
        self._next = 0

    def connect(self, source: str, target: str, flow: str = "", via: tuple[str, ...] = ()) -> int:
        """A new edge; its number."""
        number = self._next
        self._next += 1
        self.edges[number] = Edge(source, target, flow, list(via))
        self.vertices[target].incoming.add(number)
        return number

    def drop(self, number: int) -> None:
        """Take an edge away that no outcome names any more."""
        self.vertices[self.edges.pop(number).target].incoming.discard(number)
