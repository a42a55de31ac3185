"""The built-in `range(from)`: a range written in a text, with literal ends (DMN 1.5 §10.3.4.1)."""

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.builtins.registry import builtin
from zhengtong.engines.feel.closures.code import Compiler
from zhengtong.engines.feel.closures.membership import are_ends
from zhengtong.engines.feel.composite import Range
from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.grammar import parse
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.scanning import scan
from zhengtong.engines.feel.scope import Environment
from zhengtong.engines.feel.types import Value
from zhengtong.engines.feel.vocabulary import Vocabulary

LONGEST = 1_000


@builtin("range(from: string) -> range")
def _range(run: Run, text: str) -> Range | None:
    if len(text) > LONGEST:
        return None
    vocabulary = Vocabulary(())
    try:
        node = parse(text, scan(text, vocabulary, None), "whole", run.limits)
        if not isinstance(node, t.RangeOf):
            return None
        low, high = (_literal(Compiler(text, vocabulary, None), end, run) for end in (node.low, node.high))
    except FeelError:
        return None  # a text that is no expression is no range either
    if low is None or high is None or not are_ends(low, high):
        return None
    return Range(low, high, node.start_included, node.end_included)


def _literal(compiler: Compiler, node: t.Node, run: Run) -> Value:
    """The value of a literal, null of anything else."""
    code = compiler.compile(node, None)
    if isinstance(node, t.AtLiteral):
        return code.run(Environment({}, run, None, None))
    return code.value if code.constant else None
