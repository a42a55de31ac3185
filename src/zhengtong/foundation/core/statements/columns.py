"""How one column's value travels to the database and back: exactly as Django's ORM would send it."""

import datetime as dt
import json
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col

from zhengtong.foundation.core import clock

Convert = Callable[[Any], Any]
Row = Sequence[Any] | Mapping[str, Any]
if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:  # Django's class takes no parameters at run time
    Field = models.Field

_MOST_COMBINATIONS = 256
_NOTHING = type(None)
_WHOLE = (
    models.BigIntegerField,
    models.IntegerField,
    models.SmallIntegerField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.PositiveBigIntegerField,
    models.BigAutoField,
    models.AutoField,
)
_PLAIN: dict[type[Any], type] = {
    **dict.fromkeys(_WHOLE, int),
    models.CharField: str,
    models.TextField: str,
    models.BooleanField: bool,
    models.BinaryField: bytes,
}


def column_of(field: Field) -> str:
    """The name of its column."""
    assert field.column is not None
    return field.column


def concrete(model: type[models.Model], name: str) -> Field:
    """The field of `model` that owns a column, by its name or its attribute (`case` or `case_id`)."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field) or not field.column:
        raise ValueError(f"{model._meta.label}.{name} has no column of its own")
    return field


def to_database(field: Field, connection: BaseDatabaseWrapper) -> Convert:
    """What turns a Python value into the parameter the ORM would send.

    Values that travel as they are (an int into a whole-number column, a str into a text column …) take a short way;
    everything else, and every field class we do not know by name, goes through the field itself.
    """

    def by_field(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    plain = _plain_in(field, connection)
    if plain is not None:
        return lambda value: value if value is None or type(value) is plain else by_field(value)
    if _prepares_alone(field):
        return field.get_prep_value
    if type(field) is models.DateTimeField and connection.vendor == "sqlite" and connection.timezone is dt.UTC:
        return _instants(by_field)
    if type(field) is models.DateTimeField and connection.vendor == "postgresql":
        return lambda value: value if value is None or _is_aware(value) else by_field(value)
    return by_field


def ways(field: Field, connection: BaseDatabaseWrapper) -> Mapping[type, Convert]:
    """What turns values of exactly these types into the parameter the ORM would send, without asking the field."""
    if connection.vendor == "sqlite" and type(field) is models.DateField:
        return {dt.date: dt.date.isoformat}
    if connection.vendor == "sqlite" and type(field) is models.JSONField:
        return dict.fromkeys((dict, list), (field.encoder or json.JSONEncoder)().encode)
    return {}


class Packing:
    """Turns a row of values into parameters; a mapping gives them by name.

    Which columns need converting depends on the types of the values alone, and a statement meets few combinations of
    types: it is worked out once for each.
    """

    __slots__ = ("_due", "_names", "_pick", "_plain", "_steps", "_ways")

    def __init__(self, names: Sequence[str], fields: Sequence[Field], connection: BaseDatabaseWrapper) -> None:
        self._names = tuple(names)
        self._pick = _picker(self._names)
        self._steps = [to_database(field, connection) for field in fields]
        self._plain = [_plain_in(field, connection) for field in fields]
        self._ways = [ways(field, connection) for field in fields]
        self._due: dict[tuple[type, ...], tuple[tuple[int, Convert], ...]] = {}

    def __call__(self, values: Row) -> Sequence[Any]:
        """The parameters, in the order of the names; TypeError where `values` are more or fewer than those."""
        row = values if type(values) is tuple else self.in_order(values)
        kinds = tuple(map(type, row))
        try:
            due = self._due[kinds]
        except KeyError:
            due = self._learn(kinds)
        if not due:
            return row
        params = list(row)
        for at, step in due:
            params[at] = step(params[at])
        return params

    def in_order(self, values: Row) -> Sequence[Any]:
        """The values as they are, in the order of the names; TypeError where they are more or fewer than those."""
        if len(values) != len(self._names):
            raise self._misfit(len(values))
        if type(values) is tuple or not isinstance(values, Mapping):
            return values
        return self._pick(values)

    def _learn(self, kinds: tuple[type, ...]) -> tuple[tuple[int, Convert], ...]:
        if len(kinds) != len(self._names):
            raise self._misfit(len(kinds))
        if len(self._due) >= _MOST_COMBINATIONS:
            self._due.clear()
        due = tuple((at, step) for at, kind in enumerate(kinds) if (step := self._step(at, kind)) is not None)
        self._due[kinds] = due
        return due

    def _step(self, at: int, kind: type) -> Convert | None:
        """What converts values of a kind in a column, None where they travel as they are."""
        plain, step = self._plain[at], self._steps[at]
        if _as_it_is(kind, plain, step):
            return None
        if plain is str and issubclass(kind, str):
            return str.__str__  # a member of a choice travels as its value
        return self._ways[at].get(kind, step)

    def _misfit(self, count: int) -> TypeError:
        return TypeError(f"expected values for {', '.join(self._names)}; got {count}")


def _as_it_is(kind: type, plain: type | None, step: Convert) -> bool:
    """Whether a value of this kind travels unconverted."""
    if kind is _NOTHING:
        return plain is not None or step(None) is None
    return kind is plain


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if len(names) > 1:
        return operator.itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _prepares_alone(field: Field) -> bool:
    """Whether all that a field does to a value before it is sent is its own `get_prep_value`."""
    own, base = type(field), models.Field
    plain_ways = own.get_db_prep_value is base.get_db_prep_value and own.get_db_prep_save is base.get_db_prep_save
    return plain_ways and not own.__module__.startswith("django.")


def from_database(field: Field, connection: BaseDatabaseWrapper) -> Convert | None:
    """What turns a fetched value into Python's, or None where it needs nothing."""
    if connection.vendor == "sqlite" and type(field) in (models.DateField, models.BooleanField):
        return None  # the driver's own converters have made them Python's
    if type(field) is models.DateTimeField and connection.vendor == "sqlite" and connection.timezone is dt.UTC:
        return _in_utc
    if type(field) is models.JSONField:
        return _read_json(field)
    return worked_out(Col(field.model._meta.db_table, field), connection)


