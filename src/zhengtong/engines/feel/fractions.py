"""Whether a number an expression gives may have a fraction, as far as its text tells."""

from collections.abc import Callable, Collection
from decimal import Decimal

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.compiling import tokens_of
from zhengtong.engines.feel.grammar import parse
from zhengtong.engines.feel.running import USUAL
from zhengtong.engines.feel.vocabulary import Vocabulary

_ROUNDS = ("floor", "ceiling", "decimal", "round up", "round down", "round half up", "round half down")
_KEEPS = ("sum", "min", "max", "abs", "modulo", "product", "mode")
_BREAKS = ("mean", "median", "stddev", "sqrt", "log", "exp")


def fractional(text: str, broken: Collection[str]) -> bool:
    """Whether the number that `text` gives may have a fraction where the names in `broken` (`price`, `rows.price`) may.

    Told for what is divided, averaged or rooted, written with a fraction or taken from such a name, unless it is
    rounded to whole numbers; what the text does not tell is taken for whole.
    """
    tree = parse(text, tokens_of(text, Vocabulary(()), None, USUAL), "whole", USUAL)
    return _Fractions(frozenset(broken)).in_node(tree)


class _Fractions:
    def __init__(self, broken: frozenset[str]) -> None:
        self.broken = broken
        self.looks: dict[type[t.Node], Callable[..., bool]] = {
            t.Literal: self._literal,
            t.Name: lambda node: node.name in self.broken,
            t.Path: self._path,
            t.Negative: lambda node: self.in_node(node.operand),
            t.Chain: self._chain,
            t.Conditional: self._conditional,
            t.Items: lambda node: any(self.in_node(item) for item in node.items),
            t.Filter: lambda node: self.in_node(node.base),
            t.Loop: lambda node: node.kind == "for" and self.in_node(node.body),
            t.Call: self._call,
        }

    def in_node(self, node: t.Node) -> bool:
        """Whether this part may give a fraction."""
        look = self.looks.get(type(node))
        return look is not None and look(node)

    @staticmethod
    def _literal(node: t.Literal) -> bool:
        return isinstance(node.value, Decimal) and node.value != node.value.to_integral_value()

    def _path(self, node: t.Path) -> bool:
        base = node.base.name if isinstance(node.base, t.Name) else ""
        return ".".join([base, *(name for name, _at in node.names)]) in self.broken

    def _chain(self, node: t.Chain) -> bool:
        parts = [node.first, *(part for _sign, _at, part in node.rest)]
        return any(sign == "/" for sign, _at, _part in node.rest) or any(map(self.in_node, parts))

    def _conditional(self, node: t.Conditional) -> bool:
        return any(self.in_node(result) for _test, result in node.cases) or self.in_node(node.otherwise)

    def _call(self, node: t.Call) -> bool:
        name = node.function.name if isinstance(node.function, t.Name) else ""
        if name in _ROUNDS:
            return len(node.arguments) > 1 and not self._to_whole(node.arguments[1])
        return name in _BREAKS or (name in _KEEPS and any(map(self.in_node, node.arguments)))

    @staticmethod
    def _to_whole(digits: t.Node) -> bool:
        value = (
            -digits.operand.value
            if isinstance(digits, t.Negative) and isinstance(digits.operand, t.Literal)
            else (digits.value if isinstance(digits, t.Literal) else None)
        )
        return isinstance(value, Decimal) and value <= 0
