"""From a tree to closures: each part of an expression becomes a function of its environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.frames import Closure, Frame
from zhengtong.engines.feel.running import Place
from zhengtong.engines.feel.types import FeelType, Value
from zhengtong.engines.feel.vocabulary import Vocabulary

UNKNOWN: Final = object()
"""In place of the value of what is not the same in every evaluation."""


@dataclass(slots=True)
class Code:
    """A compiled part: `run` gives its value; `value` is it already where it never changes."""

    run: Closure
    value: Any = UNKNOWN

    @property
    def constant(self) -> bool:
        """Whether the value is known."""
        return self.value is not UNKNOWN


def always(value: Value) -> Code:
    """Code of a value that never changes."""
    return Code(lambda _env: value, value)


Handler = Callable[["Compiler", Any, Frame | None], Code]
_HANDLERS: dict[type, Handler] = {}


def handles(kind: type) -> Callable[[Handler], Handler]:
    """Register how a kind of node is compiled."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = handler
        return handler

    return register


class Compiler:
    """Compiles one expression, and collects on the way the names it asks for and what is surely wrong with it."""

    def __init__(self, text: str, vocabulary: Vocabulary, types: Mapping[str, FeelType] | None) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.types = types or {}
        self.names: set[str] = set()
        self.functions: set[str] = set()
        self.paths: set[tuple[str, ...]] = set()
        self.faults: list[tuple[str, Place, dict[str, object]]] = []
        self.asks_input = False

    def compile(self, node: t.Node, frame: Frame | None) -> Code:
        """The code of a node, with the names that `frame` binds."""
        return _HANDLERS[type(node)](self, node, frame)

    def closure(self, node: t.Node, frame: Frame | None) -> Closure:
        """The same, where only running it matters."""
        return self.compile(node, frame).run

    def place(self, at: int) -> Place:
        """Where a node stands."""
        return Place(self.text, at)

    def fault(self, code: str, at: int, **params: object) -> None:
        """Say that something is surely wrong; it is null when it runs."""
        self.faults.append((code, self.place(at), params))
