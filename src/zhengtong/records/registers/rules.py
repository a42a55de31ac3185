"""What may stand in a register, and who may read it."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from zhengtong.foundation import policy
from zhengtong.foundation.core.errors import Invalid
from zhengtong.records.registers.models import RegisterRecord
from zhengtong.records.registers.registry import READ_REGISTERS, registers


def check_columns(register: str, keys: Iterable[str]) -> None:
    """Invalid where the declared register holds no such column; LookupError where no such register is declared."""
    unknown = sorted(set(keys) - {column.key for column in registers.get(register).columns})
    if unknown:
        names = ", ".join(unknown)
        raise Invalid(
            "registers.unknown_column", _("The register does not hold: %(names)s") % {"names": names}, columns=names
        )


def check_term(valid_from: dt.date, valid_to: dt.date | None) -> None:
    """Invalid where the last day lies before the first."""
    if valid_to is not None and valid_to < valid_from:
        raise Invalid("registers.term", _("The last day lies before the first."))


policy.register(
    RegisterRecord,
    (policy.FieldIs("subject_kind", "person") & policy.Owner("subject_id"))
    | (policy.FieldIs("subject_kind", "organisation") & policy.Owner("subject_id", "org"))
    | policy.HasPermission(READ_REGISTERS),
)
