"""New rows as instances of their model, before they are inserted."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models.base import ModelState

from zhengtong.foundation.core.statements.reading import is_plain

M = TypeVar("M", bound=models.Model)


class Fresh(Generic[M]):
    """`Fresh(Model)(name="a", shelf_id=1)`: a new instance as `Model(…)` gives it, at a fraction of its price.

    Columns go by their attribute names (`shelf_id`); those left out get their default.
    """

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self._make: Callable[..., M] | None = None

    def __call__(self, **values: Any) -> M:
        """The instance, not yet in any database; TypeError for a name that is no column."""
        if self._make is None:  # the model is complete only once all apps are loaded
            self._make = _plain(self.model) if is_plain(self.model) else self.model
        return self._make(**values)


def _plain(model: type[M]) -> Callable[..., M]:
    columns = model._meta.concrete_fields
    names = frozenset(field.attname for field in columns)
    anew = {field for field in columns if field.has_db_default() or (field.has_default() and callable(field.default))}
    fixed = {field.attname: field.get_default() for field in columns if field not in anew}
    made = [(field.attname, field.get_default) for field in columns if field in anew]

    def make(**values: Any) -> M:
        if not names.issuperset(values):
            raise TypeError(f"{model.__name__} has no column {', '.join(sorted(values.keys() - names))}")
        instance = model.__new__(model)
        instance._state = ModelState()
        instance.__dict__.update(fixed, **values)
        for name, default in made:
            if name not in values:
                instance.__dict__[name] = default()
        return instance

    return make
