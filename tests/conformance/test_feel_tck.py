"""FEEL against the DMN technology compatibility kit: literal expressions that ask for nothing, without DMN around them.

The whole kit, models and all, is run by the DMN engine's own test.
"""

import pathlib
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from engines.feel_reckoning import run
from zhengtong.engines.feel import FeelError, compile_expression, read_type
from zhengtong.engines.feel.builtins import BUILTINS
from zhengtong.engines.feel.types import ANY, FeelType, context_of, list_of

pytestmark = pytest.mark.conformance

LEAST = 2300
"""Expressions of the kit that stand alone; all of them agree."""
ASKS = re.compile(r"Full Name|Monthly Salary|Employment Status|values in a list|Base Vacation Days|Model B")
"""Names of several words that only the models declare."""
NEAR = Decimal("1e-8")
NUMBERS = {"decimal", "double", "integer", "int"}
READ = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def test_what_stands_alone_agrees_with_the_kit(shared_data: pathlib.Path) -> None:
    agreed, wrong = 0, []
    for folder in sorted((shared_data / "dmn-tck").glob("compliance-level-*/*")):
        types = _types(folder)
        for name, text, expected in _cases(folder):
            found = _found(text, types)
            if found is Ellipsis or ASKS.search(text):
                continue
            if _same(found, expected):
                agreed += 1
            else:
                wrong.append(f"{folder.name}/{name}: {text!r} gave {found!r}, expected {expected!r}")
    assert not wrong, "\n".join(wrong)
    assert agreed >= LEAST


def _found(text: str, types: dict[str, FeelType]) -> Any:
    """The value, null where the text is no expression; `...` for what asks for other values."""
    try:
        expression = compile_expression(text, types=types)
    except FeelError:
        return None
    return ... if expression.names else expression.evaluate({}, run())


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
                yield name, texts[name], None if result.get("errorResult") == "true" else _value(expected)


def _types(folder: pathlib.Path) -> dict[str, FeelType]:
    """The item definitions of a folder's models, as far as they are made of FEEL's own types."""
    types: dict[str, FeelType] = {}
    for model in folder.glob("*.dmn"):
        for item in etree.parse(str(model)).iterfind("{*}itemDefinition"):
            parts = item.findall("{*}itemComponent")
            if parts:
                found = context_of(
                    {part.get("name"): read_type(part.findtext("{*}typeRef") or "") or ANY for part in parts}
                )
            else:
                found = read_type(item.findtext("{*}typeRef") or "") or ANY
            types[item.get("name")] = list_of(found) if item.get("isCollection") == "true" else found
    return types


def _type(item: Any) -> FeelType:
    return read_type(item.findtext("{*}typeRef") or "") or ANY


def _value(node: Any) -> Any:
    """An expected value."""
    listed = node.find("{*}list")
    if listed is not None:
        return [_value(item) for item in listed.iterfind("{*}item")]
    components = node.findall("{*}component")
    if components:
        return {component.get("name"): _value(component) for component in components}
    value = node.find("{*}value")
    if value is None or value.get(f"{XSI}nil") == "true":
        return None
    kind = (value.get(f"{XSI}type") or "xsd:string").split(":")[-1]
    text = value.text or ""
    if kind in NUMBERS:
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() == "true"
    return BUILTINS[READ[kind]].call([text.strip()], None, run()) if kind in READ else text


def _same(found: Any, expected: Any) -> bool:
    """Equality as the kit means it: numbers to eight digits."""
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= NEAR * max(1, abs(expected))
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_same, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(_same(found[key], expected[key]) for key in found)
    return type(found) is type(expected) and found == expected
