"""Columns that hold sensitive values sealed (SM4-GCM), plain only in Python, and the index that finds them."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.lookups import Lookup
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import cached_property

from zhengtong.foundation.core.json_text import quick
from zhengtong.foundation.core.keys import blind_index, seal, unseal

if TYPE_CHECKING:
    TextBase = models.TextField[Any, Any]
else:
    TextBase = models.TextField

__all__ = ["SealedJSON", "SealedText", "blind_index"]


_read = json.JSONDecoder().raw_decode
_text = quick(DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":")))


class OpenedLate(DeferredAttribute):
    """Opens a value that lies in its instance as it was read, when somebody first asks for it.

    A fixed statement reads whole rows, and hardly a step asks for what is sealed in them. The value stays the one
    that was read. CannotOpen where it does not open.
    """

    field: "SealedField"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        held, field = instance.__dict__, self.field
        if field.closed_key in held:
            held[field.attname] = field.from_db_value(held[field.closed_key])
            del held[field.closed_key]
            return held[field.attname]
        return super().__get__(instance, cls)


class SealedField(TextBase):
    """A text column holding `v{n}:` and base64 of nonce, ciphertext and tag, bound to its table and column.

    The binding is associated data: a value copied into another column does not open. A column that is renamed
    keeps opening with `bound_to="table.column"` of its first name. None is NULL. A sealed column cannot be
    searched: keep a `blind_index` beside it.
    """

    descriptor_class = OpenedLate

    def __init__(self, *args: Any, bound_to: str = "", **kwargs: Any) -> None:
        self.bound_to = bound_to
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.bound_to:
            kwargs["bound_to"] = self.bound_to
        return name, path, list(args), dict(kwargs)

    @cached_property
    def closed_key(self) -> str:
        """Under which name an instance holds the value that it has not opened yet."""
        return f"{self.attname} closed"

    @cached_property
    def binding(self) -> str:
        return self.bound_to or f"{self.model._meta.db_table}.{self.column}"

    @cached_property
    def purpose(self) -> str:
        return f"field:{self.binding}"

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, raw: bytes) -> Any:
        raise NotImplementedError

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return seal(self.purpose, self.encode(value), aad=self.binding.encode())

    def from_db_value(self, value: str | None, *_: object) -> Any:
        if value is None:
            return None
        return self.decode(unseal(self.purpose, value, aad=self.binding.encode()))

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name} is sealed and cannot be compared: look it up by its blind_index column")


class SealedText(SealedField):
    """Sealed text; the empty text is sealed too, so that emptiness does not show."""

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, raw: bytes) -> str:
        return raw.decode()


class Closed:
    """A value of which only the sealed text is left: to be stored, not to be read."""

    __slots__ = ("text",)

    def __init__(self, text: str | None) -> None:
        self.text = text


class SealedAhead(dict[str, Any]):
    """A JSON object whose sealed text is made already; not to be changed any more."""

    __slots__ = ("text",)

    def __init__(self, value: Mapping[str, Any], text: str | None) -> None:
        super().__init__(value)
        self.text = text


_MADE = (Closed, SealedAhead)


class SealedJSON(SealedField):
    """A sealed JSON value; dates, times and decimals are written as text."""

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def closed(self, value: Any) -> Closed:
        """Seal a value for this column now, so that a write which stores it does not have to."""
        return Closed(super().get_prep_value(value))

    def ahead(self, value: Mapping[str, Any]) -> SealedAhead:
        """As `closed`, for an object that is read afterwards."""
        return SealedAhead(value, super().get_prep_value(value))

    def get_prep_value(self, value: Any) -> str | None:
        return value.text if type(value) in _MADE else super().get_prep_value(value)

    def encode(self, value: Any) -> bytes:
        return _text(value)

    def decode(self, raw: bytes) -> Any:
        text = raw.decode()
        found, end = _read(text)
        return found if end == len(text) else json.loads(text)

    def to_python(self, value: Any) -> Any:
        return value
