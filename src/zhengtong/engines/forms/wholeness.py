"""A whole number that is worked out must come out whole: the applicant could mend no fraction."""

from collections.abc import Iterable, Mapping

from zhengtong.engines.feel import fractional
from zhengtong.engines.forms.errors import FormError
from zhengtong.engines.forms.model import Field, Kind


def check_wholeness(fields: Mapping[str, Field]) -> None:
    """FormError for a computed integer whose expression may give a fraction without rounding it."""
    inside = {f"{key}.{column.key}": column for key, found in fields.items() for column in found.columns}
    _check(fields.items(), _broken({**fields, **inside}), "/properties/{}/zt/computed")
    for key, found in fields.items():
        columns = {column.key: column for column in found.columns}
        _check(columns.items(), _broken(columns), f"/properties/{key}/items/properties/{{}}/zt/computed")


def _broken(fields: Mapping[str, Field]) -> frozenset[str]:
    return frozenset(name for name, found in fields.items() if found.kind is Kind.NUMBER)


def _check(fields: Iterable[tuple[str, Field]], broken: frozenset[str], place: str) -> None:
    for key, found in fields:
        if found.computed is not None and found.kind is Kind.INTEGER and fractional(found.computed.text, broken):
            raise FormError("forms.fraction", position=place.format(key))
