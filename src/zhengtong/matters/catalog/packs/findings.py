"""What is wrong with a pack, and where: a code, a place (`service.yaml:12`) and a sentence in two languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from zhengtong.engines.errors import DEFAULT_LOCALE, EngineError, say
from zhengtong.matters.catalog.packs.texts import TEXTS


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `blocking` findings keep the pack from being released."""

    code: str
    position: str
    params: Mapping[str, object] = field(default_factory=dict)
    blocking: bool = True

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence that says what to do; a finding of an engine carries that engine's own sentence."""
        params = dict(self.params)
        cause = params.get("cause")
        if isinstance(cause, EngineError):
            params["cause"] = cause.text(locale)
        elif isinstance(cause, Mapping):
            params["cause"] = cause.get("en" if locale.lower().startswith("en") else DEFAULT_LOCALE, "")
        return say(TEXTS, self.code, locale, params)


class PackError(EngineError):
    """A pack that cannot be read; `findings` are all that stands in the way, the first also being the error."""

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = TEXTS

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        self._first = first
        super().__init__(first.code, position=first.position, **first.params)

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence of the first finding."""
        return self._first.text(locale)
