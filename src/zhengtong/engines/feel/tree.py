"""The tree of an expression: `at` is where a part stands, `depth` how many levels it has, `size` how many parts."""

from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.feel.types import FeelType


@dataclass(slots=True)
class Node:
    """Any part of an expression."""

    at: int
    depth: int = field(default=1, kw_only=True)
    size: int = field(default=1, kw_only=True)


@dataclass(slots=True)
class Literal(Node):
    """A number, text, boolean or null."""

    value: Any


@dataclass(slots=True)
class AtLiteral(Node):
    """`@"2024-01-01"`."""

    text: str


@dataclass(slots=True)
class Name(Node):
    """A name; `?` is the value under test."""

    name: str


@dataclass(slots=True)
class Path(Node):
    """`base.one.two`."""

    base: Node
    names: list[tuple[str, int]]


@dataclass(slots=True)
class Filter(Node):
    """`base[condition]`."""

    base: Node
    condition: Node


@dataclass(slots=True)
class Call(Node):
    """`function(arguments)`; each of `names` is None where an argument has none."""

    function: Node
    arguments: list[Node]
    names: list[str | None]


@dataclass(slots=True)
class Negative(Node):
    """`-operand`."""

    operand: Node


@dataclass(slots=True)
class Chain(Node):
    """`first sign part sign part …` of one precedence, from left to right."""

    first: Node
    rest: list[tuple[str, int, Node]]


@dataclass(slots=True)
class Comparison(Node):
    """`left sign right`."""

    left: Node
    sign: str
    right: Node


@dataclass(slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    """`value in test`."""

    value: Node
    test: Node


@dataclass(slots=True)
class Sign(Node):
    """`< end` as a test or, in brackets, as a range."""

    sign: str
    end: Node


@dataclass(slots=True)
class Tests(Node):
    """`(test, test, …)` behind `in`, or the tests of a cell."""

    tests: list[Node]


@dataclass(slots=True)
class Logic(Node):
    """`part and part and …`, or with `or`."""

    sign: str
    parts: list[Node]


@dataclass(slots=True)
class InstanceOf(Node):
    """`value instance of type`; None for a type that does not exist."""

    value: Node
    type: FeelType | None


@dataclass(slots=True)
class Conditional(Node):
    """`if … then … else if … then … else …`: pairs of condition and value, the last pair first."""

    cases: list[tuple[Node, Node]]
    otherwise: Node


@dataclass(slots=True)
class Iterator(Node):
    """`variable in source`, or `variable in source..end`."""

    variable: str
    source: Node
    end: Node | None


@dataclass(slots=True)
class Loop(Node):
    """`for`, `some` and `every`."""

    kind: str
    iterators: list[Iterator]
    body: Node


@dataclass(slots=True)
class Definition(Node):
    """`function(parameters) body`."""

    parameters: tuple[tuple[str, FeelType | None], ...]
    external: bool
    body: Node


@dataclass(slots=True)
class Items(Node):
    """`[item, …]`."""

    items: list[Node]


@dataclass(slots=True)
class Context(Node):
    """`{key: value, …}`."""

    entries: list[tuple[str, int, Node]]


@dataclass(slots=True)
class RangeOf(Node):
    """`[low..high)` and its kin."""

    low: Node
    high: Node
    start_included: bool
    end_included: bool
