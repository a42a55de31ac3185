"""What the check of soundness says: faults, reasons why it could not decide, and the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhengtong.engines.bpmn.soundness.texts import TEXTS
from zhengtong.engines.errors import DEFAULT_LOCALE, say


class Verdict(StrEnum):
    """Sound is only said when every state was seen."""

    SOUND = "sound"
    UNSOUND = "unsound"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `elements` are the ids it is about, `witness` the elements a token passes, in order, to get there.

    `blocking` faults make a process unsound; the others are reasons why nothing could be decided.
    """

    code: str
    elements: tuple[str, ...]
    witness: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    blocking: bool = True
    line: int | None = None

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence in `locale` (`zh-hans` or `en`)."""
        chinese = not locale.lower().startswith("en")
        named = ("、" if chinese else ", ").join(self.elements)
        return say(TEXTS, self.code, locale, {"elements": named, **self.params})

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON; the same keys as other findings have, with `elements` and `witness`."""
        return {
            "code": self.code,
            "element": self.elements[0] if self.elements else "",
            "elements": list(self.elements),
            "line": self.line,
            "blocking": self.blocking,
            "message": {"zh-hans": self.text("zh-hans"), "en": self.text("en")},
            "witness": list(self.witness),
        }


@dataclass(frozen=True, slots=True)
class Soundness:
    """The verdict on one process, every finding, and how many states were looked at."""

    verdict: Verdict
    findings: tuple[Fault, ...]
    states: int
