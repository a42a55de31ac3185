"""Destroying content where the law orders it, while the proof that something happened stays whole."""

from django.db import connection

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger.events import KEY_DESTROYED
from zhengtong.foundation.ledger.models import SubjectKey
from zhengtong.foundation.ledger.registry import Subject
from zhengtong.foundation.ledger.services.recording import record
from zhengtong.foundation.policy import Actor


def destroy_content(*, by: Actor, subject: Subject, reason: str) -> bool:
    """Destroy the key of everything recorded about `subject` so far (个人信息保护法 第47条); False where none lives.

    Envelopes, proofs and receipts stay valid; contents can never be opened again. The destruction itself is an
    event. Copies of the key in back-ups end with the back-ups' own retention.
    """
    if not reason:
        raise ValueError("destroying content needs its reason")
    return write(lambda: _destroy(by, subject, reason))


def _destroy(by: Actor, subject: Subject, reason: str) -> bool:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # the old bytes of the row are overwritten with noughts
    live = SubjectKey.objects.filter(subject_kind=subject[0], subject_id=subject[1], destroyed_at=None)
    destroyed = live.update(
        wrapped="", destroyed_at=clock.now(), destroyed_by=by.account_id, destroyed_reason=reason[:200]
    )
    if destroyed:
        record(by=by, type=KEY_DESTROYED, subject=subject, payload={"reason": reason})
    return bool(destroyed)
