"""SELECT with a fixed shape: rows of one table, found by equality."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import signals
from django.db.models.base import ModelState
from django.db.models.query_utils import DeferredAttribute

from zhengtong.foundation.core.fields import OpenedLate, SealedField
from zhengtong.foundation.core.statements.columns import (
    Convert,
    Field,
    Packing,
    Row,
    column_of,
    concrete,
    from_database,
    row_converter,
)
from zhengtong.foundation.core.statements.sending import Text, answer, connection_now, in_pipeline, send
from zhengtong.foundation.core.statements.writing import Statement, condition, quote_columns

M = TypeVar("M", bound=models.Model)


class Through(NamedTuple):
    """Finds rows whose column `name` equals `column` of the row of `model` with a given primary key.

    So that what depends on what another read brings can be asked for at the same time (one round trip).
    """

    name: str
    model: type[models.Model]
    column: str


class Among(NamedTuple):
    """Finds rows whose column `name` equals one of `number` values, which are given one after the other."""

    name: str
    number: int


Place = str | Through | Among


class _Question:
    def __init__(self, connection: BaseDatabaseWrapper, statement: "Select") -> None:
        model = statement.model
        wanted = [concrete(model, name) for name in statement.fields]
        columns = ", ".join(quote_columns(connection, wanted))
        sql = f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}"  # noqa: S608 names come from the model
        if statement.where:
            sql += " WHERE " + " AND ".join(_found_by(connection, model, place) for place in statement.where)
        for name in quote_columns(connection, [concrete(model, name) for name in statement.empty]):
            sql += f" AND {name} IS NULL"
        if statement.order_by:
            sql += " ORDER BY " + ", ".join(self._order(connection, model, name) for name in statement.order_by)
        if statement.limit is not None:
            sql += f" LIMIT {int(statement.limit)}"
        if statement.lock and connection.vendor == "postgresql":
            sql += " FOR UPDATE"  # on SQLite a write transaction is alone anyway
        self.text = Text(sql, connection.vendor)
        places = [one for place in statement.where for one in [place] * _count(place)]
        names = [place if isinstance(place, str) else place.name for place in places]
        self.found = Packing(names, [_compared(model, place) for place in places], connection)
        self.row = row_converter([statement.conversion(field, connection) for field in wanted])

    @staticmethod
    def _order(connection: BaseDatabaseWrapper, model: type[models.Model], name: str) -> str:
        column = connection.ops.quote_name(column_of(concrete(model, name.lstrip("-"))))
        return f"{column} DESC" if name.startswith("-") else column


def _found_by(connection: BaseDatabaseWrapper, model: type[models.Model], place: Place) -> str:
    if isinstance(place, str):
        return condition(connection, [concrete(model, place)])
    (own,) = quote_columns(connection, [concrete(model, place.name)])
    if isinstance(place, Among):
        return f"{own} IN ({', '.join(['%s'] * place.number)})"
    (far,) = quote_columns(connection, [concrete(place.model, place.column)])
    table = connection.ops.quote_name(place.model._meta.db_table)
    key = condition(connection, [_key(place.model)])
    return f"{own} = (SELECT {far} FROM {table} WHERE {key})"  # noqa: S608 names come from the model


def _count(place: Place) -> int:
    return place.number if isinstance(place, Among) else 1


def _compared(model: type[models.Model], place: Place) -> Any:
    if isinstance(place, Through):
        return _key(place.model)
    return concrete(model, place if isinstance(place, str) else place.name)


def _key(model: type[models.Model]) -> Any:
    key = model._meta.pk
    assert key is not None, "a table with its own rows has a primary key"
    return key


class Select(Statement[_Question]):
    """`Select(Model, ("id", "state"), where=("case_id",), order_by=("id",), lock=True)`.

    `where` names columns compared by equality, or is `Through` another table's row or `Among` several values. Only with
    a `limit` may it be empty. Of the rows found only those whose `empty` columns are NULL are read. `lock` locks the
    rows until the transaction ends, where the database locks rows.
    """

    def __init__(
        self,
        model: type[models.Model],
        fields: Sequence[str],
        *,
        where: Sequence[Place],
        empty: Sequence[str] = (),
        order_by: Sequence[str] = (),
        limit: int | None = None,
        lock: bool = False,
    ) -> None:
        super().__init__(model)
        self.fields, self.where, self.order_by = tuple(fields), tuple(where), tuple(order_by)
        self.empty = tuple(empty)
        self.limit, self.lock = limit, lock

    def build(self, connection: BaseDatabaseWrapper) -> _Question:
        if not self.where and (self.empty or self.limit is None):
            raise ValueError("a fixed statement names the columns that find its rows, or how many it wants")
        return _Question(connection, self)

    def conversion(self, field: Field, connection: BaseDatabaseWrapper) -> Convert | None:
        """What turns a fetched value into Python's, None where it stays as it is."""
        return from_database(field, connection)

    def ask(self, where: Row = ()) -> Callable[[], list[tuple[Any, ...]]]:
        """Send the question now; what is answered fetches the rows. In a pipeline several go out together."""
        connection, form = self.ready()
        cursor = send(connection, form.text, form.found(where), reading=not self.lock)
        rows = answer(connection, cursor)
        return lambda: [form.row(row) for row in rows()]

    def ask_when_cheap(self, where: Row = ()) -> Callable[[], list[tuple[Any, ...]]]:
        """As `ask` in a pipeline; elsewhere the question is put only by whoever wants the answer.

        For what a step may need and does not change itself.
        """
        return self.ask(where) if in_pipeline(connection_now()) else lambda: self.run(where)

    def run(self, where: Row | None = None, /, **named: Any) -> list[tuple[Any, ...]]:
        """The rows found, each a tuple in the order of the fields, with Python's values."""
        return self.ask(named if where is None else where)()

    def one(self, where: Row | None = None, /, **named: Any) -> tuple[Any, ...] | None:
        """The first row found, or None."""
        rows = self.run(where, **named)
        return rows[0] if rows else None


