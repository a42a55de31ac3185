"""Values that a token keeps, as one line of JSON: what FEEL knows survives with its type."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengtong.engines.bpmn.state import Token, damaged
from zhengtong.engines.feel import from_feel, to_feel

_MARK = "$"
_READ: Mapping[str, Callable[[str], object]] = {
    "$number": Decimal,
    "$date": dt.date.fromisoformat,
    "$time": dt.time.fromisoformat,
    "$instant": dt.datetime.fromisoformat,
    "$seconds": lambda text: dt.timedelta(microseconds=int(Decimal(text) * 1_000_000)),
}


def pack(values: Mapping[str, object]) -> str:
    """One line of JSON, the same for equal values; "" for none. What FEEL does not know is null.

    Numbers are kept to the last digit: who calculates with them rounds to FEEL's 34, not who keeps them.
    """
    if not values:
        return ""
    known = _plain(from_feel(to_feel(values)), values)
    return json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unpack(token: Token) -> dict[str, Any]:
    """What a token keeps. Raises `bpmn.state_damaged` for what `pack` did not write."""
    if not token.data:
        return {}
    try:
        values = json.loads(token.data, object_hook=unmarked)
    except (ValueError, TypeError, InvalidOperation, OverflowError, RecursionError) as fault:
        raise damaged(f"data: {fault}", token.id) from None
    if not isinstance(values, dict):
        raise damaged("data is not a mapping", token.id)
    return values


def _plain(value: Any, given: Any) -> Any:
    """What JSON has for `value`, which is what FEEL knows of `given`."""
    if isinstance(value, Mapping):
        plain = {name: _plain(item, given[name]) for name, item in value.items()}
        # What looks like a mark of ours is written as a pair, which no reading from the inside can mistake.
        return {"$pair": list(*plain.items())} if len(plain) == 1 and next(iter(plain)).startswith(_MARK) else plain
    if isinstance(value, list):
        return [_plain(item, each) for item, each in zip(value, given, strict=True)]
    if isinstance(given, int | Decimal) and value != given:
        value = _exact(given)
    if isinstance(value, bool | int | str) or value is None:
        return value
    return marked(value)


def _exact(number: int | Decimal) -> object:
    """A number that FEEL has only rounded, or not at all; None for what is none."""
    exact = Decimal(number)
    return from_feel(exact) if exact.is_finite() else None


def marked(value: object) -> object:
    """What JSON has no word for, as a mapping with one mark of ours; anything unknown as its text."""
    if isinstance(value, Decimal):
        return {"$number": str(value)}
    if isinstance(value, dt.datetime):
        return {"$instant": value.isoformat()}
    if isinstance(value, dt.date):
        return {"$date": value.isoformat()}
    if isinstance(value, dt.time):
        return {"$time": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"$seconds": str(Decimal(value // dt.timedelta(microseconds=1)) / 1_000_000)}
    return str(value)


def unmarked(found: dict[str, Any]) -> Any:
    """The value that a mapping with a mark of ours stands for; any other mapping itself.

    Raises TypeError, ValueError or InvalidOperation for a mark that holds something else.
    """
    if len(found) != 1:
        return found
    ((name, value),) = found.items()
    if name == "$pair":
        key, inside = value
        return {key: inside}
    read = _READ.get(name)
    if read is None:
        return found
    if not isinstance(value, str):
        raise TypeError(name)
    return read(value)
