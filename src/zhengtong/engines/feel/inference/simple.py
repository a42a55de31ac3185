"""Types of literals, arithmetic, comparisons, logic and choice."""

from collections.abc import Mapping

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.builtins import BUILTINS
from zhengtong.engines.feel.conforming import type_of
from zhengtong.engines.feel.inference.reasoning import Known, Reasoner, common, infers, is_known
from zhengtong.engines.feel.temporal.reading import read_temporal
from zhengtong.engines.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NUMBER,
    STRING,
    TIME,
    FeelType,
)

_MOVED = {
    (DATE, DAYS_DURATION): DATE,
    (DATE, MONTHS_DURATION): DATE,
    (DATE_AND_TIME, DAYS_DURATION): DATE_AND_TIME,
    (DATE_AND_TIME, MONTHS_DURATION): DATE_AND_TIME,
    (TIME, DAYS_DURATION): TIME,
}
_ADDED = {(kind, kind): kind for kind in (NUMBER, DAYS_DURATION, MONTHS_DURATION)}
_RESULTS: Mapping[str, Mapping[tuple[FeelType, FeelType], FeelType]] = {
    "+": _ADDED | {(STRING, STRING): STRING} | _MOVED | {(right, left): kind for (left, right), kind in _MOVED.items()},
    "-": _ADDED
    | _MOVED
    | {(left, right): DAYS_DURATION for left in (DATE, DATE_AND_TIME) for right in (DATE, DATE_AND_TIME)}
    | {(TIME, TIME): DAYS_DURATION},
    "*": {(NUMBER, NUMBER): NUMBER}
    | {pair: kind for kind in (DAYS_DURATION, MONTHS_DURATION) for pair in ((kind, NUMBER), (NUMBER, kind))},
    "/": {(kind, kind): NUMBER for kind in (NUMBER, DAYS_DURATION, MONTHS_DURATION)}
    | {(kind, NUMBER): kind for kind in (DAYS_DURATION, MONTHS_DURATION)},
    "**": {(NUMBER, NUMBER): NUMBER},
}


@infers(t.Literal)
def _literal(_reasoner: Reasoner, node: t.Literal, _known: Known) -> FeelType:
    return type_of(node.value)


@infers(t.AtLiteral)
def _at_literal(_reasoner: Reasoner, node: t.AtLiteral, _known: Known) -> FeelType:
    found = read_temporal(node.text.partition("@")[0], None)
    return ANY if found is None else type_of(found)


@infers(t.Name)
def _name(_reasoner: Reasoner, node: t.Name, known: Known) -> FeelType:
    found = known.type_of(node.name)
    if found is None and node.name in BUILTINS:
        return BUILTINS[node.name].as_value().type
    return ANY if found is None else found


@infers(t.Negative)
def _negative(reasoner: Reasoner, node: t.Negative, known: Known) -> FeelType:
    found = reasoner.type_of(node.operand, known)
    if is_known(found.kind) and found not in (NUMBER, DAYS_DURATION, MONTHS_DURATION):
        reasoner.fault("feel.operand", node.at, kind=found.kind)
        return ANY
    return found


@infers(t.Chain)
def _chain(reasoner: Reasoner, node: t.Chain, known: Known) -> FeelType:
    found = reasoner.type_of(node.first, known)
    for sign, at, part in node.rest:
        other = reasoner.type_of(part, known)
        if not is_known(found.kind) or not is_known(other.kind):
            found = ANY
            continue
        result = _RESULTS[sign].get((found, other))
        if result is None:
            reasoner.fault("feel.operands", at, sign=sign, left=found.kind, right=other.kind)
        found = result or ANY
    return found


@infers(t.Comparison)
def _comparison(reasoner: Reasoner, node: t.Comparison, known: Known) -> FeelType:
    left, right = reasoner.type_of(node.left, known), reasoner.type_of(node.right, known)
    reasoner.expect_alike(node.sign, node.at, left, right)
    return BOOLEAN


@infers(t.Between)
def _between(reasoner: Reasoner, node: t.Between, known: Known) -> FeelType:
    value = reasoner.type_of(node.value, known)
    reasoner.expect_alike(">=", node.at, value, reasoner.type_of(node.low, known))
    reasoner.expect_alike("<=", node.at, value, reasoner.type_of(node.high, known))
    return BOOLEAN


@infers(t.Logic)
def _logic(reasoner: Reasoner, node: t.Logic, known: Known) -> FeelType:
    for part in node.parts:
        reasoner.expect_boolean(part, known)
    return BOOLEAN


@infers(t.InstanceOf)
def _instance(reasoner: Reasoner, node: t.InstanceOf, known: Known) -> FeelType:
    reasoner.type_of(node.value, known)
    return BOOLEAN


@infers(t.Conditional)
def _conditional(reasoner: Reasoner, node: t.Conditional, known: Known) -> FeelType:
    for condition, _value in node.cases:
        reasoner.expect_boolean(condition, known)
    return common(reasoner.type_of(value, known) for value in (*(value for _, value in node.cases), node.otherwise))
