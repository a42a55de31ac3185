"""Makes plain descriptions of form fields ready for drawing: ids, described-by, state, rows, error summary.

The shape of a description is documented in docs/reference/components.md; it knows nothing of how forms are checked.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

Described = Mapping[str, Any]
Drawn = dict[str, Any]

# How a description's widget is drawn: the template's name and the attributes its input takes.
INPUTS: dict[str, dict[str, str]] = {
    "text": {"type": "text"},
    "number": {"type": "text", "inputmode": "decimal"},
    "integer": {"type": "text", "inputmode": "numeric"},
    "money": {"type": "text", "inputmode": "decimal"},
    "phone": {"type": "tel", "autocomplete": "tel"},
    "email": {"type": "email", "autocomplete": "email"},
    "date": {"type": "date"},
    "code": {"type": "text", "spellcheck": "false", "autocapitalize": "characters"},
    "password": {"type": "password"},
}
WIDGETS = (
    *INPUTS, "textarea", "date_parts", "radios", "yes_no", "checkboxes", "checkbox", "select", "file", "table", "group",
    "computed", "read_only",
)  # fmt: skip
WIDTHS = {3: 3, 4: 4, 5: 5, 10: 10, 20: 20, 30: 30}
CHOOSERS = ("radios", "yes_no", "checkboxes", "select")


def field_id(key: str) -> str:
    """The element id of a field: `equipment.0.name` becomes `f-equipment-0-name`."""
    return "f-" + re.sub(r"[^\w-]+", "-", key)


def draw_page(page: Described) -> Drawn:
    """A page with every visible field drawn and its errors gathered in page order."""
    sections = [
        {**section, "fields": [draw_field(field) for field in section["fields"] if field.get("visible", True)]}
        for section in page["sections"]
    ]
    drawn = [field for section in sections for field in section["fields"]]
    found = [error for field in drawn for error in _errors(field)]
    other = [{"message": message, "id": ""} for message in page.get("errors", ())]
    return {**page, "sections": sections, "error_list": [*other, *found]}


def draw_field(field: Described) -> Drawn:
    """One field: everything its template needs, taken from a plain description."""
    widget = str(field.get("widget", "text"))
    if widget not in WIDGETS:
        raise ValueError(f"{field['key']}: no widget {widget!r}: {', '.join(WIDGETS)}")
    ident = field.get("id") or field_id(str(field["key"]))
    errors = [str(error) for error in field.get("errors", ())]
    drawn: Drawn = {
        "name": field["key"], "value": "", "required": True, "help": "", "unit": "", "source": None, **field,
        "widget": widget, "template": f"ui/widgets/{_template(widget)}.html", "id": ident, "errors": errors,
    }  # fmt: skip
    drawn["value"] = "" if drawn["value"] is None else drawn["value"]
    drawn["aside"] = _aside(drawn)
    drawn["state"] = _state(drawn)
    drawn["described_by"] = _described_by(drawn)
    drawn["input"] = _attributes(drawn)
    if widget in CHOOSERS:
        drawn["options"] = _options(drawn)
    if widget in ("table", "group"):
        drawn["rows_drawn"] = _rows(drawn)
    return drawn


def _template(widget: str) -> str:
    if widget in INPUTS:
        return "input"
    return "radios" if widget == "yes_no" else widget


def _aside(field: Drawn) -> str:
    """What stands small beside the label: the unit, that one may choose several, that one need not answer."""
    words = [str(field["unit"])] if field["unit"] else []
    if field["widget"] == "checkboxes":
        words.append(gettext("choose any"))
    if not field["required"] and field["widget"] not in ("computed", "read_only"):
        words.append(gettext("optional"))
    return "　".join(words)


def _state(field: Drawn) -> str:
    source = field["source"]
    if field["errors"]:
        return "error"
    return "prefilled" if source and source.get("state", "fresh") == "fresh" else ""


def _described_by(field: Drawn) -> str:
    marks = (
        ("help", "-hint"),
        ("asked", "-asked"),
        ("errors", "-error"),
        ("source", "-source"),
        ("max_length", "-count"),
    )
    return " ".join(field["id"] + suffix for key, suffix in marks if field.get(key))


def _attributes(field: Drawn) -> Drawn:
    """HTML attributes of the control itself; falsy ones are not written."""
    own = dict(INPUTS.get(field["widget"], {}))
    for key in ("autocomplete", "inputmode", "placeholder", "spellcheck", "min", "max"):
        if field.get(key) is not None:
            own[key] = str(field[key])
    if field.get("begin") == field["key"]:
        own["autofocus"] = "autofocus"
    return own


def _chosen(value: Any) -> set[str]:
    many = value if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str) else [value]
    return {_word(one) for one in many if one not in (None, "")}


def _word(value: Any) -> str:
    """An option's value as the browser sends it."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _options(field: Drawn) -> list[Drawn]:
    given: Iterable[Described] = field.get("options") or ()
    if field["widget"] == "yes_no" and not given:
        given = ({"value": "true", "label": gettext("Yes")}, {"value": "false", "label": gettext("No")})
    chosen = _chosen(field["value"])
    return [
        {
            **option,
            "value": _word(option["value"]),
            "id": field["id"] if place == 0 else f"{field['id']}-{place}",
            "checked": _word(option["value"]) in chosen,
        }
        for place, option in enumerate(given)
    ]


def _rows(field: Drawn) -> list[Drawn]:
    """The rows of a table or repeating group, each cell drawn as a field of its own; at least `min_rows` or one."""
    cell_errors: Mapping[str, Sequence[str]] = field.get("cell_errors") or {}
    sources: Mapping[str, Described] = field.get("cell_sources") or {}
    values = list(field["value"] or ())
    values += [{}] * (max(int(field.get("min_rows") or 0), 1) - len(values))
    return [
        {
            "place": place,
            "number": place + 1,
            "removable": len(values) > int(field.get("min_rows") or 0),
            "cells": [
                draw_field(
                    {
                        **column,
                        "key": f"{field['key']}.{place}.{column['key']}",
                        "value": row.get(column["key"], ""),
                        "errors": cell_errors.get(f"{place}.{column['key']}", ()),
                        "source": sources.get(f"{place}.{column['key']}"),
                        "begin": field.get("begin") or "",
                    }
                )
                for column in field["columns"]
                if column.get("visible", True)
            ],
        }
        for place, row in enumerate(values)
    ]


def _errors(field: Drawn) -> list[Drawn]:
    own = [{"message": message, "id": field["id"]} for message in field["errors"]]
    inner = [error for row in field.get("rows_drawn", ()) for cell in row["cells"] for error in _errors(cell)]
    return own + inner
