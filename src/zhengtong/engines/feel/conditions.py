"""Conditions of the commonest shapes as tests of plain values: whether they are true, asked without a run.

`online = true`, `kind = "eat"`, `area >= 500`, `right in ("leased", "lent")`, `list contains(items, "b")`, and such
joined by `and` and `or`. What a condition stumbles over is no concern of who asks only whether it is true.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.closures.operators import COMPARED
from zhengtong.engines.feel.conversion import to_feel

Test = Callable[[Mapping[str, Any]], bool]
"""Whether a condition is true in a scope of plain values; null is not."""
_AT_ONCE = 10**15
"""Whole numbers below it are compared as they are."""


def test_of(node: t.Node) -> Test | None:
    """The test that an expression is, None for another shape than those above."""
    make = _MAKERS.get(type(node))
    return None if make is None else make(node)


def _logic(node: t.Logic) -> Test | None:
    tests = [test for part in node.parts if (test := test_of(part)) is not None]
    if len(tests) < len(node.parts):
        return None
    deciding = node.sign == "or"

    def joined(scope: Mapping[str, Any]) -> bool:
        for test in tests:
            if test(scope) is deciding:
                return deciding
        return not deciding

    return joined


def _comparison(node: t.Comparison) -> Test | None:
    if not isinstance(node.left, t.Name) or not isinstance(node.right, t.Literal):
        return None
    name, wanted = node.left.name, node.right.value
    if type(wanted) is Decimal and node.sign != "!=":
        return _number(name, COMPARED[node.sign], wanted)
    if node.sign != "=":
        return None
    if type(wanted) is bool:
        return lambda scope: scope.get(name) is wanted
    return _one_of(name, (wanted,)) if type(wanted) is str else None


def _number(name: str, compared: Callable[[Any, Any], bool], bound: Decimal) -> Test:
    def number(scope: Mapping[str, Any]) -> bool:
        value = scope.get(name)
        if type(value) is not int or not -_AT_ONCE < value < _AT_ONCE:
            value = to_feel(value)
            if type(value) is not Decimal:
                return False
        return compared(value, bound)

    return number


def _in(node: t.In) -> Test | None:
    if not isinstance(node.value, t.Name) or not isinstance(node.test, t.Tests):
        return None
    texts = tuple(test.value for test in node.test.tests if isinstance(test, t.Literal) and type(test.value) is str)
    return _one_of(node.value.name, texts) if len(texts) == len(node.test.tests) else None


def _one_of(name: str, texts: tuple[str, ...]) -> Test:
    def one_of(scope: Mapping[str, Any]) -> bool:
        value = scope.get(name)
        return value is not None and (value if type(value) is str else to_feel(value)) in texts

    return one_of


def _contains(node: t.Call) -> Test | None:
    """`list contains(name, "text")`; what is no list is the only item of one."""
    if not isinstance(node.function, t.Name) or node.function.name != "list contains" or len(node.arguments) != 2:
        return None
    items, wanted = node.arguments
    if not isinstance(items, t.Name) or not isinstance(wanted, t.Literal) or any(node.names):
        return None
    name, text = items.name, wanted.value
    if type(text) is not str:
        return None

    def contains(scope: Mapping[str, Any]) -> bool:
        value = scope.get(name)
        found = value if type(value) is list or type(value) is str else to_feel(value)
        return text in found if type(found) is list else bool(found == text)

    return contains


_MAKERS: Mapping[type, Callable[[Any], Test | None]] = {
    t.Logic: _logic,
    t.Comparison: _comparison,
    t.In: _in,
    t.Call: _contains,
}
