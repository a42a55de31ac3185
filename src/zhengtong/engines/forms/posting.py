"""Between flat HTML names and answers: `equipment.0.name` and back, with bounds on what a browser may send."""

from collections.abc import Iterable, Mapping
from typing import Any

from zhengtong.engines.forms.errors import AnswersError
from zhengtong.engines.forms.model import Field, Form, Kind

MOST_PAIRS = 5000
MOST_ROWS = 200


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
    values = sent.get(found.key, [])
    if found.kind in (Kind.CHOICES, Kind.FILES):
        return [value for value in values if value]
    if found.widget == "date_parts":
        return _date(found.key, sent)
    if found.kind is Kind.BOOLEAN and found.widget == "checkbox":
        return bool(values and values[-1] not in ("", "false"))
    return values[-1] if values else None


def _date(key: str, sent: Mapping[str, list[str]]) -> str | None:
    parts = [sent.get(f"{key}.{part}", [""])[-1].strip() for part in ("year", "month", "day")]
    if not any(parts):
        return None
    year, month, day = parts
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"


def _rows(found: Field, sent: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    prefix = f"{found.key}."
    places = {name[len(prefix) :].split(".", 1)[0] for name in sent if name.startswith(prefix) and name.count(".") >= 2}
    numbers = sorted(int(place) for place in places if place.isdecimal() and len(place) < 5)
    if len(numbers) > MOST_ROWS:
        raise AnswersError("forms.too_many", position=found.pointer, label=found.key, most=MOST_ROWS, now=len(numbers))
    removed = set(sent.get(f"{found.key}.remove", []))
    return [
        {column.key: _cell(column, f"{prefix}{number}.{column.key}", sent) for column in found.columns}
        for number in numbers
        if str(number) not in removed
    ]


def _cell(column: Field, name: str, sent: Mapping[str, list[str]]) -> Any:
    values = sent.get(name, [])
    if column.kind is Kind.CHOICES:
        return [value for value in values if value]
    if column.kind is Kind.BOOLEAN and column.widget == "checkbox":
        return bool(values and values[-1] not in ("", "false"))
    return values[-1] if values else None


def flatten(form: Form, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The pairs a browser would send for these answers: what a page hides must travel along."""
    pairs: list[tuple[str, str]] = []
    for key, value in answers.items():
        found = form.fields.get(key)
        if found is None or value is None:
            continue
        if found.kind is Kind.TABLE:
            for place, row in enumerate(value):
                pairs.extend((f"{key}.{place}.{name}", _word(cell)) for name, cell in row.items())
        elif isinstance(value, list):
            pairs.extend((key, _word(one)) for one in value)
        else:
            pairs.append((key, _word(value)))
    return pairs


def _word(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