class _Closed(Select):
    """Leaves closed what an instance opens itself."""

    def conversion(self, field: Field, connection: BaseDatabaseWrapper) -> Convert | None:
        return None if isinstance(field, SealedField) else super().conversion(field, connection)


class Load(Generic[M]):
    """`Load(Model, where=("id",), lock=True)`: whole rows as instances of their model, as the ORM would give them.

    With `fields` only those are read; the others are read when asked for, as after `only()`. What is sealed is
    opened when it is asked for.
    """

    def __init__(
        self,
        model: type[M],
        *,
        where: Sequence[Place],
        fields: Sequence[str] = (),
        order_by: Sequence[str] = (),
        limit: int | None = None,
        lock: bool = False,
    ) -> None:
        self.model, self.fields = model, tuple(fields)
        self._where, self._order_by, self._limit, self._lock = where, order_by, limit, lock
        self._select: Select | None = None

    def ask(self, where: Row = ()) -> Callable[[], list[M]]:
        """As `Select.ask`."""
        answer = self._question().ask(where)
        alias, make = connection_now().alias, self._make
        return lambda: [make(alias, self._names, row) for row in answer()]

    def one(self, where: Row) -> M | None:
        """The first row found, or None."""
        rows = self.ask(where)()
        return rows[0] if rows else None

    def _question(self) -> Select:
        if self._select is None:  # the model is complete only once all apps are loaded
            plain = is_plain(self.model)
            wanted = [f for f in self.model._meta.concrete_fields if not self.fields or f.attname in self.fields]
            self._names = [_held_as(field) if plain else field.attname for field in wanted]
            self._select = (_Closed if plain else Select)(
                self.model,
                [field.attname for field in wanted],
                where=self._where,
                order_by=self._order_by,
                limit=self._limit,
                lock=self._lock,
            )
            self._make = plain_maker(self.model) if plain else self.model.from_db
        return self._select


def _held_as(field: Field) -> str:
    """Under which name an instance holds what was read of a column."""
    return field.closed_key if isinstance(field, SealedField) else field.attname


def is_plain(model: type[models.Model]) -> bool:
    """Whether making an instance is nothing but laying its values down: no way of its own, nobody who listens."""
    plain = models.Model.from_db.__func__  # type: ignore[attr-defined] # class methods have it
    own_way = model.__init__ is not models.Model.__init__ or model.from_db.__func__ is not plain  # type: ignore[attr-defined] # as above
    heard = signals.pre_init.has_listeners(model) or signals.post_init.has_listeners(model)
    described = any(
        field.descriptor_class not in (DeferredAttribute, OpenedLate)
        for field in model._meta.concrete_fields
        if not field.is_relation
    )
    return not (own_way or heard or described)


def plain_maker(model: type[M]) -> Callable[[str, Sequence[str], Sequence[Any]], M]:
    """What `from_db` does for a plain model, at a fifth of its price."""

    def make(alias: str, names: Sequence[str], row: Sequence[Any]) -> M:
        instance = model.__new__(model)
        instance._state = state = ModelState()
        state.adding, state.db = False, alias
        instance.__dict__.update(zip(names, row, strict=True))
        return instance

    return make
