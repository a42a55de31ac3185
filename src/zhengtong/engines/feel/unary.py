"""Unary tests (DMN 1.5 §9, §10.3.1.2 rules 13 to 15): what stands in the cells of a decision table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.closures import Compiler
from zhengtong.engines.feel.closures.membership import INPUT, Known, Test, test_of, together
from zhengtong.engines.feel.compiling import faults_of, given_up, tokens_of
from zhengtong.engines.feel.conversion import to_feel
from zhengtong.engines.feel.frames import Frame
from zhengtong.engines.feel.grammar import parse
from zhengtong.engines.feel.running import USUAL, Diagnostic, ExhaustedError, Limits, Run
from zhengtong.engines.feel.scanning import Token
from zhengtong.engines.feel.scope import Environment, PlainScope
from zhengtong.engines.feel.types import FeelType, Names, Value
from zhengtong.engines.feel.vocabulary import Vocabulary

_OPENING = frozenset({"CALL", "OPEN", "OPEN_SQUARE", "OPEN_TURNED", "OPEN_CONTEXT", "FILTER"})
_CLOSING = frozenset({"CLOSE", "CLOSE_SQUARE", "CLOSE_TURNED", "CLOSE_CONTEXT"})
Matches = Callable[..., bool | None]


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """A compiled cell.

    `matches(value, scope, run)` says whether a value (`?` in the text) passes: true, false, or None where it cannot be
    said. As with expressions, without a run value and scope may be plain Python. `any_value` is true of `-` alone;
    `names`, `paths` and `faults` are as an expression's.
    """

    text: str
    names: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    faults: tuple[Diagnostic, ...]
    any_value: bool
    matches: Matches


def compile_unary_tests(
    text: str,
    *,
    names: Names | Vocabulary = (),
    types: Mapping[str, FeelType] | None = None,
    limits: Limits | None = None,
    strict: bool = False,
) -> UnaryTests:
    """Compile a cell; FeelError with its place where it is none. The rest is as for expressions."""
    if isinstance(text, str) and text.strip() == "-":
        nothing: frozenset[str] = frozenset()
        return UnaryTests(text, nothing, frozenset(), (), any_value=True, matches=_always)
    vocabulary = names if isinstance(names, Vocabulary) else Vocabulary(names)
    compiler = Compiler(text, vocabulary, types)
    test = _compiled(compiler, vocabulary, types, limits or USUAL)
    faults = faults_of(compiler, strict=strict)
    found = frozenset(compiler.names - {INPUT}), frozenset(compiler.paths), faults
    matches = _of_value(test.known, text) if test.known is not None else _of_scope(test, text)
    return UnaryTests(text, *found, any_value=False, matches=matches)


def _always(_value: object, _scope: object, _run: object = None) -> bool:
    return True


def _compiled(compiler: Compiler, vocabulary: Vocabulary, types: Mapping[str, FeelType] | None, limits: Limits) -> Test:
    frame = Frame(None, name=INPUT)
    nodes, negated = tests_of(compiler.text, tokens_of(compiler.text, vocabulary, types, limits), limits)
    test = together([test_of(compiler, one, frame) for one in nodes])
    return _turned(test) if negated else test


def tests_of(text: str, tokens: list[Token], limits: Limits) -> tuple[list[t.Node], bool]:
    """The tests of a cell, and whether they stand in a `not(…)`."""
    negated = _is_negated(tokens)
    if negated:
        tokens = [Token("OPEN", "(", tokens[1].at), *tokens[2:]]
    return _tests(parse(text, tokens, "cells", limits)), negated


def _is_negated(tokens: list[Token]) -> bool:
    """Whether the whole is `not(…)`: its bracket closes where the text ends."""
    if [token.type for token in tokens[:2]] != ["NAME", "CALL"] or tokens[0].value != "not":
        return False
    open_brackets = 0
    for place, token in enumerate(tokens):
        open_brackets += (token.type in _OPENING) - (token.type in _CLOSING)
        if open_brackets == 0 and place > 0:
            return place == len(tokens) - 1
    return False


def _tests(node: t.Node) -> list[t.Node]:
    """The tests of a cell, out of the brackets they may stand in together."""
    tests = node.tests if isinstance(node, t.Tests) else [node]
    return _tests(tests[0]) if len(tests) == 1 and isinstance(tests[0], t.Tests) else tests


def _turned(test: Test) -> Test:
    known, asked = test.known, test.asked
    if known is None:
        return Test(lambda value, env: negation(asked(value, env)))
    return Test(lambda value, env: negation(known(value, env.run)), lambda value, run: negation(known(value, run)))


def negation(answer: bool | None) -> bool | None:
    """Three-valued not."""
    return None if answer is None else not answer


def _of_value(known: Known, text: str) -> Matches:
    """Tests that look at the value alone."""

    def matches(value: Value, _scope: object, run: Run | None = None) -> Value:
        if run is None:
            run, value = Run(), to_feel(value)
        try:
            return known(value, run)
        except (ExhaustedError, RecursionError) as end:
            return given_up(end, run, text)

    return matches


def _of_scope(test: Test, text: str) -> Matches:
    asked = test.asked

    def matches(value: Value, scope: Mapping[str, Value], run: Run | None = None) -> Value:
        if run is None:
            run = Run()
            env = Environment(PlainScope(scope), run, to_feel(value), None)
        else:
            env = Environment(scope, run, value, None)
        try:
            return asked(env.value, env)
        except (ExhaustedError, RecursionError) as end:
            return given_up(end, run, text)

    return matches
