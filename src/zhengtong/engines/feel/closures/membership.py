"""`in`, ranges, and the tests that stand in the cells of decision tables.

A test whose parts never change is a function of the value alone; others look at the environment too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.closures.code import UNKNOWN, Code, Compiler, always, handles
from zhengtong.engines.feel.closures.operators import COMPARED, answered
from zhengtong.engines.feel.comparing import PLAIN, conjunction, member, precedes
from zhengtong.engines.feel.composite import Range
from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.frames import Frame
from zhengtong.engines.feel.invoking import kind_of
from zhengtong.engines.feel.running import Place, Run
from zhengtong.engines.feel.scope import Environment
from zhengtong.engines.feel.types import Value

INPUT = "?"
Known = Callable[[Value, Run], bool | None]
Asked = Callable[[Value, Environment], bool | None]


@dataclass(slots=True)
class Test:
    """A compiled test: `known` where the value is all it needs; `constant` where it is equality with one value."""

    asked: Asked
    known: Known | None = None
    constant: Value = UNKNOWN


def _known(known: Known, constant: Value = UNKNOWN) -> Test:
    return Test(lambda value, env: known(value, env.run), known, constant)


def either(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued or."""
    sure = True
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            sure = False
    return False if sure else None


def together(tests: Sequence[Test]) -> Test:
    """Any of several tests; texts, or values of another plain kind, are looked up at once."""
    if len(tests) == 1:
        return tests[0]
    knowns = [test.known for test in tests]
    if None in knowns:
        return Test(lambda value, env: either(test.asked(value, env) for test in tests))

    def each(value: Value, run: Run) -> bool | None:
        return either(known(value, run) for known in knowns if known is not None)

    kinds = {type(test.constant) for test in tests}
    if len(kinds) > 1 or not kinds <= PLAIN:
        return _known(each)
    kind, constants = kinds.pop(), frozenset(test.constant for test in tests)
    return _known(lambda value, run: value in constants if type(value) is kind else each(value, run))


def test_of(compiler: Compiler, node: t.Node, frame: Frame | None) -> Test:
    """One test; `frame` binds `?` where the text has one."""
    if isinstance(node, t.Sign):
        return _sign(compiler, node, frame)
    if isinstance(node, t.RangeOf):
        return _within(compiler, node, frame)
    asked_before, compiler.asks_input = compiler.asks_input, False
    code, place = compiler.compile(node, frame), compiler.place(node.at)
    asks, compiler.asks_input = compiler.asks_input, asked_before or compiler.asks_input
    if code.constant:
        return _equals(code.value, place)
    run = code.run

    def asked(value: Value, env: Environment) -> bool | None:
        found = run(env)
        if asks and type(found) is bool:
            return found
        return contained(value, found, env.run, place)

    return Test(asked)


def contained(value: Value, of: Value, run: Run, place: Place) -> bool | None:
    """`value in of`, with a note where it has no answer."""
    found = member(value, of, run)
    if found is None:
        run.note("feel.operands", place, sign="in", left=kind_of(value), right=kind_of(of))
    return found


def _equals(constant: Value, place: Place) -> Test:
    kind = type(constant)
    if kind not in PLAIN and kind is not bool:
        return _known(lambda value, run: contained(value, constant, run, place))

    def known(value: Value, run: Run) -> bool | None:
        if type(value) is kind:
            return bool(value == constant)
        return contained(value, constant, run, place)

    return _known(known, constant)


def _sign(compiler: Compiler, node: t.Sign, frame: Frame | None) -> Test:
    sign, place, end = node.sign, compiler.place(node.at), compiler.compile(node.end, frame)
    if end.constant:
        constant, kind, compared = end.value, type(end.value), COMPARED[sign]
        if kind not in PLAIN:
            return _known(lambda value, run: answered(sign, value, constant, run, place))

        def known(value: Value, run: Run) -> bool | None:
            if type(value) is kind:
                return compared(value, constant)
            return answered(sign, value, constant, run, place)

        return _known(known)
    closure = end.run
    return Test(lambda value, env: answered(sign, value, closure(env), env.run, place))


