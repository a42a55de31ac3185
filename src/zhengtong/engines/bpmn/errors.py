"""How the process engine refuses: one error for bad input, one for a model that may not be executed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from zhengtong.engines.bpmn.texts import TEXTS
from zhengtong.engines.errors import DEFAULT_LOCALE, EngineError, say


class BpmnError(EngineError):
    """A document, state or event that the engine cannot take; `position` is a line or an element id."""

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = TEXTS


_LINES = {"zh-hans": "第 {} 行", "en": "line {}"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about a model: `blocking` ones forbid execution, the others only say what has no effect here."""

    code: str
    element: str
    line: int | None
    params: Mapping[str, object] = field(default_factory=dict)
    blocking: bool = True

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence in `locale` (`zh-hans` or `en`); what has no id is named by its line."""
        named = self.element or _LINES.get(locale, _LINES[DEFAULT_LOCALE]).format(self.line or 1)
        return say(TEXTS, self.code, locale, {"element": named, **self.params})

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "code": self.code,
            "element": self.element,
            "line": self.line,
            "blocking": self.blocking,
            "message": {"zh-hans": self.text("zh-hans"), "en": self.text("en")},
        }


class ModelRefused(BpmnError):
    """A readable model that may not be executed; `findings` holds every reason, each with its element id."""

    def __init__(self, process: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        blocking = [finding for finding in self.findings if finding.blocking]
        first = blocking[0]
        super().__init__(
            "bpmn.refused",
            position=first.element or None,
            process=process,
            count=len(blocking),
            first_zh=first.text("zh-hans"),
            first_en=first.text("en"),
        )
