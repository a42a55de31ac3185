"""Compiling a text once, to be evaluated many times."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhengtong.engines.feel.closures import Compiler
from zhengtong.engines.feel.conditions import Test, test_of
from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.frames import Closure
from zhengtong.engines.feel.grammar import parse
from zhengtong.engines.feel.running import NOWHERE, USUAL, Diagnostic, ExhaustedError, Limits, Place, Run, diagnostic
from zhengtong.engines.feel.scanning import Token, scan
from zhengtong.engines.feel.scope import Environment, PlainScope
from zhengtong.engines.feel.types import FeelType, Names, Value
from zhengtong.engines.feel.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression.

    `names` are the names it asks its scope for, `paths` the same with what it takes inside of them; `functions` are
    those of built-in functions that it uses as values, which the scope may have for something else. `faults` is what is
    surely wrong with it, found without running it (a name, function or type that does not exist, a date that is none).
    Where `constant`, its value is the same whatever the scope. `holds` says whether it is true in a scope of
    plain Python values, as `evaluate` does without a run, and for common conditions at a fraction of the cost.
    """

    text: str
    names: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    functions: frozenset[str]
    faults: tuple[Diagnostic, ...]
    constant: bool
    closure: Closure
    holds: Test

    def evaluate(self, scope: Mapping[str, Value], run: Run | None = None) -> Value:
        """Its value in a scope; null, with a diagnostic in `run`, for what has none. Never raises on data.

        With a run the scope holds FEEL's values (`to_feel`). Without one it may hold any of Python's, which are
        converted when they are asked for.
        """
        if run is None:
            return evaluated(self.closure, Environment(PlainScope(scope), Run(), None, None), self.text)
        try:
            return self.closure(Environment(scope, run, None, None))
        except (ExhaustedError, RecursionError) as end:
            return given_up(end, run, self.text)


def evaluated(closure: Closure, env: Environment, text: str) -> Value:
    """The value of a closure, null where it asks for more than the limits allow."""
    try:
        return closure(env)
    except (ExhaustedError, RecursionError) as end:
        return given_up(end, env.run, text)


def given_up(end: ExhaustedError | RecursionError, run: Run, text: str) -> Value:
    """Note that an evaluation went past its limits; gives null."""
    if isinstance(end, ExhaustedError):
        return run.stop(end.code, text, end.most)
    return run.stop("feel.too_many_calls", text, run.limits.calls)


def compile_expression(
    text: str,
    *,
    names: Names | Vocabulary = (),
    types: Mapping[str, FeelType] | None = None,
    limits: Limits | None = None,
    strict: bool = False,
) -> Expression:
    """Compile `text`; FeelError with its place where it is no expression.

    `names` are those in scope, which may have blanks and signs; what is known of their inside (`FeelType`, or names
    again) finds the names behind full stops; a `Vocabulary` of them serves many expressions. Where no names are given
    any is allowed. `types` are found by `instance of` and for parameters. Where `strict`, the first of the faults is a
    FeelError too.
    """
    vocabulary = names if isinstance(names, Vocabulary) else Vocabulary(names)
    compiler = Compiler(text, vocabulary, types)
    tokens = tokens_of(text, vocabulary, types, limits or USUAL)
    tree = parse(text, tokens, "whole", limits or USUAL)
    code = compiler.compile(tree, None)
    faults = faults_of(compiler, strict=strict)
    test = None if vocabulary.entries else test_of(tree)
    return Expression(
        text=text,
        names=frozenset(compiler.names),
        paths=frozenset(compiler.paths),
        functions=frozenset(compiler.functions),
        faults=faults,
        constant=code.constant,
        closure=code.run,
        holds=_holding(code.run, text) if test is None else test,
    )


def _holding(closure: Closure, text: str) -> Test:
    """Whether any expression is true."""
    return lambda scope: evaluated(closure, Environment(PlainScope(scope), Run(), None, None), text) is True


def tokens_of(text: str, vocabulary: Vocabulary, types: Mapping[str, FeelType] | None, limits: Limits) -> list[Token]:
    """The tokens of a text that is not too long."""
    if not isinstance(text, str):
        raise FeelError("feel.not_text", NOWHERE)
    if len(text) > limits.text:
        raise FeelError("feel.too_long", Place(text, limits.text), most=limits.text)
    return scan(text, vocabulary, types, limits)


def faults_of(compiler: Compiler, *, strict: bool) -> tuple[Diagnostic, ...]:
    """What the compiler found to be wrong; where `strict`, the first is raised."""
    if strict and compiler.faults:
        code, place, params = compiler.faults[0]
        raise FeelError(code, place, **params)
    return tuple(diagnostic(*fault) for fault in compiler.faults)
