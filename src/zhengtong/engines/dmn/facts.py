"""Facts as JSON brings them, made what the model's types want: texts become dates, times and durations."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from zhengtong.engines import feel
from zhengtong.engines.dmn.frames import Value
from zhengtong.engines.dmn.nodes import Decisions
from zhengtong.engines.feel.temporal.reading import read_date, read_date_time, read_duration, read_time
from zhengtong.engines.feel.temporal.zones import Zones
from zhengtong.engines.feel.types import FeelType

_READ: Mapping[str, Callable[[str, Zones | None], Value]] = {
    "date": lambda text, _zones: read_date(text),
    "time": read_time,
    "date and time": read_date_time,
    "days and time duration": lambda text, _zones: read_duration(text),
    "years and months duration": lambda text, _zones: read_duration(text),
}
_SCALARS = frozenset({type(None), bool, int, float})
_DEEPEST = 40


def read_facts(decisions: Decisions, given: Mapping[str, object], run: feel.Run | None = None) -> dict[str, Value]:
    """`given` with every text that stands where a date, time or duration is wanted read as one.

    What cannot be read stays the text it is, so that `decide` says which fact is wrong. Names that the model does
    not know are left as they are.
    """
    kinds = decisions.kinds
    return {
        name: value if value is None or type(value) is bool else _read(value, kinds.get(name), run, 0)
        for name, value in given.items()
    }


def _read(value: object, kind: FeelType | None, run: feel.Run | None, depth: int) -> Value:
    if kind is None or depth > _DEEPEST or type(value) in _SCALARS:
        return feel.to_feel(value)
    if isinstance(value, str):
        found = _READ[kind.kind](value, run.zones if run else None) if kind.kind in _READ else None
        return feel.to_feel(value) if found is None else found
    if isinstance(value, list):
        return [_read(item, kind.item if kind.kind == "list" else kind, run, depth + 1) for item in value]
    if isinstance(value, Mapping) and kind.kind == "context":
        entries = dict(kind.entries)
        return {str(name): _read(item, entries.get(str(name)), run, depth + 1) for name, item in value.items()}
    return value if isinstance(value, Decimal) else feel.to_feel(value)
