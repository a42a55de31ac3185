"""Verbs of licences: issue, reissue in a new version, suspend, revoke, cancel; and noting each use."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.codes import licence_identifier, next_version
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.core.identifiers import new_id, new_token
from zhengtong.foundation.core.sequences import next_number
from zhengtong.foundation.core.statements import Insert, Outgoing
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.catalog.packs import SERIAL, serial_of
from zhengtong.matters.licences.choices import ENDED, LicenceState
from zhengtong.matters.licences.models import Licence, LicenceUse
from zhengtong.matters.licences.registry import CHANGE

KIND = "licence"


@dataclass(frozen=True)
class Entry:
    """One line of a licence; what is not public is shown to the holder and the issuer only."""

    label: str
    label_en: str
    value: str
    public: bool = True


@dataclass(frozen=True)
class Grant:
    """What is to be issued, by whom, to whom; `serial` is the template of its running number within a year."""

    type_code: str
    name: str
    name_en: str
    number: str
    issuer_id: int
    issuer_name: str
    issuer_code: str
    holder_kind: str
    holder_name: str
    holder_person_id: int | None
    holder_organisation_id: int | None
    entries: Sequence[Entry]
    valid_from: dt.date
    valid_to: dt.date | None
    case_id: int | None = None
    serial: str = SERIAL


def issue_licence(*, by: Actor, grant: Grant, on: dt.date, rows: Outgoing | None = None) -> Licence:
    """Issue version 001 with a serial unique within type and issuer (GB/T 36904-2018).

    Within a step that gathers `rows`, the licence goes out with them.
    """

    def issue() -> Licence:
        out = Outgoing() if rows is None else rows
        serial = next_number(f"licence:{grant.type_code}:{grant.issuer_code}:{on.year}")
        identifier = licence_identifier(grant.type_code, grant.issuer_code, serial_of(grant.serial, on.year, serial))
        licence = _row(grant, identifier, 1, on)
        out.add(_insert, tuple(getattr(licence, name) for name in _COLUMNS))
        told = ledger.Chapter((KIND, licence.id), out, new_subject=True)
        told.record(by=by, type="licence.issued", payload=_told(licence))
        if rows is None:
            out.send()
        return licence

    return write(issue)


def reissue_licence(*, by: Actor, licence_id: int, entries: Sequence[Entry], holder_name: str, reason: str) -> Licence:
    """Issue the next version; the one before becomes 变更作废."""

    def reissue() -> Licence:
        old = _standing(licence_id)
        require(by, CHANGE, old)
        new = Licence(
            **{
                field.attname: getattr(old, field.attname)
                for field in Licence._meta.concrete_fields
                if field.attname not in ("id", "file_id", "token", "identifier", "version")
            },
            id=new_id(),
            token=new_token(),
            identifier=next_version(old.identifier),
            version=old.version + 1,
        )
        new.fields = [vars(entry) for entry in entries]
        new.holder_name, new.issued_on = holder_name, clock.today()
        new.save(force_insert=True)
        _end(by, old, LicenceState.REPLACED, reason, replaced_by_id=new.id)
        _tell(by, "licence.issued", new)
        return new

    return write(reissue)


def end_licence(*, by: Actor, licence_id: int, state: LicenceState, reason: str) -> None:
    """Cancel or revoke; an ended licence never comes back."""

    def end() -> None:
        licence = _standing(licence_id)
        require(by, CHANGE, licence)
        if state not in ENDED - {LicenceState.REPLACED}:
            raise Conflict("licences.not_an_end", _("That is not an end of a licence."))
        _end(by, licence, state, reason)

    write(end)


def note_use(*, licence_id: int, by_name: str, purpose: str) -> None:
    """Note who used a licence and for what, so that its holder can see it."""
    use = LicenceUse(licence_id=licence_id, by_name=by_name[:200], purpose=purpose[:200], used_at=clock.now())
    write(lambda: use.save(force_insert=True))


def _row(grant: Grant, identifier: str, version: int, on: dt.date) -> Licence:
    return Licence(
        id=new_id(),
        token=new_token(),
        identifier=identifier,
        type_code=grant.type_code,
        name=grant.name,
        name_en=grant.name_en,
        number=grant.number,
        version=version,
        issuer_id=grant.issuer_id,
        issuer_name=grant.issuer_name,
        issuer_code=grant.issuer_code,
        holder_kind=grant.holder_kind,
        holder_name=grant.holder_name,
        holder_person_id=grant.holder_person_id,
        holder_organisation_id=grant.holder_organisation_id,
        fields=[vars(entry) for entry in grant.entries],
        issued_on=on,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        case_id=grant.case_id,
    )


def _standing(licence_id: int) -> Licence:
    licence = Licence.objects.select_for_update().filter(id=licence_id).first()
    if licence is None:
        raise NotFound("licences.unknown", _("There is no such licence"))
    if licence.state in ENDED:
        raise Conflict("licences.ended", _("This licence has ended: %s") % licence.get_state_display())
    return licence


def _end(by: Actor, licence: Licence, state: LicenceState, reason: str, replaced_by_id: int | None = None) -> None:
    licence.state, licence.ended_on, licence.end_reason = state, clock.today(), reason
    licence.replaced_by_id = replaced_by_id
    licence.save(update_fields=["state", "ended_on", "end_reason", "replaced_by_id"])
    _tell(by, "licence.ended", licence)


def _tell(by: Actor, event: str, licence: Licence) -> None:
    ledger.record(by=by, type=event, subject=(KIND, licence.id), payload=_told(licence))


def _told(licence: Licence) -> dict[str, object]:
    return {"identifier": licence.identifier, "state": licence.state, "case_id": licence.case_id}


_COLUMNS = tuple(column.attname for column in Licence._meta.concrete_fields)
_insert = Insert(Licence, *_COLUMNS)
