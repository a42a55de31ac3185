"""Registering natural persons, and making sure that an account belongs to one."""

import datetime as dt
import math
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, TooMany
from zhengtong.foundation.core.fields import blind_index
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.ledger.queries import instants
from zhengtong.foundation.policy import Actor
from zhengtong.people.identity import events, queries, registry, rules
from zhengtong.people.identity.choices import Assurance, DocumentType
from zhengtong.people.identity.models import Account, Person
from zhengtong.people.identity.providers import RealNameProvider

WRONG_TRIES, TRIES_WITHIN = 5, dt.timedelta(hours=1)
CORRECTABLE = ("name", "phone", "email", "address", "division_code")


def register_person(
    *,
    by: Actor,
    name: str,
    document_number: str,
    document_type: str = DocumentType.RESIDENT_ID,
    birth_date: dt.date | None = None,
    phone: str | None = None,
    email: str | None = None,
    address: str | None = None,
    division_code: str = "",
) -> Person:
    """Enter a natural person, known by one paper.

    The birth date is read from a resident number. Raises NotAllowed, Invalid (the number), Conflict (the paper is
    already registered).
    """
    number, told = rules.checked_number(document_type, document_number)
    person = Person(
        name=name.strip(),
        document_type=document_type,
        document_number=number,
        document_index=queries.document_index(document_type, number),
        birth_date=_iso(told or birth_date),
        phone=phone,
        phone_index=blind_index(phone or "", "phone"),
        email=email,
        address=address,
        division_code=division_code or (number[:6] if told else ""),
    )
    if not policy.may(by, registry.KEEP_OFFICIALS):
        policy.require(by, registry.REGISTER_PERSON, person)

    def job() -> Person:
        if queries.person_by_document(document_type, number) is not None:
            raise Conflict("identity.person_known", _("A person with this document is already registered."))
        person.save(force_insert=True)
        ledger.record(
            by=by,
            type=events.PERSON_REGISTERED,
            subject=("person", person.pk),
            payload={"name": policy.mask_name(person.name), "document_type": document_type},
        )
        return person

    return write(job)


def correct_person(*, by: Actor, person: Person, reason: str, **changes: str | None) -> Person:
    """Put right what is written of a person: name, phone, email, address or division_code.

    The person himself may change how he is reached; the rest needs the permission to register people.
    Raises NotAllowed, Invalid (another field).
    """
    if unknown := changes.keys() - set(CORRECTABLE):
        raise Invalid("identity.not_correctable", _("This cannot be corrected here."), fields=sorted(unknown))
    himself = by.person_id == person.pk and changes.keys() <= {"phone", "email", "address"}
    if not himself:
        policy.require(by, registry.REGISTER_PERSON, person)

    def job() -> Person:
        for field, value in changes.items():
            setattr(person, field, value)
        if "phone" in changes:
            person.phone_index = blind_index(changes["phone"] or "", "phone")
        person.save(update_fields=[*changes, "phone_index"])
        ledger.record(
            by=by,
            type=events.PERSON_CORRECTED,
            subject=("person", person.pk),
            payload={"fields": sorted(changes)},
            reason=reason,
        )
        return person

    return write(job)


def verify_person(
    *,
    by: Actor,
    account: Account,
    name: str,
    number: str,
    document_type: str = DocumentType.RESIDENT_ID,
) -> Account:
    """Check a name and a number with the real-name provider, and join the account to that person at level L2.

    Only for one's own account, or with the permission to register people. Raises NotAllowed, Invalid (no such
    number, or another name: told alike), Conflict (the account already belongs to somebody else), Unavailable, TooMany
    (`retry_after` seconds: five wrong answers an hour are told of one account, whoever asks and however many at once;
    after them the right one is not told either).
    """
    if by.account_id != account.pk and not policy.may(by, registry.REGISTER_PERSON):
        raise NotAllowed("identity.not_own_account", _("You may verify your own account only."))
    clean, _birth = rules.checked_number(document_type, number)
    _check_tries(by, account)
    finding = real_name_provider().check(name=name.strip(), document_type=document_type, number=clean)

    def job() -> Account | None:
        row = Account.objects.select_for_update().get(pk=account.pk)
        _check_tries(by, row)
        if not finding.matches:
            payload = {"document_type": document_type, "source": finding.source}
            ledger.record(by=by, type=events.REAL_NAME_MISMATCHED, subject=("account", row.pk), payload=payload)
            return None
        person = queries.person_by_document(document_type, clean)
        if person is None:
            person = register_person(by=policy.SYSTEM, name=name, document_type=document_type, document_number=clean)
        if row.person_id not in (None, person.pk):
            raise Conflict("identity.other_person", _("This account already belongs to somebody else."))
        check_holder(person_id=person.pk, account_id=row.pk)
        row.person = person
        row.assurance = max(row.assurance, Assurance.L2)
        row.save(update_fields=["person", "assurance"])
        ledger.record(
            by=by,
            type=events.PERSON_VERIFIED,
            subject=("account", row.pk),
            payload={"person": person.pk, "level": row.assurance, "source": finding.source},
        )
        return row

    verified = write(job)
    if verified is None:
        sentence = _("The name and the number do not belong together. Check both against your document.")
        raise Invalid("identity.real_name", sentence, [("number", "identity.real_name", str(sentence))])
    return verified


def _check_tries(by: Actor, account: Account) -> None:
    """TooMany, itself recorded, once the wrong tries of the past hour are used up.

    Exact only while the account's row is locked.
    """
    now = clock.now()
    wrong = instants(("account", account.pk), events.REAL_NAME_MISMATCHED, since=now - TRIES_WITHIN)
    if len(wrong) < WRONG_TRIES:
        return
    code, wait = "identity.real_name_tries", wrong[-WRONG_TRIES] + TRIES_WITHIN - now
    ledger.record_refusal(by=by, type=events.PERSON_VERIFIED, subject=("account", account.pk), reason=code)
    seconds = max(1, math.ceil(wait.total_seconds()))
    said = _("Too many wrong tries. Try again in %(minutes)d minutes; at a service window it can be done at once.")
    raise TooMany(code, said % {"minutes": math.ceil(seconds / 60)}, retry_after=seconds)


def real_name_provider() -> RealNameProvider:
    """The provider that `ZT_REAL_NAME_PROVIDER` names."""
    provider: RealNameProvider = import_string(settings.ZT_REAL_NAME_PROVIDER)()
    return provider


def check_holder(**holder: Any) -> None:
    """Ask those who guard separations (access) whether a person may hold what he is about to get; Conflict if not.

    Named: person_id, and the account_id or post_id about to be joined to it.
    """
    queries.ask_guards(**holder)


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None
