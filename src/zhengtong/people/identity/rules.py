"""Pure rules of identity: numbers of papers, terms, and the life of an account."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.codes import CodeError, checked_credit_code, parse_identity_number
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.people.identity.choices import RESIDENT_NUMBERED, AccountState, KeyState
from zhengtong.people.identity.models import (
    Account,
    ApiKey,
    Mandate,
    Organisation,
    OrgUnit,
    Person,
    Post,
    Subordination,
    Tenure,
)
from zhengtong.people.identity.registry import (
    GIVE_MANDATE,
    KEEP_OFFICIALS,
    MANAGE_ACCOUNT,
    OPEN_ACCOUNT,
    READ_PERSON,
    SET_CLEARANCE,
)

COLLECTED_WITHIN = dt.timedelta(days=14)
"""How long a granted key waits for its holder."""

PERSON_MASKS = {
    "name": policy.mask_name,
    "document_number": policy.mask_id_number,
    "birth_date": policy.mask_birth_date,
    "phone": policy.mask_phone,
    "email": policy.mask_email,
    "address": policy.mask_address,
}

NEXT_STATES = {
    AccountState.PENDING: {AccountState.ACTIVE, AccountState.DISABLED, AccountState.CLOSED},
    AccountState.ACTIVE: {AccountState.LOCKED, AccountState.DISABLED, AccountState.CLOSED},
    AccountState.LOCKED: {AccountState.ACTIVE, AccountState.DISABLED, AccountState.CLOSED},
    AccountState.DISABLED: {AccountState.ACTIVE, AccountState.CLOSED},
    AccountState.CLOSED: set(),
}


def checked_number(document_type: str, number: str) -> tuple[str, dt.date | None]:
    """The number as registers keep it and the birth date it tells; Invalid where its check character is wrong."""
    tidy = "".join(number.split()).upper()
    if document_type in RESIDENT_NUMBERED:
        try:
            parsed = parse_identity_number(tidy, today=clock.today())
        except CodeError as error:
            said = error.text(get_language() or "zh-hans")
            raise Invalid("identity.number", said, [("document_number", error.code, said)]) from None
        return parsed.text, parsed.birth
    if not 5 <= len(tidy) <= 20 or not tidy.isascii() or not tidy.isalnum():
        sentence = _("Write the number of the document in 5 to 20 letters and digits.")
        raise Invalid("identity.number", sentence, [("document_number", "identity.number", str(sentence))])
    return tidy, None


def checked_uscc(uscc: str) -> str:
    """The credit code as registers keep it; Invalid where its check characters are wrong (GB 32100-2015)."""
    try:
        return checked_credit_code("".join(uscc.split()).upper())
    except CodeError as error:
        said = error.text(get_language() or "zh-hans")
        raise Invalid("identity.uscc", said, [("uscc", error.code, said)]) from None


def check_term(valid_from: dt.date, valid_to: dt.date | None) -> None:
    """Invalid where the end lies before the beginning."""
    if valid_to is not None and valid_to < valid_from:
        sentence = _("The last day lies before the first.")
        raise Invalid("identity.term", sentence, [("valid_to", "identity.term", str(sentence))])


def check_next_state(state: str, wanted: str) -> None:
    """Conflict where the life of an account does not lead there; closed is final."""
    if AccountState(wanted) not in NEXT_STATES[AccountState(state)]:
        raise Conflict(
            "identity.account_state",
            _("An account in this state cannot become that."),
            state=state,
            wanted=wanted,
        )


def key_state(key: ApiKey) -> KeyState:
    """How a key stands now; one that nobody collected in time has expired."""
    if key.revoked_at is not None:
        return KeyState.REVOKED
    latest = key.expires_at if key.collected_at else min(key.expires_at, key.created_at + COLLECTED_WITHIN)
    if clock.now() >= latest:
        return KeyState.EXPIRED
    return KeyState.IN_FORCE if key.collected_at else KeyState.WAITING


def end_of(day: dt.date) -> dt.datetime:
    """The instant at which a local date is over: the next midnight."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), clock.LOCAL_ZONE).astimezone(dt.UTC)


def lay_down_policies() -> None:
    """Organisations are public (names and credit codes are not masked); people are seen by themselves and officers."""
    policy.register(
        Person,
        policy.Policy(
            permits=(
                policy.Rule("the person himself", policy.Owner("id")),
                policy.Rule(
                    "an officer who may look people up",
                    policy.HasPermission(READ_PERSON, region="division_code", person="id"),
                    masks=PERSON_MASKS,
                ),
                policy.Rule(
                    "the system administrator, who appoints officials",
                    policy.HasPermission(KEEP_OFFICIALS),
                    masks=PERSON_MASKS,
                ),
            )
        ),
        scope={"region": "division_code", "person": "id"},
    )
    place = {"org": "organisation_id", "region": "organisation__division_code"}
    inside = policy.ActorKind("staff", "admin", "system")
    policy.register(Organisation, policy.Always(), scope={"org": "id", "region": "division_code"})
    policy.register(Subordination, policy.Always())
    policy.register(OrgUnit, inside, scope=place)
    policy.register(Post, inside, scope={**place, "post": "id"})
    policy.register(Tenure, inside | policy.Owner("person_id"))
    policy.register(
        Mandate,
        policy.Owner("agent_id")
        | policy.Owner("principal_person_id")
        | policy.FieldIn("principal_organisation_id", "org")
        | policy.HasPermission(GIVE_MANDATE),
        scope={"org": "principal_organisation_id", "person": "principal_person_id"},
    )
    policy.register(
        Account,
        policy.FieldIn("id", "account")
        | policy.Owner("person_id")
        | policy.HasPermission(OPEN_ACCOUNT)
        | policy.HasPermission(SET_CLEARANCE),
    )
    policy.register(ApiKey, policy.FieldIn("account_id", "account") | policy.HasPermission(MANAGE_ACCOUNT))
