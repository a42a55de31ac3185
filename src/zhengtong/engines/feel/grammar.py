"""FEEL's grammar (DMN 1.5 §10.3.1.2) for an LALR(1) parser; rules stand in the order of precedence, lowest first.

Names, texts and types are tokens here, since finding their ends needs the names in scope (`scanning`).
"""

import functools
from collections.abc import Iterator

from lark import Lark
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import Lexer

from zhengtong.engines.feel.brevity import read_brief
from zhengtong.engines.feel.building import Builder
from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.running import Limits, Place
from zhengtong.engines.feel.scanning import Token
from zhengtong.engines.feel.tree import Node

GRAMMAR = r"""
?whole: expression
cells: test (COMMA test)*

?expression: conjunction
           | conjunction (OR conjunction)+             -> logic
?conjunction: comparison
            | comparison (AND comparison)+             -> logic
?comparison: sum
           | comparison COMPARISON sum                 -> compared
           | comparison BETWEEN sum AND sum            -> between
           | comparison IN sum                         -> contained
           | comparison IN COMPARISON sum              -> contained_sign
?sum: product
    | product ((PLUS | MINUS) product)+                -> chain
?product: power
        | power ((TIMES | OVER) power)+                -> chain
?power: negation
      | negation (POWER negation)+                     -> chain
?negation: typed
         | MINUS negation                              -> negative
?typed: postfix
      | typed INSTANCE                                 -> instance
?postfix: primary
        | postfix DOT MEMBER                           -> path
        | postfix FILTER expression CLOSE_SQUARE       -> filter
        | postfix CALL arguments CLOSE                 -> call
?primary: NUMBER                                       -> number
        | STRING                                       -> string
        | LITERAL                                      -> literal
        | AT                                           -> at_literal
        | NAME                                         -> name
        | INPUT                                        -> input
        | OPEN test (COMMA test)* CLOSE                -> group
        | OPEN_SQUARE _items? CLOSE_SQUARE             -> items
        | OPEN_CONTEXT (entry (COMMA entry)*)? CLOSE_CONTEXT  -> context
        | (OPEN | OPEN_SQUARE | OPEN_TURNED) expression DOTS expression (CLOSE | CLOSE_SQUARE | CLOSE_TURNED) -> range
        | FUNCTION expression                          -> definition
        | IF expression THEN expression ELSE expression -> conditional
        | FOR iterators RETURN expression              -> loop
        | (SOME | EVERY) iterators SATISFIES expression -> loop

?test: expression
     | COMPARISON sum                                  -> sign
entry: KEY expression
_items: expression (COMMA expression)*
arguments: (argument (COMMA argument)*)?
?argument: expression
         | PARAMETER expression                        -> named
iterators: iterator (COMMA iterator)*
iterator: VARIABLE IN expression (DOTS expression)?

%declare NUMBER STRING LITERAL AT NAME INPUT MEMBER KEY VARIABLE PARAMETER FUNCTION INSTANCE
%declare OPEN OPEN_SQUARE OPEN_CONTEXT OPEN_TURNED CLOSE CLOSE_SQUARE CLOSE_CONTEXT CLOSE_TURNED CALL FILTER
%declare COMMA DOT DOTS PLUS MINUS TIMES OVER POWER COMPARISON AND OR BETWEEN IN
%declare IF THEN ELSE FOR RETURN SOME EVERY SATISFIES
"""

_WRITTEN = {
    "CLOSE": ")", "CLOSE_SQUARE": "]", "CLOSE_CONTEXT": "}", "COMMA": ",", "DOTS": "..", "THEN": "then",
    "ELSE": "else", "RETURN": "return", "SATISFIES": "satisfies", "AND": "and", "KEY": "name:",
}  # fmt: skip
_BEGINS_A_VALUE = "NUMBER"
_MOST_NAMED = 3


class _Handed(Lexer):
    """Gives the parser the tokens that were cut before."""

    def __init__(self, _configuration: object) -> None:
        pass

    def lex(self, data: list[Token]) -> Iterator[Token]:  # type: ignore[override]  # our tokens are not lark's
        """The tokens themselves."""
        return iter(data)


@functools.cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer=_Handed, start=["whole", "cells"], transformer=Builder())


def parse(text: str, tokens: list[Token], start: str, limits: Limits) -> Node:
    """The tree of an expression (`whole`) or of a list of tests (`cells`); FeelError with the place it fails at."""
    if not tokens:
        raise FeelError("feel.empty", Place(text, 0))
    brief = read_brief(tokens, start)
    if brief is not None:
        return brief
    try:
        tree: Node = _parser().parse(tokens, start)  # type: ignore[assignment]  # the builder makes nodes
    except UnexpectedToken as fault:
        raise _refusal(text, fault) from None
    except UnexpectedInput as fault:
        raise FeelError("feel.character", Place(text, len(text)), found="…") from fault
    if tree.depth > limits.depth:
        raise FeelError("feel.too_deep", Place(text, 0), most=limits.depth)
    return tree


def _refusal(text: str, fault: UnexpectedToken) -> FeelError:
    token = fault.token
    ended = token.type == "$END"
    place = Place(text, len(text) if ended else token.at)
    found = "…" if ended else text[place.offset : place.offset + 1]
    expected = fault.expected
    if _BEGINS_A_VALUE in expected:
        return FeelError("feel.value_expected", place, found=found)
    known = [sign for kind, sign in _WRITTEN.items() if kind in expected][:_MOST_NAMED]
    if not known:
        return FeelError("feel.end_expected", place, found=found)
    return FeelError("feel.expected", place, expected=" ".join(known), found=found)
