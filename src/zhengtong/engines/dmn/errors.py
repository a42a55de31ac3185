"""How the decision engine refuses: a typed error for bad input, a finding about a model, a diagnostic of one run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from zhengtong.engines import feel
from zhengtong.engines.dmn.texts import KINDS, REASONS, TEXTS, UNDECIDED
from zhengtong.engines.errors import DEFAULT_LOCALE, EngineError, say


class DmnError(EngineError):
    """A document, model or question that the engine cannot take; `position` is a line or an element id."""

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = TEXTS


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about a model.

    `element` is the id of what it is about (of a type, its name), `name` what people call it, `rules` the numbers of
    a table's rules, counted from 1, `example` an input that shows it. A `blocking` one makes an answer null or wrong;
    others are worth a look. `inner` is FEEL's own sentence where an expression is at fault.
    """

    code: str
    element: str
    name: str
    line: int | None = None
    rules: tuple[int, ...] = ()
    example: Mapping[str, object] = field(default_factory=dict)
    params: Mapping[str, object] = field(default_factory=dict)
    blocking: bool = True
    inner: feel.FeelError | feel.Diagnostic | None = None

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence in `locale` (`zh-hans` or `en`)."""
        given: dict[str, object] = {"element": self.name, **self.params}
        given["rules"] = _listed(self.rules, locale)
        given["example"] = _listed(
            (f"{name} = {_sample(value, locale)}" for name, value in self.example.items()), locale
        )
        for name in ("found", "wanted"):
            if f"{name}_kind" in self.params:
                given[name] = say(KINDS, str(self.params[f"{name}_kind"]), locale, {})
        if "reason_code" in self.params:
            given["reason"] = say(UNDECIDED, str(self.params["reason_code"]), locale, given)
        if self.inner is not None:
            given |= {"inner": self.inner.text(locale), "where": f"{self.inner.line}:{self.inner.column}"}
        return say(TEXTS, self.code, locale, given)

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "code": self.code,
            "element": self.element,
            "name": self.name,
            "line": self.line,
            "rules": list(self.rules),
            "example": dict(self.example),
            "blocking": self.blocking,
            "message": {"zh-hans": self.text("zh-hans"), "en": self.text("en")},
        }


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Why an answer, or a part of it, is null: the decision it happened in, and FEEL's own word where it was FEEL."""

    code: str
    decision: str
    params: Mapping[str, object] = field(default_factory=dict)
    inner: feel.Diagnostic | None = None

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence in `locale` (`zh-hans` or `en`)."""
        if self.inner is not None:
            return self.inner.text(locale)
        return say(TEXTS, self.code, locale, {"decision": self.decision, **self.params})

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON; `offset` and `expression` where the fault has a place."""
        place = {"offset": self.inner.offset, "expression": self.inner.expression} if self.inner else {}
        message = {"zh-hans": self.text("zh-hans"), "en": self.text("en")}
        return {"code": self.code, "decision": self.decision, **place, "message": message}


ANY_OTHER = "*"
"""How an example shows any value that no rule names."""


def _listed(parts: Iterable[object], locale: str) -> str:
    return say(REASONS, "comma", locale, {}).join(str(part) for part in parts)


def _sample(value: object, locale: str) -> str:
    if value == ANY_OTHER:
        return say(REASONS, "other", locale, {})
    return f"“{value}”" if isinstance(value, str) else "null" if value is None else str(value).lower()
