"""What a document declares beside its processes: messages, signals, errors and escalations, by id."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.engines.bpmn.compilation.vocabulary import BPMN


@dataclass(frozen=True, slots=True)
class Declared:
    """Names, and codes of errors and escalations (or, where those have none, names), by id."""

    messages: Mapping[str, str]
    signals: Mapping[str, str]
    errors: Mapping[str, str]
    escalations: Mapping[str, str]


def declared_in(root: Any) -> Declared:
    """What the definitions declare; one without a name has the empty one."""
    return Declared(
        _named(root, "message", "name"),
        _named(root, "signal", "name"),
        _named(root, "error", "errorCode"),
        _named(root, "escalation", "escalationCode"),
    )


def _named(root: Any, tag: str, attribute: str) -> dict[str, str]:
    elements = root.findall(f"{{{BPMN}}}{tag}")
    return {element.get("id"): element.get(attribute) or element.get("name") or "" for element in elements}
