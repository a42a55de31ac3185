"""What is known of types without running: each part of an expression tells its type, and what is wrong on the way.

Nothing is said where anything is unknown, so that whatever is said is surely wrong.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.running import Place
from zhengtong.engines.feel.types import ANY, BOOLEAN, FeelType

ORDERED = frozenset(
    {"number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """What names mean at a place: `types` of those bound here, then those outside (`up`)."""

    types: Mapping[str, FeelType]
    up: "Known | None" = None

    def type_of(self, name: str) -> FeelType | None:
        """The type of a name, None where it is not bound."""
        known: Known | None = self
        while known is not None:
            if name in known.types:
                return known.types[name]
            known = known.up
        return None

    def inside(self, types: Mapping[str, FeelType]) -> "Known":
        """The same with further names."""
        return Known(types, self)


Handler = Callable[["Reasoner", Any, Known], FeelType]
_HANDLERS: dict[type, Handler] = {}


def infers(kind: type) -> Callable[[Handler], Handler]:
    """Register how the type of a kind of node is found."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = handler
        return handler

    return register


class Reasoner:
    """Finds the types of one expression, and collects what is wrong."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[tuple[str, Place, dict[str, object]]] = []

    def type_of(self, node: t.Node, known: Known) -> FeelType:
        """The type of a node, Any where it is unknown."""
        return _HANDLERS[type(node)](self, node, known)

    def fault(self, code: str, at: int, **params: object) -> None:
        """Say that something is surely wrong."""
        self.faults.append((code, Place(self.text, at), params))

    def expect_boolean(self, node: t.Node, known: Known) -> None:
        """What decides must be able to be true or false."""
        kind = self.type_of(node, known).kind
        if is_known(kind) and kind != BOOLEAN.kind:
            self.fault("feel.not_boolean", node.at)

    def expect_alike(self, sign: str, at: int, left: FeelType, right: FeelType) -> None:
        """Values that are compared must be of one kind, and of an ordered one where their order is asked."""
        if not is_known(left.kind) or not is_known(right.kind):
            return
        unordered = sign not in ("=", "!=") and left.kind not in ORDERED
        if left.kind != right.kind or unordered:
            self.fault("feel.operands", at, sign=sign, left=left.kind, right=right.kind)


def is_known(kind: str) -> bool:
    """Whether anything follows from a kind; null goes with everything."""
    return kind not in ("Any", "Null")


def common(types: Iterable[FeelType]) -> FeelType:
    """The type of a value that is of one of several, nulls apart."""
    kinds = {kind for kind in types if kind.kind != "Null"}
    return kinds.pop() if len(kinds) == 1 else ANY
