"""Verbs that write official records: enter, correct, end; nothing is ever overwritten."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.records.registers.models import RegisterRecord
from zhengtong.records.registers.queries import Subject
from zhengtong.records.registers.registry import registers


def enter_record(
    *,
    by: Actor,
    register: str,
    subject: Subject,
    number: str,
    data: Mapping[str, Any],
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    source_case_id: int | None = None,
    imported: bool = False,
) -> RegisterRecord:
    """Enter what is newly known; the register must be declared and its keys known (Invalid otherwise)."""
    declared = registers.get(register)
    unknown = set(data) - {column.key for column in declared.columns}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise Invalid("registers.unknown_column", _("The register does not hold: %s") % names, columns=names)

    def enter() -> RegisterRecord:
        record = RegisterRecord.objects.create(
            register=register,
            subject_kind=subject[0],
            subject_id=subject[1],
            number=number,
            data=dict(data),
            valid_from=valid_from,
            valid_to=valid_to,
            source_case_id=source_case_id,
            recorded_at=clock.now(),
            imported=imported,
        )
        _tell(by, "register.entered", record)
        return record

    return write(enter)


def correct_record(
    *, by: Actor, record_id: int, data: Mapping[str, Any], valid_from: dt.date, reason: str
) -> RegisterRecord:
    """Put a new row in place of a faulty one; the old one stays readable with the instant it stopped counting."""

    def correct() -> RegisterRecord:
        old = _standing_row(record_id)
        instant = clock.now()
        old.superseded_at = instant
        old.save(update_fields=["superseded_at"])
        new = RegisterRecord.objects.create(
            register=old.register,
            subject_kind=old.subject_kind,
            subject_id=old.subject_id,
            number=old.number,
            data=dict(data),
            valid_from=valid_from,
            valid_to=old.valid_to,
            source_case_id=old.source_case_id,
            recorded_at=instant,
            replaces_id=old.id,
            reason=reason,
        )
        _tell(by, "register.corrected", new)
        return new

    return write(correct)


def end_record(*, by: Actor, record_id: int, on: dt.date, reason: str) -> RegisterRecord:
    """Let a record end with a day (注销, 迁出): from the next day on it no longer counts."""

    def end() -> RegisterRecord:
        old = _standing_row(record_id)
        instant = clock.now()
        old.superseded_at = instant
        old.save(update_fields=["superseded_at"])
        new = RegisterRecord.objects.create(
            register=old.register,
            subject_kind=old.subject_kind,
            subject_id=old.subject_id,
            number=old.number,
            data=old.data,
            valid_from=old.valid_from,
            valid_to=on,
            source_case_id=old.source_case_id,
            recorded_at=instant,
            replaces_id=old.id,
            reason=reason,
        )
        _tell(by, "register.ended", new)
        return new

    return write(end)


def _standing_row(record_id: int) -> RegisterRecord:
    record = RegisterRecord.objects.select_for_update().filter(id=record_id).first()
    if record is None:
        raise NotFound("registers.no_record", _("There is no such record"))
    if record.superseded_at is not None:
        raise Conflict("registers.superseded", _("Somebody has corrected this record meanwhile"))
    return record


def _tell(by: Actor, event: str, record: RegisterRecord) -> None:
    ledger.record(
        by=by,
        type=event,
        subject=("register_record", record.id),
        payload={"register": record.register, "number": record.number, "reason": record.reason},
        effective_at=dt.datetime.combine(record.valid_from, dt.time(), clock.LOCAL_ZONE),
        reason="valid time of the record",
        imported=record.imported,
    )
