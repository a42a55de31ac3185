"""Reading an expression by descent and compiling it to closures; compile once, evaluate many."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhengtong.engines.feel import running
from zhengtong.engines.feel import values as v
from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.functions import FUNCTIONS, LONG_NAMES
from zhengtong.engines.feel.scanning import Token, at, tokens
from zhengtong.engines.feel.types import FeelType, Names

DEEPEST = 32
Scope = Mapping[str, Any]
Run = Callable[[Scope], Any]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; `names` are the names it asks its context for, `paths` with what it takes inside."""

    text: str
    names: frozenset[str]
    run: Run
    paths: frozenset[tuple[str, ...]] = frozenset()

    def evaluate(self, context: Mapping[str, object], run: "running.Run | None" = None) -> Any:  # noqa: ARG002 what DMN gives
        """Its value: bool, Decimal, str, date, list, mapping, or None for null. Never raises on data."""
        return self.run(context)


def compile_expression(
    text: str,
    *,
    names: Names = (),
    types: Mapping[str, FeelType] | None = None,  # noqa: ARG001 what DMN gives
    limits: "running.Limits | None" = None,  # noqa: ARG001 what DMN gives
) -> Expression:
    """Compile `text`; FeelError with the character where it is not an expression of the subset."""
    reader = _Reader(tokens(text))
    run = reader.expression()
    reader.expect("end", "the end")
    names = frozenset(path[0] for path in reader.paths)
    return Expression(text, names, run, frozenset(tuple(path) for path in reader.paths))


