"""INSERT, UPDATE and DELETE with a fixed shape."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db import DataError, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields import NOT_PROVIDED
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.statements.columns import (
    Field,
    Packing,
    Row,
    column_of,
    concrete,
    is_moment,
    left_out,
    to_database,
)
from zhengtong.foundation.core.statements.sending import Text, affected, connection_now, here, in_pipeline, send

B = TypeVar("B")

_SQLITE_PARAMETERS = 32_000  # SQLite's own bound is 32,766 since 3.32
_POSTGRES_PARAMETERS = 32_000  # the protocol's is 65,535
_DIVISION_BY_ZERO = "22012"
FEW = 12  # so many rows at once are common enough for a statement to be kept


class Statement(Generic[B]):
    """What all share: the model, and one built form a kind of database."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self._built: dict[str, B] = {}

    def build(self, connection: BaseDatabaseWrapper) -> B:
        raise NotImplementedError

    def ready(self) -> tuple[BaseDatabaseWrapper, B]:
        """The connection of this thread, and the form built for its kind of database."""
        connection = here.connection or connection_now()
        try:
            return connection, self._built[connection.vendor]
        except KeyError:
            form = self._built[connection.vendor] = self.build(connection)
            return connection, form


def quote_columns(connection: BaseDatabaseWrapper, fields: Iterable[Field]) -> list[str]:
    return [connection.ops.quote_name(column_of(field)) for field in fields]


def condition(connection: BaseDatabaseWrapper, fields: Sequence[Field]) -> str:
    """`a = %s AND b = %s`; a statement without a condition is refused, since it would touch every row."""
    if not fields:
        raise ValueError("a fixed statement names the columns that find its rows")
    return " AND ".join(f"{name} = %s" for name in quote_columns(connection, fields))


_Unnamed = tuple[Any, Callable[[], Any] | None]


def _unnamed(field: Field, make: Callable[[], Any], connection: BaseDatabaseWrapper) -> _Unnamed:
    """The parameter of a column that an insert leaves out, or what makes it anew for each row."""
    step = to_database(field, connection)
    always_same = not callable(field.default) or field.default in (NOT_PROVIDED, dict, list)
    if always_same and not is_moment(field):
        fixed = step(make())
        if isinstance(fixed, str):  # a member of a choice travels as its value
            return str(fixed), None
        if fixed is None or type(fixed) in (int, bool):
            return fixed, None
    return None, lambda: step(make())


