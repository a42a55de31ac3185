"""Keys of programs: bounded in time and scope, revoked at once, their secret known to the holder alone.

A holder issues them to his own account. The system administrator grants one to an account, and the holder collects its
secret: whoever saw the secret of another could act in his name, which no administrator may (三员分立, security.md §5).
Each act is recorded.
"""

import contextlib
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, Unavailable
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.people.identity import events, registry
from zhengtong.people.identity.choices import AccountKind, AccountState, KeyScope
from zhengtong.people.identity.models import Account, ApiKey
from zhengtong.people.identity.queries import actor_in, key_digest
from zhengtong.people.identity.rules import COLLECTED_WITHIN

MARK = "ztk_"
SECRET_LENGTH = 44
MOST_DAYS = {AccountKind.STAFF: 90, AccountKind.ADMIN: 90}
MOST_DAYS_OF_OTHERS = 366
MOST_KEYS = 20
NOTED_EVERY = dt.timedelta(minutes=10)
HOLDERS = {
    KeyScope.APPLY: (AccountKind.CITIZEN, AccountKind.ENTERPRISE),
    KeyScope.HANDLE: (AccountKind.STAFF,),
    KeyScope.SEND: (AccountKind.ENTERPRISE, AccountKind.STAFF),
    KeyScope.MODEL: (AccountKind.ADMIN,),
}
"""Whose programs an administrator may let do what; whoever is not named may only read. Administrators' own programs,
which draw models, have keys that the house itself issues on its machine."""


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key and its secret, which is told this once (257 bits of chance)."""

    key: ApiKey
    secret: str


def issue_api_key(
    *, by: Actor, account: Account, name: str, scopes: Collection[str], capacity: str = "", days: int = 90
) -> IssuedKey:
    """Give a program a key to one's own account, for at most 90 days (officials) or a year.

    Nobody issues keys to somebody else's account: that would be acting in his name. Only the house itself
    (`zhengtong` on the machine) may. Raises NotAllowed, Conflict (too many keys), Invalid (name, scopes, days).
    """
    if by.kind != "system" and by.account_id != account.pk:
        raise NotAllowed("identity.key_of_another", _("Only the holder of an account issues keys to it."))
    if account.state != AccountState.ACTIVE:
        raise Conflict("identity.key_of_inactive", _("This account is not active."))
    _check(account, name, scopes, days)
    actor_in(account, capacity)
    secret = MARK + new_token(SECRET_LENGTH)

    def job() -> IssuedKey:
        key = _entered(account, name, scopes, capacity, days)
        key.digest, key.hint, key.collected_at = key_digest(secret), secret[:8], key.created_at
        key.save(force_insert=True)
        _trace(by, events.API_KEY_ISSUED, key, scopes=key.scopes, capacity=capacity, days=days)
        return IssuedKey(key, secret)

    return write(job)


def grant_api_key(
    *, by: Actor, account: Account, name: str, scopes: Collection[str], capacity: str = "", days: int = 90
) -> ApiKey:
    """Let a program have a key to somebody's account; the holder is told and collects the secret within 14 days.

    The system administrator's, who learns no secret by it. Raises NotAllowed, Conflict (too many keys, an account
    that is not active or is an administrator's), Invalid (name, scopes that are not for such an account, days).
    """
    policy.require(by, registry.MANAGE_ACCOUNT, account)
    if account.state != AccountState.ACTIVE:
        raise Conflict("identity.key_of_inactive", _("This account is not active."))
    if account.kind == AccountKind.ADMIN:
        raise Conflict("identity.key_of_administrator", _("Programs do not act for administrators."))
    _check(account, name, scopes, days)
    _check_holder(account, scopes)
    actor_in(account, capacity)

    def job() -> ApiKey:
        key = _entered(account, name, scopes, capacity, days)
        key.digest = key_digest(new_token(SECRET_LENGTH))  # of a secret that is forgotten here: opens nothing
        key.save(force_insert=True)
        _trace(by, events.API_KEY_GRANTED, key, scopes=key.scopes, capacity=capacity, days=days)
        return key

    return write(job)


def collect_api_key(*, by: Actor, key: ApiKey) -> IssuedKey:
    """Take the secret of a granted key, once, as its holder.

    Raises NotAllowed, Conflict (collected already, ended, too late).
    """
    if by.account_id != key.account_id:
        raise NotAllowed("identity.key_of_another", _("Only the holder of an account issues keys to it."))
    secret = MARK + new_token(SECRET_LENGTH)

    def job() -> IssuedKey:
        now = clock.now()
        waiting = ApiKey.objects.filter(
            pk=key.pk, collected_at=None, revoked_at=None, expires_at__gt=now, created_at__gt=now - COLLECTED_WITHIN
        )
        if not waiting.update(digest=key_digest(secret), hint=secret[:8], collected_at=now):
            raise Conflict("identity.key_collected", _("This key has been collected already, has ended or is too old."))
        key.refresh_from_db()
        _trace(by, events.API_KEY_COLLECTED, key)
        return IssuedKey(key, secret)

    return write(job)


def revoke_api_key(*, by: Actor, key: ApiKey, reason: str = "") -> None:
    """End a key at once; its holder may, and whoever manages accounts. Doing it again changes nothing."""
    if by.account_id != key.account_id:
        policy.require(by, registry.MANAGE_ACCOUNT, key.account)

    def job() -> None:
        ended = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now(), revoke_reason=reason)
        if ended:
            _trace(by, events.API_KEY_REVOKED, key, reason)

    write(job)


def note_key_used(*, key: ApiKey) -> None:
    """Note that a key is in use, at most every ten minutes; what cannot be noted now is no reason to refuse a key."""
    since = clock.now() - NOTED_EVERY
    if key.last_used_at is not None and key.last_used_at > since:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=since)
    with contextlib.suppress(Unavailable):
        write(lambda: ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=clock.now()))


def _entered(account: Account, name: str, scopes: Collection[str], capacity: str, days: int) -> ApiKey:
    """A new key without its digest; Conflict where the account has too many. Within a write."""
    now = clock.now()
    if ApiKey.objects.filter(account=account, revoked_at=None, expires_at__gt=now).count() >= MOST_KEYS:
        raise Conflict("identity.too_many_keys", _("This account has too many keys; revoke one first."))
    bounds = {"capacity": capacity, "created_at": now, "expires_at": now + dt.timedelta(days=days)}
    return ApiKey(account=account, name=name.strip(), scopes=sorted(set(scopes)), **bounds)


def _check_holder(account: Account, scopes: Collection[str]) -> None:
    if any(account.kind not in kinds for scope, kinds in HOLDERS.items() if scope in scopes):
        sentence = _(
            "Applying is for citizens and enterprises, handling for officials, messages for enterprises and officials, "
            "models for none that is granted here."
        )
        raise Invalid("identity.key_request", _("Please complete what is marked."), [("scopes", "kind", str(sentence))])


def _check(account: Account, name: str, scopes: Collection[str], days: int) -> None:
    most = MOST_DAYS.get(AccountKind(account.kind), MOST_DAYS_OF_OTHERS)
    faults = []
    if not 2 <= len(name.strip()) <= 80:
        faults.append(("name", "required", str(_("Say what the key is for, in 2 to 80 characters."))))
    if not scopes or set(scopes) - set(KeyScope.values):
        faults.append(("scopes", "not_allowed", str(_("Choose what the program may do."))))
    if not 1 <= days <= most:
        faults.append(("days", "range", str(_("A key is valid for 1 to %d days.") % most)))
    if faults:
        raise Invalid("identity.key_request", _("Please complete what is marked."), faults)


def _trace(by: Actor, event: str, key: ApiKey, reason: str = "", **payload: Any) -> None:
    payload |= {"key": key.hint, "name": key.name}
    ledger.record(by=by, type=event, subject=("account", key.account_id), payload=payload, reason=reason)
