"""Bringing a matter to colleagues' notice (抄送): an entry to read, which lets them read that matter and no other."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.workflow.models import Copy
from zhengtong.matters.workflow.registry import Subject
from zhengtong.people.identity.queries import Account

LONGEST_WORDS = 500
MOST_READERS = 50


def give_copies(*, by: Actor, subject: Subject, to: Iterable[Account], words: str, now: dt.datetime) -> list[Copy]:
    """Send copies of a matter to colleagues; call within a write, with the subject taken.

    Whether the actor and his colleagues may is the subject's to know. Who has a copy that stands keeps that one.
    Answers the new ones. Raises Invalid (nobody chosen, too many, oneself, too many words).
    """
    readers = list(to)
    _check(by, readers, words)
    face = subject.face()
    standing = Copy.objects.filter(subject_kind=subject.kind, subject_id=subject.id, taken_back_at=None)
    known = set(standing.values_list("account_id", flat=True))
    given = []
    for reader in readers:
        if reader.pk in known:
            continue
        row = Copy(
            subject_kind=subject.kind,
            subject_id=subject.id,
            title=face.title,
            title_en=face.title_en,
            label=face.label,
            reference=face.reference,
            account_id=reader.pk,
            name=reader.person.name if reader.person else reader.username,
            giver_id=by.account_id or 0,
            giver_name=by.name,
            words=words.strip(),
            given_at=now,
        )
        row.save(force_insert=True)
        _record(by, "workflow.copy_given", row)
        given.append(row)
    return given


def take_back_copy(*, by: Actor, copy_id: int) -> None:
    """Take a copy back that one has sent: it no longer lets its reader read. Raises NotFound, Conflict (taken back)."""

    def job() -> None:
        row = _mine(by, copy_id)
        if row.giver_id != by.account_id:
            raise NotFound("workflow.no_copy", _("There is no such copy."))
        if not Copy.objects.filter(id=row.id, taken_back_at=None).update(taken_back_at=clock.now()):
            raise Conflict("workflow.copy_taken_back", _("This copy was taken back already."))
        _record(by, "workflow.copy_taken_back", row)

    write(job)


def read_copy(*, by: Actor, copy_id: int) -> None:
    """Mark a copy sent to oneself as read, once. Raises NotFound."""

    def job() -> None:
        row = _mine(by, copy_id)
        if row.account_id != by.account_id or row.taken_back_at is not None:
            raise NotFound("workflow.no_copy", _("There is no such copy."))
        if Copy.objects.filter(id=row.id, read_at=None).update(read_at=clock.now()):
            _record(by, "workflow.copy_read", row)

    write(job)


def _mine(by: Actor, copy_id: int) -> Copy:
    row = visible(by, Copy).filter(id=copy_id).first()
    if row is None:
        raise NotFound("workflow.no_copy", _("There is no such copy."))
    return row


def _record(by: Actor, kind: str, row: Copy) -> None:
    told = {"kind": row.subject_kind, "about": row.subject_id, "from": row.giver_name, "to": row.name}
    told["account"] = row.account_id
    ledger.record(by=by, type=kind, subject=("copy", row.id), payload=told)


def _check(by: Actor, readers: list[Account], words: str) -> None:
    faults = []
    if not readers:
        faults.append(("to", "required", str(_("Choose a colleague."))))
    elif len(readers) > MOST_READERS:
        faults.append(("to", "too_many", str(_("At most 50 colleagues at once."))))
    elif any(reader.pk == by.account_id for reader in readers):
        faults.append(("to", "oneself", str(_("That is you; choose a colleague."))))
    if len(words.strip()) > LONGEST_WORDS:
        faults.append(("reason", "too_long", str(_("At most 500 characters."))))
    if faults:
        raise Invalid("workflow.copy", _("Please complete what is marked."), faults)
