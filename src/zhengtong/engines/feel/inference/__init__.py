"""Faults of types that are found without running an expression."""

from collections.abc import Mapping

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.compiling import Expression, tokens_of
from zhengtong.engines.feel.grammar import parse
from zhengtong.engines.feel.inference import calls, composite, simple
from zhengtong.engines.feel.inference.composite import check_test
from zhengtong.engines.feel.inference.reasoning import Known, Reasoner
from zhengtong.engines.feel.running import USUAL, Diagnostic, diagnostic
from zhengtong.engines.feel.types import ANY, FeelType, Names
from zhengtong.engines.feel.unary import UnaryTests, tests_of
from zhengtong.engines.feel.vocabulary import Vocabulary

Types = Mapping[str, FeelType]


def static_faults(
    compiled: Expression | UnaryTests,
    types: Types,
    *,
    names: Names | None = None,
    named: Types | None = None,
    tested: FeelType = ANY,
) -> tuple[Diagnostic, ...]:
    """What is surely wrong with an expression or a cell, given the types of the names it may use.

    `names` are those it was compiled with, where these are not the names of `types`; `named` are the types that it may
    name, `tested` is the type of the value a cell is for. Nothing is said of names without a type, so no faults does
    not mean that there are none.
    """
    vocabulary = Vocabulary(types if names is None else names)
    reasoner = Reasoner(compiled.text)
    known = Known(types)
    if isinstance(compiled, Expression):
        reasoner.type_of(_tree(compiled, vocabulary, named), known)
    elif not compiled.any_value:
        tokens = tokens_of(compiled.text, vocabulary, named, USUAL)
        for test in tests_of(compiled.text, tokens, USUAL)[0]:
            check_test(reasoner, test, tested, known)
    return tuple(diagnostic(*fault) for fault in reasoner.faults)


def static_type(expression: Expression, types: Types, *, named: Types | None = None) -> FeelType:
    """The type an expression has whatever its names are worth; Any where that is not known."""
    return Reasoner(expression.text).type_of(_tree(expression, Vocabulary(types), named), Known(types))


def _tree(expression: Expression, vocabulary: Vocabulary, named: Types | None) -> t.Node:
    tokens = tokens_of(expression.text, vocabulary, named, USUAL)
    return parse(expression.text, tokens, "whole", USUAL)


__all__ = ["calls", "composite", "simple", "static_faults", "static_type"]