def _within(compiler: Compiler, node: t.RangeOf, frame: Frame | None) -> Test:
    low, high, place = compiler.compile(node.low, frame), compiler.compile(node.high, frame), compiler.place(node.at)
    starts, ends = ">=" if node.start_included else ">", "<=" if node.end_included else "<"

    def between(value: Value, least: Value, most: Value, run: Run) -> bool | None:
        above = answered(starts, value, least, run, place)
        return False if above is False else conjunction(above, answered(ends, value, most, run, place))

    if low.constant and high.constant:
        least, most, kind = low.value, high.value, type(low.value)
        if kind is not type(most) or kind not in PLAIN:
            return _known(lambda value, run: between(value, least, most, run))
        after, before = COMPARED[starts], COMPARED[ends]

        def known(value: Value, run: Run) -> bool | None:
            if type(value) is kind:
                return after(value, least) and before(value, most)
            return between(value, least, most, run)

        return _known(known)
    first, last = low.run, high.run
    return Test(lambda value, env: between(value, first(env), last(env), env.run))


@handles(t.In)
def _in(compiler: Compiler, node: t.In, frame: Frame | None) -> Code:
    value = compiler.closure(node.value, frame)
    asking = INPUT in compiler.text
    inner = Frame(frame, name=INPUT) if asking else frame
    nodes = node.test.tests if isinstance(node.test, t.Tests) else [node.test]
    test = together([test_of(compiler, one, inner) for one in nodes])
    if test.known is not None:
        known = test.known
        return Code(lambda env: known(value(env), env.run))
    asked = test.asked

    def run(env: Environment) -> bool | None:
        found = value(env)
        return asked(found, Environment(env.scope, env.run, found, env) if asking else env)

    return Code(run)


@handles(t.Tests)
def _tests(compiler: Compiler, node: t.Tests, frame: Frame | None) -> Code:
    """A test in brackets where a value stands: the range that it means."""
    if len(node.tests) != 1:
        raise FeelError("feel.tests_misplaced", compiler.place(node.at))
    return compiler.compile(node.tests[0], frame)


@handles(t.Sign)
def _range_of_sign(compiler: Compiler, node: t.Sign, frame: Frame | None) -> Code:
    sign, end = node.sign, compiler.compile(node.end, frame)
    if end.constant:
        return always(range_from(sign, end.value))
    closure = end.run
    return Code(lambda env: range_from(sign, closure(env)))


def range_from(sign: str, end: Value) -> Range:
    """The range that a sign and one end mean; the other end is null and not included (§10.3.2.7)."""
    if sign in ("=", "!="):
        return Range(end, end, start_included=sign == "=", end_included=sign == "=", operator=sign)
    if sign[0] == "<":
        return Range(None, end, start_included=False, end_included=sign == "<=", operator=sign)
    return Range(end, None, start_included=sign == ">=", end_included=False, operator=sign)


@handles(t.RangeOf)
def _range(compiler: Compiler, node: t.RangeOf, frame: Frame | None) -> Code:
    low, high = compiler.compile(node.low, frame), compiler.compile(node.high, frame)
    starts, ends, place = node.start_included, node.end_included, compiler.place(node.at)
    if low.constant and high.constant and are_ends(low.value, high.value):
        return always(Range(low.value, high.value, starts, ends))
    first, last = low.run, high.run

    def run(env: Environment) -> Value:
        least, most = first(env), last(env)
        if not are_ends(least, most):
            return env.run.note("feel.not_range", place)
        return Range(least, most, starts, ends)

    return Code(run)


def are_ends(low: Value, high: Value) -> bool:
    """Whether two values can be the ends of a range: of one kind and in order; one of them may be null."""
    if low is None or high is None:
        return low is not high
    return precedes(low, high) is True or precedes(high, low) is False