def worked_out(expression: Any, connection: BaseDatabaseWrapper) -> Convert | None:
    """As `from_database`, for whatever a query selects, as the ORM itself would."""
    steps = [*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection)]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return convert


def _read_json(field: Field) -> Convert:
    """As the field reads, with one decoder for all (json.loads makes one anew each time where a class is given)."""
    decoder = (getattr(field, "decoder", None) or json.JSONDecoder)()
    read, decode = decoder.raw_decode, decoder.decode

    def convert(value: Any) -> Any:
        if value is None:
            return None
        try:
            found, end = read(value)
            return found if end == len(value) else decode(value)
        except json.JSONDecodeError:
            return value

    return convert


def row_converter(converts: Sequence[Convert | None]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """One function for a whole fetched row."""
    if not any(converts):
        return tuple
    pairs = tuple((at, step) for at, step in enumerate(converts) if step is not None)

    def whole(row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for at, step in pairs:
            values[at] = step(values[at])
        return tuple(values)

    return whole


def left_out(model: type[models.Model], named: Sequence[Field]) -> list[tuple[Field, Callable[[], Any]]]:
    """The columns an insert does not name, with what the ORM would put there (a database default stays its own)."""
    taken = {field.column for field in named}
    return [
        (field, _unnamed(field))
        for field in model._meta.concrete_fields
        if field.column not in taken and not _made_by_database(field)
    ]


def _made_by_database(field: Field) -> bool:
    automatic = isinstance(field, models.AutoField | models.BigAutoField | models.SmallAutoField)
    return automatic or field.has_db_default() or bool(getattr(field, "generated", False))


def is_moment(field: Field) -> bool:
    """Whether the column holds the instant of writing."""
    return bool(getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False))


def _unnamed(field: Field) -> Callable[[], Any]:
    if is_moment(field):
        return _PRESENT.get(type(field), clock.now)
    return field.get_default


_PRESENT: dict[type, Callable[[], Any]] = {
    models.DateField: clock.today,
    models.TimeField: lambda: clock.local().time(),
}


def _target(field: Field) -> Field:
    while isinstance(field, models.ForeignKey) and type(field) in (models.ForeignKey, models.OneToOneField):
        field = field.target_field
    return field


def _plain_in(field: Field, connection: BaseDatabaseWrapper) -> type | None:
    """The type whose values this column takes as they are."""
    if type(field) is models.DateField and connection.vendor == "postgresql":
        return dt.date
    return _PLAIN.get(type(_target(field)))


def _is_aware(value: Any) -> bool:
    return type(value) is dt.datetime and value.tzinfo is not None


def _is_utc(value: Any) -> bool:
    return type(value) is dt.datetime and value.tzinfo is dt.UTC


def _in_utc(value: dt.datetime | None) -> dt.datetime | None:
    return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value


_last_instant: tuple[Any, Any] = (None, None)


def _instants(by_field: Convert) -> Convert:
    """Instants as SQLite keeps them. A step writes one and the same many times, so the last is remembered."""

    def convert(value: Any) -> Any:
        global _last_instant
        known, text = _last_instant
        if value is known:
            return text
        if not _is_utc(value):
            return by_field(value)
        text = value.isoformat(" ")[: -len("+00:00")]
        _last_instant = (value, text)
        return text

    return convert
