"""From the parser's rules to the tree; chains of one precedence stay flat, so that long ones are not deep."""

from collections.abc import Iterable
from typing import Any

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.numbers import read_number

Parts = list[Any]


def _measured(node: t.Node, children: Iterable[t.Node]) -> t.Node:
    deepest, size = 0, 1
    for child in children:
        deepest = max(deepest, child.depth)
        size += child.size
    node.depth = deepest + 1
    node.size = size
    return node


class Builder:
    """One method a rule; each is given the tokens and trees of its parts."""

    def number(self, parts: Parts) -> t.Node:
        """`80`, `.5`, `1.2e3`; null where it is past every number."""
        return t.Literal(parts[0].at, read_number(parts[0].value))

    def string(self, parts: Parts) -> t.Node:
        """`"text"`."""
        return t.Literal(parts[0].at, parts[0].value)

    literal = string

    def at_literal(self, parts: Parts) -> t.Node:
        """`@"…"`."""
        return t.AtLiteral(parts[0].at, parts[0].value)

    def name(self, parts: Parts) -> t.Node:
        """A name."""
        return t.Name(parts[0].at, parts[0].value)

    input = name

    def logic(self, parts: Parts) -> t.Node:
        """`a and b and c`."""
        return _measured(t.Logic(parts[1].at, parts[1].value, parts[::2]), parts[::2])

    def chain(self, parts: Parts) -> t.Node:
        """`a + b - c`."""
        rest = [(sign.value, sign.at, part) for sign, part in zip(parts[1::2], parts[2::2], strict=True)]
        return _measured(t.Chain(parts[1].at, parts[0], rest), parts[::2])

    def compared(self, parts: Parts) -> t.Node:
        """`a < b`."""
        left, sign, right = parts
        return _measured(t.Comparison(sign.at, left, sign.value, right), (left, right))

    def between(self, parts: Parts) -> t.Node:
        """`a between b and c`."""
        value, word, low, _and, high = parts
        return _measured(t.Between(word.at, value, low, high), (value, low, high))

    def contained(self, parts: Parts) -> t.Node:
        """`a in b`."""
        value, word, test = parts
        return _measured(t.In(word.at, value, test), (value, test))

    def contained_sign(self, parts: Parts) -> t.Node:
        """`a in < b`."""
        value, word, sign, end = parts
        return self.contained([value, word, self.sign([sign, end])])

    def sign(self, parts: Parts) -> t.Node:
        """`< a` where a test stands."""
        sign, end = parts
        return _measured(t.Sign(sign.at, sign.value, end), (end,))

    def cells(self, parts: Parts) -> t.Node:
        """The tests of a cell."""
        tests = parts[::2]
        return _measured(t.Tests(tests[0].at, tests), tests)

    def group(self, parts: Parts) -> t.Node:
        """`(a)`, which is a; `(< a)`, which is a range; `(a, b)`, which are tests."""
        tests = parts[1:-1:2]
        if len(tests) == 1 and not isinstance(tests[0], t.Sign):
            return self._bracketed(tests[0])
        return _measured(t.Tests(parts[0].at, tests), tests)

    @staticmethod
    def _bracketed(node: t.Node) -> t.Node:
        node.depth += 1
        return node

    def negative(self, parts: Parts) -> t.Node:
        """`-a`."""
        sign, operand = parts
        return _measured(t.Negative(sign.at, operand), (operand,))

    def instance(self, parts: Parts) -> t.Node:
        """`a instance of type`."""
        value, token = parts
        return _measured(t.InstanceOf(token.at, value, token.value), (value,))

    def path(self, parts: Parts) -> t.Node:
        """`a.b`."""
        base, _dot, member = parts
        if isinstance(base, t.Path):
            base.names.append((member.value, member.at))
            return base
        return _measured(t.Path(base.at, base, [(member.value, member.at)]), (base,))

    def filter(self, parts: Parts) -> t.Node:
        """`a[b]`."""
        base, bracket, condition, _close = parts
        return _measured(t.Filter(bracket.at, base, condition), (base, condition))

    def call(self, parts: Parts) -> t.Node:
        """`f(a, b)`."""
        function, _open, (arguments, names), _close = parts
        return _measured(t.Call(function.at, function, arguments, names), (function, *arguments))

    def arguments(self, parts: Parts) -> tuple[list[t.Node], list[str | None]]:
        """What stands in the brackets of a call, each with its name or None."""
        given = [part if isinstance(part, tuple) else (None, part) for part in parts[::2]]
        return [node for _name, node in given], [name for name, _node in given]

    def named(self, parts: Parts) -> tuple[str, t.Node]:
        """`name: a` in the brackets of a call."""
        return parts[0].value, parts[1]

    def items(self, parts: Parts) -> t.Node:
        """`[a, b]`."""
        items = parts[1:-1:2]
        return _measured(t.Items(parts[0].at, items), items)

    def context(self, parts: Parts) -> t.Node:
        """`{a: b}`."""
        entries = parts[1:-1:2]
        return _measured(t.Context(parts[0].at, entries), (node for _key, _at, node in entries))

    def entry(self, parts: Parts) -> tuple[str, int, t.Node]:
        """`a: b` in a context."""
        return parts[0].value, parts[0].at, parts[1]

    def range(self, parts: Parts) -> t.Node:
        """`[a..b)`."""
        opening, low, _dots, high, closing = parts
        starts, ends = opening.type == "OPEN_SQUARE", closing.type == "CLOSE_SQUARE"
        return _measured(t.RangeOf(opening.at, low, high, starts, ends), (low, high))

    def definition(self, parts: Parts) -> t.Node:
        """`function(a) b`."""
        head, body = parts
        parameters, external = head.value
        return _measured(t.Definition(head.at, parameters, external, body), (body,))

    def conditional(self, parts: Parts) -> t.Node:
        """`if a then b else c`; where c is another, they are kept as one."""
        word, condition, _then, value, _else, otherwise = parts
        if isinstance(otherwise, t.Conditional):
            otherwise.cases.append((condition, value))
            otherwise.at = word.at
            otherwise.depth = max(otherwise.depth, condition.depth + 1, value.depth + 1)
            otherwise.size += condition.size + value.size
            return otherwise
        return _measured(t.Conditional(word.at, [(condition, value)], otherwise), (condition, value, otherwise))

    def loop(self, parts: Parts) -> t.Node:
        """`for a in b return c`, `some …`, `every …`."""
        word, iterators, _return, body = parts
        return _measured(t.Loop(word.at, word.value, iterators, body), (*iterators, body))

    def iterators(self, parts: Parts) -> list[t.Iterator]:
        """The heads of an iteration."""
        return parts[::2]

    def iterator(self, parts: Parts) -> t.Node:
        """`a in b`, `a in b..c`."""
        variable, source, end = parts[0], parts[2], parts[4] if len(parts) > 3 else None
        children = (source,) if end is None else (source, end)
        return _measured(t.Iterator(variable.at, variable.value, source, end), children)
