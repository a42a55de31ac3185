"""Verbs that write official records: enter, correct, end; nothing is ever overwritten."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.records.registers.models import RegisterRecord
from zhengtong.records.registers.queries import Subject
from zhengtong.records.registers.rules import check_columns, check_term


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
    check_columns(register, data)
    check_term(valid_from, valid_to)

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
    """Put a new row in place of a faulty one; the old one stays readable with the instant it stopped counting.

    NotFound for an unknown record, Conflict for one that has been replaced meanwhile, Invalid for unknown columns.
    """

    def correct() -> RegisterRecord:
        old = _standing_row(record_id)
        check_columns(old.register, data)
        check_term(valid_from, old.valid_to)
        return _replace(by, "register.corrected", old, reason, data=dict(data), valid_from=valid_from)

    return write(correct)


def end_record(*, by: Actor, record_id: int, on: dt.date, reason: str) -> RegisterRecord:
    """Let a record end with a day (注销, 迁出): from the next day on it no longer counts."""

    def end() -> RegisterRecord:
        old = _standing_row(record_id)
        check_term(old.valid_from, on)
        return _replace(by, "register.ended", old, reason, valid_to=on)

    return write(end)


def _replace(by: Actor, event: str, old: RegisterRecord, reason: str, **changed: Any) -> RegisterRecord:
    instant = clock.now()
    old.superseded_at = instant
    old.save(update_fields=["superseded_at"])
    kept = {name: getattr(old, name) for name in _KEPT}
    new = RegisterRecord.objects.create(**{**kept, **changed}, recorded_at=instant, replaces_id=old.id, reason=reason)
    _tell(by, event, new)
    return new


def _standing_row(record_id: int) -> RegisterRecord:
    record = RegisterRecord.objects.select_for_update().filter(id=record_id).first()
    if record is None:
        raise NotFound("registers.no_record", _("There is no such record"))
    if record.superseded_at is not None:
        raise Conflict("registers.superseded", _("Somebody has corrected this record meanwhile"))
    return record


_KEPT = ("register", "subject_kind", "subject_id", "number", "data", "valid_from", "valid_to", "source_case_id")


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
