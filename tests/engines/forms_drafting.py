"""Short ways to write forms in tests."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhengtong.engines.forms import Checked, Form, check, compile_form

TODAY = dt.date(2025, 3, 3)


def said(zh: str, en: str) -> dict[str, str]:
    """A sentence in both languages."""
    return {"zh-hans": zh, "en": en}


LABEL = said("题甲", "Question A")


def ask(hints: Mapping[str, Any] | None = None, **schema: Any) -> dict[str, Any]:
    """One question."""
    return {**schema, "zt": {"label": LABEL, **(hints or {})}}


def choice(*values: str, many: bool = False, **hints: Any) -> dict[str, Any]:
    """A question with options, labelled by their values."""
    hints["options"] = {value: {"label": said(f"选{value}", value)} for value in values}
    inner: dict[str, Any] = {"type": "string", "enum": list(values)}
    return ask(hints, type="array", items=inner) if many else ask(hints, **inner)


def table(columns: Mapping[str, Any], required: tuple[str, ...] = (), **schema: Any) -> dict[str, Any]:
    """A table of these columns."""
    rows = {"type": "object", "required": list(required), "properties": dict(columns)}
    return ask(type="array", items=rows, **schema)


def section(key: str, *fields: str, **hints: Any) -> dict[str, Any]:
    """One section."""
    return {"key": key, "title": said("节", "Section"), "fields": list(fields), **hints}


def page(key: str, *sections: Mapping[str, Any]) -> dict[str, Any]:
    """One page."""
    return {"key": key, "title": said("页", "Page"), "sections": list(sections)}


def draft(properties: Mapping[str, Any], required: tuple[str, ...] = (), pages: Any = None) -> dict[str, Any]:
    """A schema; without `pages` all questions stand on one."""
    return {
        "type": "object",
        "required": list(required),
        "properties": dict(properties),
        "zt": {"pages": pages or [page("one", section("all", *properties))]},
    }


def form(properties: Mapping[str, Any], required: tuple[str, ...] = (), pages: Any = None) -> Form:
    """A compiled form."""
    return compile_form(draft(properties, required, pages))


def checked(made: Form, answers: object, locale: str = "zh-hans") -> Checked:
    """Checked on a fixed day."""
    return check(made, answers, locale, today=TODAY)


def faults(made: Form, answers: object) -> list[tuple[str, str]]:
    """Paths and codes of the faults."""
    return [(error.path, error.code) for error in checked(made, answers).errors]