class _Insertion:
    def __init__(self, connection: BaseDatabaseWrapper, model: type[models.Model], names: Sequence[str]) -> None:
        named = [concrete(model, name) for name in names]
        self.vendor = connection.vendor
        rest = left_out(model, named)
        fields = [*named, *(field for field, _make in rest)]
        self.pack = Packing(names, named, connection)
        unnamed = [_unnamed(field, make, connection) for field, make in rest]
        self.rest = [fixed for fixed, _make in unnamed]
        self.made = [(at, make) for at, (_fixed, make) in enumerate(unnamed, len(named)) if make is not None]
        self.places = "(" + ", ".join(["%s"] * len(fields)) + ")"
        table = connection.ops.quote_name(model._meta.db_table)
        columns = ", ".join(quote_columns(connection, fields))
        self.head = f"INSERT INTO {table} ({columns}) VALUES "  # noqa: S608 names come from the model
        self.one = Text(self.head + self.places, self.vendor)
        bound = _SQLITE_PARAMETERS if self.vendor == "sqlite" else _POSTGRES_PARAMETERS
        self.at_once = max(1, bound // max(1, len(fields)))
        self._several: dict[int, Text] = {}

    def params(self, values: Row) -> list[Any]:
        params = [*self.pack(values), *self.rest]
        for at, make in self.made:
            params[at] = make()
        return params

    def many(self, count: int) -> Text:
        text = self._several.get(count)
        if text is None:
            text = Text(self.head + ", ".join([self.places] * count), self.vendor)
            if count <= FEW:
                self._several[count] = text
        return text


class Insert(Statement[_Insertion]):
    """`Insert(Model, "a", "b")`; columns not named get what the ORM would give them (default, present instant).

    Without names every column is named, in the model's order.
    """

    def __init__(self, model: type[models.Model], *names: str) -> None:
        super().__init__(model)
        self.names = names

    def build(self, connection: BaseDatabaseWrapper) -> _Insertion:
        if not self.names:
            self.names = tuple(field.attname for field in self.model._meta.concrete_fields)
        return _Insertion(connection, self.model, self.names)

    def run(self, rows: Row | list[Row], /) -> int:
        """Insert one row (a tuple in the order of the names, or a mapping by name) or a list of rows; their number."""
        connection, form = self.ready()
        several = rows if type(rows) is list else [rows]
        count = len(several)
        if count == 1:
            send(connection, form.one, form.params(several[0]), heard=False)
            return 1
        for start in range(0, count, form.at_once):
            self._run_many(connection, form, several[start : start + form.at_once])
        return count

    def _run_many(self, connection: BaseDatabaseWrapper, form: _Insertion, rows: list[Row]) -> None:
        params: list[Any] = []
        for row in rows:
            params += form.params(row)
        count = len(rows)
        send(connection, form.many(count), params, prepare=None if count <= FEW else False, heard=False)


class _Change:
    """A changing statement: what it sets (`put`), what finds its rows (`found`), both in one (`whole`)."""

    def __init__(self, connection: BaseDatabaseWrapper, sql: str, put: Packing, found: Packing, whole: Packing) -> None:
        self.text = Text(sql, connection.vendor)
        # In a pipeline nobody waits for the count, so the database itself must fail where it is not one.
        self.exactly_one = Text(
            f"WITH touched AS ({sql} RETURNING 1) "  # noqa: S608 names come from the model
            "SELECT 1 / (CASE WHEN count(*) = 1 THEN 1 ELSE 0 END) FROM touched",
            connection.vendor,
        )
        self.put, self.found, self.whole = put, found, whole


class _Changing(Statement[_Change]):
    """UPDATE and DELETE: rows found by equality."""

    where: tuple[str, ...]

    @staticmethod
    def _count(connection: BaseDatabaseWrapper, params: Sequence[Any], form: _Change) -> int:
        return affected(connection, send(connection, form.text, params))

    @staticmethod
    def _all(connection: BaseDatabaseWrapper, params: Sequence[Any], form: _Change) -> None:
        send(connection, form.text, params, heard=False)

    @staticmethod
    def _one(connection: BaseDatabaseWrapper, params: Sequence[Any], form: _Change) -> None:
        if in_pipeline(connection):
            send(connection, form.exactly_one, params, heard=False)
        elif affected(connection, send(connection, form.text, params)) != 1:
            raise stale()


class Update(_Changing):
    """`Update(Model, set=("state",), add=("version",), where=("id", "version"))`.

    `set` columns take values, `add` columns are counted up by one, `where` columns find the rows by equality, and of
    those only the ones whose `empty` columns are NULL.
    """

    def __init__(
        self,
        model: type[models.Model],
        *,
        set: Sequence[str] = (),
        where: Sequence[str],
        add: Sequence[str] = (),
        empty: Sequence[str] = (),
    ) -> None:
        super().__init__(model)
        self.set, self.where, self.add, self.empty = tuple(set), tuple(where), tuple(add), tuple(empty)

    def build(self, connection: BaseDatabaseWrapper) -> _Change:
        put = [concrete(self.model, name) for name in self.set]
        found = [concrete(self.model, name) for name in self.where]
        counted = quote_columns(connection, [concrete(self.model, name) for name in self.add])
        changes = [f"{name} = %s" for name in quote_columns(connection, put)]
        changes += [f"{name} = {name} + 1" for name in counted]
        table = connection.ops.quote_name(self.model._meta.db_table)
        sql = f"UPDATE {table} SET {', '.join(changes)} WHERE {condition(connection, found)}"  # noqa: S608 names come from the model
        for name in quote_columns(connection, [concrete(self.model, name) for name in self.empty]):
            sql += f" AND {name} IS NULL"
        names = (self.set, self.where, (*self.set, *self.where))
        fields = (put, found, [*put, *found])
        return _Change(connection, sql, *(Packing(*each, connection) for each in zip(names, fields, strict=True)))

    def run(self, values: Row, where: Row | None = None, /, **named: Any) -> int:
        """Set `values` where the columns equal `where` (or the names given); how many rows changed."""
        connection, form = self.ready()
        return self._count(connection, self._params(form, values, where, named), form)

    def all(self, values: Row, where: Row, /) -> None:
        """As `run`, but nobody asks how many there were, so that a pipeline need not wait for the answer."""
        connection, form = self.ready()
        self._all(connection, self._params(form, values, where, {}), form)

    def one(self, values: Row, where: Row | None = None, /, **named: Any) -> None:
        """As `run`, but exactly one row must change: Conflict `writes.stale` otherwise.

        In a pipeline no answer is waited for: the database fails the transaction, and the error is
        DataError where the pipeline ends (`writes.write` turns it into the same Conflict).
        """
        connection, form = self.ready()
        self._one(connection, self._params(form, values, where, named), form)

    def _params(self, form: _Change, values: Row, where: Row | None, named: Mapping[str, Any]) -> Sequence[Any]:
        found = named if where is None else where
        return form.whole((*form.put.in_order(values), *form.found.in_order(found)))


class Delete(_Changing):
    """`Delete(Model, where=("id",))`."""

    def __init__(self, model: type[models.Model], *, where: Sequence[str]) -> None:
        super().__init__(model)
        self.where = tuple(where)

    def build(self, connection: BaseDatabaseWrapper) -> _Change:
        found = [concrete(self.model, name) for name in self.where]
        table = connection.ops.quote_name(self.model._meta.db_table)
        sql = f"DELETE FROM {table} WHERE {condition(connection, found)}"  # noqa: S608 names come from the model
        packing = Packing(self.where, found, connection)
        return _Change(connection, sql, Packing((), (), connection), packing, packing)

    def run(self, where: Row | None = None, /, **named: Any) -> int:
        """Delete the rows found; how many there were."""
        connection, form = self.ready()
        return self._count(connection, form.found(named if where is None else where), form)

    def one(self, where: Row | None = None, /, **named: Any) -> None:
        """As `run`, but exactly one row must go (see `Update.one`)."""
        connection, form = self.ready()
        self._one(connection, form.found(named if where is None else where), form)

    def all(self, where: Row, /) -> None:
        """As `run`, but nobody asks how many there were, so that a pipeline need not wait for the answer."""
        connection, form = self.ready()
        self._all(connection, form.found(where), form)


def stale() -> Conflict:
    """What a reader hears when the row has changed, or gone, since it was read."""
    return Conflict("writes.stale", _("Somebody else has changed this in the meantime. Look at it again."))


def is_stale(error: BaseException) -> bool:
    """Whether `error` is a pipelined `one()` that did not find its row."""
    return isinstance(error, DataError) and getattr(error.__cause__, "sqlstate", None) == _DIVISION_BY_ZERO
