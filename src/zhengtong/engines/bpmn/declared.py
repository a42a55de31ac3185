"""What a document declares beside its processes: messages and signals, by id."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.engines.bpmn.vocabulary import BPMN


@dataclass(frozen=True, slots=True)
class Declared:
    """Names by id."""

    messages: Mapping[str, str]
    signals: Mapping[str, str]


def declared_in(root: Any) -> Declared:
    """What the definitions declare; one without a name has the empty one."""
    return Declared(_names(root, "message"), _names(root, "signal"))


def _names(root: Any, tag: str) -> dict[str, str]:
    return {element.get("id"): element.get("name") or "" for element in root.findall(f"{{{BPMN}}}{tag}")}
