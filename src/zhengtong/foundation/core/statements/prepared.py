"""Queries of the ORM whose SQL is made once, for those that every page asks.

Half of what a small query costs is the ORM's writing of the same SQL anew. Here it is written on first use, with marks
where the values go; afterwards the values are laid in. Rows are made as the ORM makes them.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable, Sequence
from typing import Any, Generic, ParamSpec, TypeVar, get_type_hints

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import Col
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators

from zhengtong.foundation.core.statements.columns import Convert, from_database, row_converter, worked_out
from zhengtong.foundation.core.statements.reading import is_plain, plain_maker
from zhengtong.foundation.core.statements.sending import Text, answer, connection_now, send

P = ParamSpec("P")
T = TypeVar("T")
_Made = Callable[[str, tuple[Any, ...]], Any]

# In the place of a value while the SQL is written: unlike any that a query might name itself.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda at: 2_147_400_000 + at,
    str: lambda at: f"\ue000{at}\ue000",
    dt.date: lambda at: dt.date(1809, 1, 1 + at),
    dt.datetime: lambda at: dt.datetime(1809, 2, 1 + at, tzinfo=dt.UTC),
}
_OF_TIME = re.compile(r"\d{4}-\d\d-\d\d")


class Prepared(Generic[P, T]):
    """`@Prepared` over a function that gives a queryset; called with the same arguments, in order, it gives the rows.

    The annotations of the function say what its arguments are: int, str, date or datetime, never None. The query may
    depend on nothing but them: one that reads the clock itself is refused (ValueError) when first asked, and so is one
    that leaves an argument out or changes it on the way to the database. Of querysets, models (also with
    `select_related` and annotations) and `values_list`.
    """

    def __init__(self, query: Callable[P, QuerySet[Any, T]]) -> None:
        functools.update_wrapper(self, query)
        self._query = query
        self._built: dict[str, _Form] = {}
        self._kinds: tuple[type, ...] = ()

    def ask(self, *values: P.args, **named: P.kwargs) -> Callable[[], list[T]]:
        """Send the question now; what is answered fetches the rows. In a pipeline several go out together."""
        connection = connection_now()
        form = self._built.get(connection.vendor) or self._build(connection)
        if named or len(values) != len(self._kinds):
            raise TypeError(f"{self._query.__qualname__} wants {len(self._kinds)} values, in order")
        for value, kind in zip(values, self._kinds, strict=True):
            if not isinstance(value, kind) or (kind is dt.date and isinstance(value, dt.datetime)):
                raise TypeError(f"{self._query.__qualname__} wants {kind.__name__}, not {value!r}")
        rows = answer(connection, send(connection, form.text, form.params(values), reading=True))
        alias = connection.alias
        return lambda: [form.make(alias, form.row(row)) for row in rows()]

    def __call__(self, *values: P.args, **named: P.kwargs) -> list[T]:
        """The rows found."""
        return self.ask(*values, **named)()

    def _build(self, connection: BaseDatabaseWrapper) -> "_Form":
        hints = get_type_hints(self._query)
        hints.pop("return", None)
        kinds = tuple(hints.values())
        marks = [_MARKS[kind](at) for at, kind in enumerate(kinds)]
        form = _Form(connection, self._query(*marks), marks)  # type: ignore[call-arg] # marks stand for the arguments
        self._kinds, self._built[connection.vendor] = kinds, form
        return form


class _Form:
    """A query as SQL for one kind of database: where its values go, and how its rows become what was asked for."""

    def __init__(self, connection: BaseDatabaseWrapper, rows: QuerySet[Any, Any], marks: Sequence[Any]) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        sql, fixed = compiler.as_sql()
        self.text = Text(sql, connection.vendor)
        self._fixed = list(fixed)
        slots = [_slot(connection, value, marks) for value in fixed]
        self._due = [(at, *slot) for at, slot in enumerate(slots) if slot is not None]
        if missing := set(range(len(marks))) - {which for _at, which, _convert in self._due}:
            raise ValueError(f"arguments {sorted(missing)} do not reach the database as they are: {sql}")
        self.row = row_converter([_selected(expression, connection) for expression, *_rest in compiler.select])
        self.make = _maker(rows, compiler)

    def params(self, values: Sequence[Any]) -> list[Any]:
        """The parameters with these values in their places."""
        params = self._fixed.copy()
        for at, which, convert in self._due:
            params[at] = values[which] if convert is None else convert(values[which])
        return params


def _slot(connection: BaseDatabaseWrapper, param: Any, marks: Sequence[Any]) -> tuple[int, Convert | None] | None:
    """Which argument belongs here, and what makes of it what the ORM would send; None for what is always the same."""
    for which, mark in enumerate(marks):
        if type(param) is type(mark) and param == mark:
            return which, None
        if isinstance(mark, int) and isinstance(param, int) and param == mark:
            return which, type(param)  # a whole number of a width
        if isinstance(mark, dt.date) and isinstance(param, str):
            instant = isinstance(mark, dt.datetime)
            way: Any = connection.ops.adapt_datetimefield_value if instant else connection.ops.adapt_datefield_value
            if way(mark) == param:
                return which, way
    if isinstance(param, dt.date) or (isinstance(param, str) and _OF_TIME.match(param)):
        raise ValueError(f"a prepared query may not hold a day or an instant of its own: {param}")
    return None


def _selected(expression: Any, connection: BaseDatabaseWrapper) -> Convert | None:
    plain = isinstance(expression, Col)
    return from_database(expression.target, connection) if plain else worked_out(expression, connection)


def _maker(rows: QuerySet[Any, Any], compiler: Any) -> _Made:
    """What makes of a row of values what the queryset would give."""
    if rows._iterable_class is ValuesListIterable:
        return lambda _alias, row: row
    if rows._iterable_class is not ModelIterable or rows._prefetch_related_lookups:  # type: ignore[attr-defined] # the stubs lack it
        raise ValueError("of querysets only models and values_list are prepared")
    columns = compiler.klass_info["select_fields"]
    begin, end = columns[0], columns[-1] + 1
    names = [expression.target.attname for expression, *_rest in compiler.select[begin:end]]
    model = rows.model
    make = plain_maker(model) if is_plain(model) else model.from_db
    related = get_related_populators(compiler.klass_info, compiler.select, compiler.connection.alias)  # type: ignore[call-arg] # the stubs are of Django 6
    annotated = tuple(compiler.annotation_col_map.items())

    def whole(alias: str, row: tuple[Any, ...]) -> Any:
        made = make(alias, names, row[begin:end])
        for populator in related:
            populator.populate(row, made)
        for name, at in annotated:
            setattr(made, name, row[at])
        return made

    return whole
