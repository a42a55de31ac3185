"""What packs may ask for by name exists, promises something, and is written down for those who write packs."""

import inspect
import re

import pytest
from house_sources import PACKS, ROOT
from lxml import etree

from zhengtong.foundation.core.registry import registry

REFERENCE = ROOT / "docs" / "reference" / "actions.md"
ZT = "{https://zhengtong.example/ns/bpmn/1}"
VERSIONED = re.compile(r"[a-z_]+\.[a-z_]+@[1-9]\d*")


def asked_for() -> set[str]:
    """Every action that a pack's process names."""
    found: set[str] = set()
    for path in PACKS.rglob("*.bpmn"):
        document = etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True))
        found |= {value for element in document.iter() if (value := element.get(f"{ZT}action"))}
    return found


def test_packs_ask_for_something() -> None:
    assert asked_for()


def test_every_action_a_pack_asks_for_exists() -> None:
    assert not asked_for() - registry.actions.all().keys()


@pytest.mark.parametrize("name", sorted(registry.actions.all()))
def test_every_action_is_versioned_and_documented(name: str) -> None:
    assert VERSIONED.fullmatch(name)
    assert inspect.getdoc(registry.actions.get(name)), "its docstring says what it does"
    assert f"`{name}`" in REFERENCE.read_text(encoding="utf-8"), "docs/reference/actions.md names it"


def test_nothing_is_documented_that_does_not_exist() -> None:
    written = set(re.findall(r"^\| `([^`]+@\d+)`", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE))
    assert written == set(registry.actions.all())
