"""A form as plain descriptions that a page can draw, and as the rows of “check your answers”."""

from collections.abc import Iterable, Mapping
from typing import Any

from zhengtong.engines.errors import normal_locale
from zhengtong.engines.forms.checking import FieldError
from zhengtong.engines.forms.judging import empty
from zhengtong.engines.forms.model import Field, Form, Kind, Page, spoken
from zhengtong.engines.forms.scoping import computed, required_now, scope_of
from zhengtong.engines.forms.texts import YES_NO

Described = dict[str, Any]
Sources = Mapping[str, Mapping[str, Any]]


def describe_page(
    form: Form,
    page: Page,
    answers: Mapping[str, Any],
    locale: str,
    *,
    errors: Iterable[FieldError] = (),
    sources: Sources | None = None,
) -> Described:
    """`{key, title, help, sections: [{key, title, help, fields: [...]}]}` in the reader's language.

    A field is `{key, label, help, widget, options, value, errors, required, visible, …}`; its `source`, where one is
    known, is handed through as given under the field's key in `sources`.
    """
    tag = normal_locale(locale)
    shown, scope = scope_of(form, answers)
    faults: dict[str, list[FieldError]] = {}
    for error in errors:
        faults.setdefault(error.path.removeprefix("/").split("/")[0], []).append(error)
    sections = [
        {
            "key": section.key,
            "title": spoken(section.title, tag),
            "help": spoken(section.help, tag),
            "fields": [
                _described(form.fields[key], answers, scope, tag, faults.get(key, []))
                | {"visible": key in shown, "source": (sources or {}).get(key)}
                for key in section.fields
            ],
        }
        for section in page.sections
        if any(key in shown for key in section.fields)
    ]
    return {"key": page.key, "title": spoken(page.title, tag), "help": spoken(page.help, tag), "sections": sections}


def _described(
    found: Field, answers: Mapping[str, Any], scope: Mapping[str, Any], tag: str, faults: list[FieldError]
) -> Described:
    value = answers.get(found.key)
    described = _plain(found, tag) | {
        "value": computed(found, scope) if found.computed else value,
        "required": required_now(found, scope),
        "errors": [error.message for error in faults if error.path == found.pointer],
    }
    if found.widget == "date_parts":
        described["value"] = _date_parts(value)
    if found.kind is Kind.TABLE:
        described["columns"] = [_plain(column, tag) | {"required": column.required} for column in found.columns]
        described["min_rows"] = found.least
        described["cell_errors"] = _cell_errors(faults)
        described["value"] = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return described


def _date_parts(value: Any) -> dict[str, str]:
    """Year, month and day as typed."""
    parts = value.split("-") if isinstance(value, str) else []
    return dict(zip(("year", "month", "day"), parts, strict=False))


def _plain(found: Field, tag: str) -> Described:
    options = [
        {"value": option.value, "label": spoken(option.label, tag), "help": spoken(option.help, tag)}
        for option in found.options
    ]
    described: Described = {
        "key": found.key,
        "label": spoken(found.label, tag),
        "help": spoken(found.help, tag),
        "widget": found.widget,
        "unit": spoken(found.unit, tag),
    }
    extras = {
        "options": options,
        "width": found.width,
        "autocomplete": found.autocomplete,
        "accept": list(found.accept),
        "row_name": spoken(found.row_name, tag),
        "max_length": found.most if found.widget == "textarea" else None,
    }
    return described | {name: extra for name, extra in extras.items() if extra}


def _cell_errors(faults: list[FieldError]) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {}
    for error in faults:
        parts = error.path.split("/")[2:]
        if len(parts) == 2:
            cells.setdefault(".".join(parts), []).append(error.message)
    return cells


def summary(form: Form, answers: Mapping[str, Any], locale: str) -> list[Described]:
    """Pages with the rows of what was answered, in words: `[{key, title, rows: [{key, label, value, …}]}]`."""
    tag = normal_locale(locale)
    shown, scope = scope_of(form, answers)
    return [
        {
            "key": page.key,
            "title": spoken(page.title, tag),
            "rows": [
                {
                    "key": found.key,
                    "label": spoken(found.label, tag),
                    "value": in_words(found, _raw(found, answers, scope), tag),
                    "kind": found.kind.value,
                    "raw": _raw(found, answers, scope),
                    "sensitive": found.sensitive,
                    "masking": found.masking,
                }
                for found in form.fields_of(page)
                if found.key in shown
            ],
        }
        for page in form.pages
    ]


def _raw(found: Field, answers: Mapping[str, Any], scope: Mapping[str, Any]) -> Any:
    return answers.get(found.key) if found.computed is None else computed(found, scope)


def in_words(found: Field, value: Any, locale: str) -> str:
    """An answer as people read it; an empty text where nothing was answered."""
    tag = normal_locale(locale)
    if empty(value):
        return ""
    if found.kind is Kind.BOOLEAN:
        return YES_NO[value is True or value == "true"][tag]
    if found.kind in (Kind.CHOICE, Kind.CHOICES):
        words = {option.value: spoken(option.label, tag) for option in found.options}
        chosen = value if isinstance(value, list) else [value]
        return ("、" if tag == "zh-hans" else ", ").join(words.get(str(one), str(one)) for one in chosen)
    if found.kind is Kind.TABLE:
        rows = value if isinstance(value, list) else []
        return "\n".join(_row_in_words(found, row, tag) for row in rows if isinstance(row, Mapping))
    if found.kind is Kind.FILES:
        return str(len(value)) if isinstance(value, list) else "1"
    unit = spoken(found.unit, tag)
    return f"{value} {unit}" if unit else str(value)


def _row_in_words(found: Field, row: Mapping[str, Any], tag: str) -> str:
    cells = (in_words(column, row.get(column.key), tag) for column in found.columns)
    return ("，" if tag == "zh-hans" else ", ").join(cell for cell in cells if cell)
