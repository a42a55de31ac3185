"""Between flat HTML names and answers: `equipment.0.name` and back, with bounds on what a browser may send."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from zhengtong.engines.forms.errors import AnswersError
from zhengtong.engines.forms.model import MOST_ROWS, Field, Form, Kind

MOST_PAIRS = 5000
PARTS = ("year", "month", "day")


def answers_from_post(
    form: Form, pairs: Iterable[tuple[str, str]], keys: Iterable[str] | None = None
) -> dict[str, Any]:
    """Answers from the (name, value) pairs of an HTML form, typed loosely; `check` judges them.

    `keys` are the questions the page asked: of those, an unticked box counts as answered with nothing. Names that
    no question has are left alone. AnswersError past 5,000 pairs or 200 rows.
    """
    sent: dict[str, list[str]] = {}
    for count, (name, value) in enumerate(pairs):
        if count >= MOST_PAIRS:
            raise AnswersError("forms.too_big", position="", most=MOST_PAIRS)
        sent.setdefault(name, []).append(value)
    asked = [form.fields[key] for key in (keys if keys is not None else form.fields)]
    return {found.key: _value(found, sent) for found in asked if found.computed is None}


def _value(found: Field, sent: Mapping[str, list[str]]) -> Any:
    if found.kind is Kind.TABLE:
        return _rows(found, sent)
    return _cell(found, found.key, sent)


def _date(key: str, sent: Mapping[str, list[str]]) -> str | None:
    """The three boxes as typed, joined; the whole date where it came under the plain name."""
    parts = [sent.get(f"{key}.{part}", [""])[-1].strip() for part in PARTS]
    if any(parts):
        return "-".join(parts)
    return sent.get(key, [None])[-1]


def _rows(found: Field, sent: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    prefix = f"{found.key}."
    places = {name[len(prefix) :].split(".", 1)[0] for name in sent if name.startswith(prefix) and name.count(".") >= 2}
    numbers = sorted(int(place) for place in places if place.isascii() and place.isdecimal() and len(place) < 5)
    if len(numbers) > MOST_ROWS:
        raise AnswersError("forms.too_many", position=found.pointer, label=found.key, most=MOST_ROWS, now=len(numbers))
    removed = set(sent.get(f"{found.key}.remove", []))
    return [
        {column.key: _cell(column, f"{prefix}{number}.{column.key}", sent) for column in found.columns}
        for number in numbers
        if str(number) not in removed
    ]


def _cell(found: Field, name: str, sent: Mapping[str, list[str]]) -> Any:
    if found.widget == "date_parts":
        return _date(name, sent)
    values = sent.get(name, [])
    if found.kind in (Kind.CHOICES, Kind.FILES):
        return [value for value in values if value]
    if found.widget == "checkbox":
        return bool(values and values[-1] not in ("", "false"))
    return values[-1] if values else None


def flatten(form: Form, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The pairs a browser would send for these answers: what a page hides must travel along."""
    pairs: list[tuple[str, str]] = []
    for key, value in answers.items():
        found = form.fields.get(key)
        if found is None:
            continue
        if found.kind is Kind.TABLE:
            pairs.extend(_row_pairs(found, value))
        else:
            pairs.extend(_pairs(found, key, value))
    return pairs


def _pairs(found: Field, name: str, value: Any) -> list[tuple[str, str]]:
    if found.widget == "date_parts" and isinstance(value, str) and value.count("-") == len(PARTS) - 1:
        return [(f"{name}.{part}", text) for part, text in zip(PARTS, value.split("-"), strict=True)]
    return [(name, text) for text in _said(value)]


def _row_pairs(found: Field, rows: Any) -> Iterable[tuple[str, str]]:
    columns = {column.key: column for column in found.columns}
    for place, row in enumerate(rows if isinstance(rows, list) else ()):
        for name, cell in row.items() if isinstance(row, Mapping) else ():
            if name in columns:
                yield from _pairs(columns[name], f"{found.key}.{place}.{name}", cell)


def _said(value: Any) -> list[str]:
    """A value as the texts a browser sends; none for what no question holds."""
    if isinstance(value, list):
        return [text for one in value if not isinstance(one, list) for text in _said(one)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, float):
        return [f"{Decimal(repr(value)):f}"]
    return [str(value)] if isinstance(value, int | str) else []