class _Reader:
    """One pass over the tokens; each method reads one level of precedence."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.place = 0
        self.depth = 0
        self.ending = False
        self.paths: list[list[str]] = []

    # Looking

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def sees(self, *texts: str) -> bool:
        return self.now.kind in ("sign", "keyword") and self.now.text in texts

    def _behind(self, text: str) -> bool:
        before = self.tokens[self.place - 1]
        return before.kind == "sign" and before.text == text

    def take(self) -> Token:
        token = self.now
        self.place += 1
        return token

    def accept(self, text: str) -> bool:
        if self.sees(text):
            self.place += 1
            return True
        return False

    def expect(self, kind: str, named: str) -> Token:
        token = self.now
        if token.kind != kind and not self.sees(kind):
            raise FeelError("feel.expected", position=at(token.place), expected=named, found=token.text or "end")
        return self.take() if kind != "end" else token

    # Levels

    def expression(self) -> Run:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FeelError("feel.too_deep", position=at(self.now.place), most=DEEPEST)
        run = self._conditional() if self.sees("if") else self._or()
        self.depth -= 1
        return run

    def _conditional(self) -> Run:
        self.take()
        condition = self.expression()
        self.expect("then", "then")
        then = self.expression()
        self.expect("else", "else")
        other = self.expression()
        return lambda scope: then(scope) if condition(scope) is True else other(scope)

    def _or(self) -> Run:
        parts = [self._and()]
        while self.accept("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else lambda scope: v.disjunction([part(scope) for part in parts])

    def _and(self) -> Run:
        parts = [self._comparison()]
        while self.accept("and"):
            parts.append(self._comparison())
        return parts[0] if len(parts) == 1 else lambda scope: v.conjunction([part(scope) for part in parts])

    def _comparison(self) -> Run:
        left = self._additive()
        if self.accept("="):
            right = self._additive()
            return lambda scope: v.equal(left(scope), right(scope))
        if self.accept("!="):
            right = self._additive()
            return lambda scope: v.negation(v.equal(left(scope), right(scope)))
        if self.sees("<", "<=", ">", ">="):
            sign, right = self.take().text, self._additive()
            return lambda scope: v.compare(sign, left(scope), right(scope))
        if self.accept("between"):
            return self._between(left)
        if self.accept("in"):
            return self._in(left)
        return left

    def _between(self, left: Run) -> Run:
        low = self._additive()
        self.expect("and", "and")
        high = self._additive()
        return _range(left, ">=", low, "<=", high)

    def _in(self, left: Run) -> Run:
        if self.sees("(") and not self._range_ahead():
            self.take()
            tests = [self._test(left)]
            while self.accept(","):
                tests.append(self._test(left))
            self.expect(")", ")")
            return lambda scope: v.disjunction([test(scope) for test in tests])
        return self._test(left)

    def _test(self, left: Run) -> Run:
        if self.sees("<", "<=", ">", ">="):
            sign, right = self.take().text, self._additive()
            return lambda scope: v.compare(sign, left(scope), right(scope))
        if self.sees("[", "]") or (self.sees("(") and self._range_ahead()):
            return self._list_or_range(left)
        return _member(left, self._additive())

    def _range_ahead(self) -> bool:
        """Whether the bracket that opens here holds `..` itself: a range, else tests or a value."""
        depth = 0
        for token in self.tokens[self.place :]:
            if token.kind == "sign" and token.text in ("(", "["):
                depth += 1
            elif token.kind == "sign" and token.text in (")", "]"):
                depth -= 1
            elif depth == 1 and token.kind == "sign" and token.text == "..":
                return True
            if depth == 0:
                return False
        return False

    def _list_or_range(self, left: Run) -> Run:
        opening = self.take()
        if opening.text == "[" and self.accept("]"):
            return lambda _scope: False
        first = self.expression()
        if self.accept(".."):
            return self._closed(left, opening, first)
        if opening.text != "[":
            raise FeelError("feel.expected", position=at(self.now.place), expected="..", found=self.now.text or "end")
        items = [first, *self._rest("]")]
        return lambda scope: v.member(left(scope), [item(scope) for item in items])

    def _closed(self, left: Run, opening: Token, low: Run) -> Run:
        """The rest of a range after its `..`."""
        high, closing = self._end_of_range(), self.take()
        if closing.kind != "sign" or closing.text not in ("]", ")", "["):
            found = closing.text or "end"
            raise FeelError("feel.expected", position=at(closing.place), expected="] or )", found=found)
        return _range(left, ">=" if opening.text == "[" else ">", low, "<=" if closing.text == "]" else "<", high)

    def _end_of_range(self) -> Run:
        """The upper end; here alone `[` closes, as in `]1..5[`."""
        self.ending, outer = True, self.ending
        high = self._additive()
        self.ending = outer
        return high

    def _rest(self, closing: str) -> list[Run]:
        items: list[Run] = []
        while self.accept(","):
            items.append(self.expression())
        self.expect(closing, closing)
        return items

    def _additive(self) -> Run:
        first, more = self._multiplicative(), []
        while self.sees("+", "-"):
            more.append((self.take().text, self._multiplicative()))
        return _chained(first, more)

    def _multiplicative(self) -> Run:
        first, more = self._unary(), []
        while self.sees("*", "/"):
            more.append((self.take().text, self._unary()))
        return _chained(first, more)

    def _unary(self) -> Run:
        if self.accept("-"):
            inner = self._unary_checked()
            return lambda scope: v.arithmetic("-", Decimal(0), inner(scope))
        return self._path()

    def _unary_checked(self) -> Run:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FeelError("feel.too_deep", position=at(self.now.place), most=DEEPEST)
        run = self._unary()
        self.depth -= 1
        return run

    def _path(self) -> Run:
        bare = self.now.kind == "name"
        run = self._primary()
        named = bare and not self._behind(")")
        steps = []
        while self.accept("."):
            steps.append(self.expect("name", "a name").text)
        if steps:
            run = _stepped(run, tuple(steps))
            if named:
                self.paths[-1].extend(steps)
        if self.sees("**") or (self.sees("[") and not self.ending):
            raise FeelError("feel.unsupported", position=at(self.now.place), found=self.now.text)
        return run

    def _primary(self) -> Run:
        token = self.take()
        if token.kind == "number":
            return _constant(Decimal(token.text))
        if token.kind == "string":
            return _constant(token.text)
        if token.kind == "keyword" and token.text in ("true", "false", "null"):
            return _constant({"true": True, "false": False, "null": None}[token.text])
        if token.kind == "name":
            return self._named(token)
        if token.text == "(" and token.kind == "sign":
            run = self.expression()
            self.expect(")", ")")
            return run
        if token.text == "[" and token.kind == "sign":
            return self._list()
        if token.text in ("{", "?", "@"):
            raise FeelError("feel.unsupported", position=at(token.place), found=token.text)
        raise FeelError("feel.expected", position=at(token.place), expected="a value", found=token.text or "end")

    def _list(self) -> Run:
        if self.accept("]"):
            return lambda _scope: []
        items = [self.expression(), *self._rest("]")]
        return lambda scope: [item(scope) for item in items]

    def _named(self, token: Token) -> Run:
        name = self._long_name(token)
        if self.accept("("):
            return self._call(name, token)
        self.paths.append([token.text])
        text = token.text
        return lambda scope: v.feel(scope.get(text))

    def _long_name(self, token: Token) -> str:
        """Function names of several words (`string length`) are read together when a bracket follows them."""
        for words in LONG_NAMES:
            ahead = self.tokens[self.place - 1 : self.place + len(words)]
            if [each.text for each in ahead[:-1]] == words and ahead[-1].text == "(":
                self.place += len(words) - 1
                return " ".join(words)
        return token.text

    def _call(self, name: str, token: Token) -> Run:
        function = FUNCTIONS.get(name)
        if function is None:
            raise FeelError("feel.function_unknown", position=at(token.place), name=name)
        arguments = [] if self.accept(")") else [self.expression(), *self._rest(")")]
        many = len(arguments)
        if not function.takes(many):
            raise FeelError(
                "feel.arguments", position=at(token.place), name=name, expected=function.expected, found=many
            )
        do = function.run
        return lambda scope: do([argument(scope) for argument in arguments])


def _constant(value: Any) -> Run:
    return lambda _scope: value


def _member(left: Run, right: Run) -> Run:
    return lambda scope: v.member(left(scope), right(scope))


def _chained(first: Run, more: list[tuple[str, Run]]) -> Run:
    """Operators of one precedence from left to right, in a loop: a long sum must not need a deep stack."""
    if not more:
        return first

    def run(scope: Scope) -> Any:
        value = first(scope)
        for sign, part in more:
            value = v.arithmetic(sign, value, part(scope))
        return value

    return run


def _stepped(inner: Run, names: tuple[str, ...]) -> Run:
    def run(scope: Scope) -> Any:
        value = inner(scope)
        for name in names:
            value = v.step_into(value, name)
        return value

    return run


def _range(left: Run, low_sign: str, low: Run, high_sign: str, high: Run) -> Run:
    def run(scope: Scope) -> Any:
        value = left(scope)
        return v.conjunction([v.compare(low_sign, value, low(scope)), v.compare(high_sign, value, high(scope))])

    return run
