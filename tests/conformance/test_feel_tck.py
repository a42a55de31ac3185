"""The FEEL subset against the DMN technology compatibility kit: what compiles means what the kit says."""

import datetime as dt
import pathlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from zhengtong.engines.feel import Expression, FeelError, compile_expression

pytestmark = pytest.mark.conformance

LEAST = 380
"""Expressions of the kit that the subset evaluates; it only grows."""
KINDS = {"decimal": Decimal, "double": Decimal, "integer": Decimal, "int": Decimal, "string": str}


def test_what_compiles_agrees_with_the_kit(shared_data: pathlib.Path) -> None:
    agreed, wrong = 0, []
    for folder in sorted((shared_data / "dmn-tck").glob("compliance-level-*/*")):
        for name, text, expected in _cases(folder):
            expression = _compiled(text)
            if expression is None or expression.names:
                continue
            found = expression.evaluate({})
            if found == expected and type(found) is type(expected):
                agreed += 1
            else:
                wrong.append(f"{folder.name}/{name}: {text!r} gave {found!r}, expected {expected!r}")
    assert not wrong, "\n".join(wrong)
    assert agreed >= LEAST


def _compiled(text: str) -> Expression | None:
    """The expression, or None where the subset refuses it; a refusal always says where."""
    refused: FeelError | None = None
    try:
        return compile_expression(text)
    except FeelError as error:
        refused = error
    assert refused.position is not None, text
    return None


def _cases(folder: pathlib.Path) -> Iterator[tuple[str, str, Any]]:
    """Decisions that are one literal expression, with the value the kit expects."""
    texts = {}
    for model in folder.glob("*.dmn"):
        for decision in etree.parse(str(model)).iterfind("{*}decision"):
            literal = decision.find("{*}literalExpression")
            if literal is not None and literal.find("{*}text") is not None:
                texts[decision.get("name")] = literal.findtext("{*}text") or ""
    for suite in folder.glob("*.xml"):
        for result in etree.parse(str(suite)).iterfind("{*}testCase/{*}resultNode"):
            name, expected = result.get("name"), result.find("{*}expected")
            if name in texts and expected is not None:
                try:
                    yield name, texts[name], _value(expected)
                except LookupError:
                    continue


def _value(node: Any) -> Any:
    """An expected value; LookupError for kinds the subset has no values of (times, durations)."""
    listed = node.find("{*}list")
    if listed is not None:
        return [_value(item) for item in listed.iterfind("{*}item")]
    if node.find("{*}component") is not None:
        raise LookupError
    value = node.find("{*}value")
    if value is None or value.get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true":
        return None
    kind = (value.get("{http://www.w3.org/2001/XMLSchema-instance}type") or "xsd:string").split(":")[-1]
    text = value.text or ""
    if kind == "boolean":
        return text.strip() == "true"
    if kind == "date":
        return dt.date.fromisoformat(text)
    return KINDS[kind](text)
