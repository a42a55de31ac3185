"""Every type of event that can be recorded has a name in both languages and stands in the reference."""

import ast
import functools
import re
from collections.abc import Iterator

import pytest
from django.utils import translation
from house_sources import ROOT, modules, shown, tree

from zhengtong.doors.console.choices import EVENT_FAMILIES
from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.ledger.registry import event_name

REFERENCE = (ROOT / "docs" / "reference" / "events.md").read_text(encoding="utf-8")
TYPE = re.compile(r"[a-z]+(?:\.[a-z_]+)+")
NAMES = registry.event_names.all()


@functools.cache
def recorded() -> tuple[tuple[str, str], ...]:
    """Each type that code hands to the ledger, with its place; of a type put together, the beginning and `*`."""
    return tuple(_recorded())


def _recorded() -> Iterator[tuple[str, str]]:
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and _records(node.func):
                for keyword in node.keywords:
                    if keyword.arg == "type":
                        yield from ((text, f"{shown(path)}:{node.lineno}") for text in _texts(keyword.value))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_tell", "_replace"):
                texts = (text for argument in node.args for text in _texts(argument))
                yield from ((text, f"{shown(path)}:{node.lineno}") for text in texts)


def _records(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in ("record", "record_refusal")


def _texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and TYPE.fullmatch(value.value):
        yield value.value
    elif isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
        yield f"{value.values[0].value}*"


def constants() -> Iterator[tuple[str, str]]:
    """Each type that an app keeps as a constant of its events."""
    for path in modules():
        if path.name == "events.py" and "engines" not in path.parts:
            for node in tree(path).body:
                if isinstance(node, ast.Assign):
                    yield from ((text, f"{shown(path)}:{node.lineno}") for text in _texts(node.value))


def test_there_is_something_to_look_at() -> None:
    assert len(dict(recorded())) > 12
    assert len(dict(constants())) > 30
    assert len(NAMES) > 70


def test_every_type_that_is_recorded_has_a_name() -> None:
    nameless = {
        where: type_
        for type_, where in (*recorded(), *constants())
        if type_ not in NAMES and not (type_.endswith("*") and any(name.startswith(type_[:-1]) for name in NAMES))
    }
    assert not nameless


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_name_is_in_the_reader_s_language(language: str) -> None:
    with translation.override(language):
        chinese = {type_: bool(re.search("[㐀-鿿]", event_name(type_))) for type_ in NAMES}
        refused = event_name("case.act.refused")
    assert not [type_ for type_, is_chinese in chinese.items() if is_chinese is not (language == "zh-hans")]
    assert refused == ("被拒绝：办理行为" if language == "zh-hans" else "Refused: Act on a case")


def test_two_types_are_not_called_the_same() -> None:
    with translation.override("zh-hans"):
        called = sorted(event_name(type_) for type_ in NAMES)
    assert not [name for name, following in zip(called, called[1:], strict=False) if name == following]


def test_every_named_type_is_in_the_reference() -> None:
    listed = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", REFERENCE))
    listed |= {name.removesuffix(".refused") for name in listed}
    assert not {type_ for type_ in NAMES if not type_.startswith("catalog.")} - listed


def test_an_unknown_type_is_called_by_itself() -> None:
    assert event_name("case.act.of_another_version") == "case.act.of_another_version"


def test_the_log_can_be_searched_for_every_type() -> None:
    assert not [type_ for type_ in NAMES if not type_.startswith(tuple(EVENT_FAMILIES))]
