"""Accounts: opened without rights, activated by their holder's own password, closed for good; and what signs in."""

import datetime as dt
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.calendars import end_of
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.ledger.queries import instants
from zhengtong.foundation.policy import Actor
from zhengtong.people.identity import events, registry, rules
from zhengtong.people.identity.choices import AccountKind, AccountState
from zhengtong.people.identity.models import Account, Person, Tenure
from zhengtong.people.identity.queries import actor_in
from zhengtong.people.identity.services.people import check_holder


def open_account(
    *,
    by: Actor,
    username: str,
    kind: str = AccountKind.CITIZEN,
    person: Person | None = None,
    password: str | None = None,
    assurance: int = 0,
    locale: str = "zh-hans",
) -> Account:
    """Open an account without any right; its first password must be changed at the first sign-in.

    Raises NotAllowed, Conflict (the name is taken, for ever), Invalid (the password; staff without a person).
    """
    policy.require(by, registry.OPEN_ACCOUNT)
    if kind in (AccountKind.STAFF, AccountKind.ADMIN) and person is None:
        raise Invalid("identity.account_needs_person", _("Name the person whose account this is."))
    account = Account(username=username.strip(), kind=kind, person=person, assurance=assurance, locale=locale)
    return _open(by, account, password)


def sign_up(*, username: str, password: str, account: Account | None = None) -> Account:
    """Open a citizen's account by himself, active at once and not yet verified. Raises Conflict, Invalid."""
    account = account or Account()
    account.username, account.kind, account.state = username.strip(), AccountKind.CITIZEN, AccountState.ACTIVE
    return _open(policy.ANONYMOUS, account, password)


def _open(by: Actor, account: Account, password: str | None) -> Account:
    if password is not None:
        _check_password(password, account)
    account.set_password(password)
    account.password_changed_at = clock.now() if password is not None else None

    def job() -> Account:
        if Account.objects.filter(username__iexact=account.username).exists():
            raise Conflict("identity.name_taken", _("This sign-in name is taken."))
        if account.person_id is not None:
            check_holder(person_id=account.person_id)
        account.save(force_insert=True)
        _trace(by, events.ACCOUNT_OPENED, account, kind=account.kind)
        return account

    return write(job)


def change_account_state(*, by: Actor, account: Account, state: str, reason: str) -> Account:
    """Lock, unlock, disable, enable or close an account; closing is final.

    Unlocking belongs to the security administrator, the rest to the system administrator; nobody does it to
    himself. Raises NotAllowed, Conflict (the life of an account does not lead there).
    """
    unlocking = account.state == AccountState.LOCKED and state == AccountState.ACTIVE
    policy.require(by, registry.SET_CLEARANCE if unlocking else registry.MANAGE_ACCOUNT, account)
    _not_oneself(by, account)

    def job() -> Account:
        row = Account.objects.select_for_update().get(pk=account.pk)
        rules.check_next_state(row.state, state)
        row.state, row.state_reason, row.session_mark = state, reason, ""
        row.save(update_fields=["state", "state_reason", "session_mark"])
        _trace(by, events.ACCOUNT_STATE_CHANGED, row, reason, state=state)
        return row

    return write(job)


def disable_idle_accounts(*, by: Actor, days: int = 90) -> int:
    """Disable officials' accounts nobody signed in with for `days`; answers how many (GB/T 22239-2019 8.1.4.2 c).

    One that was given back within that time waits for its holder: it would be taken away again before he comes.
    """
    policy.require(by, registry.MANAGE_ACCOUNT)
    since = clock.now() - dt.timedelta(days=days)
    silent = Account.objects.filter(
        Q(last_login__lt=since) | Q(last_login=None, created_at__lt=since),
        kind__in=(AccountKind.STAFF, AccountKind.ADMIN),
        state__in=(AccountState.ACTIVE, AccountState.PENDING),
    )
    idle = [row for row in silent if not instants(("account", row.pk), events.ACCOUNT_STATE_CHANGED, since=since)]
    for account in idle:
        change_account_state(by=by, account=account, state=AccountState.DISABLED, reason=f"no sign-in for {days} days")
    return len(idle)


def disable_left_accounts(*, by: Actor) -> int:
    """Disable the accounts of officials who hold no post any more, from the day after their last (security.md §8,
    §10.1); answers how many.

    One that never had a post, is to have one, or was enabled again since its holder left, stays.
    """
    policy.require(by, registry.MANAGE_ACCOUNT)
    terms = Tenure.objects.filter(person_id=OuterRef("person_id"))
    living = (AccountState.ACTIVE, AccountState.PENDING, AccountState.LOCKED)
    rows = Account.objects.filter(Exists(terms), kind=AccountKind.STAFF, state__in=living)
    still = terms.filter(Q(valid_to=None) | Q(valid_to__gte=clock.today()))
    left = rows.exclude(Exists(still)).annotate(last_day=Subquery(terms.order_by("-valid_to").values("valid_to")[:1]))
    gone = 0
    for row in left:
        since = end_of(row.last_day).astimezone(dt.UTC)
        if row.created_at < since and not instants(("account", row.pk), events.ACCOUNT_STATE_CHANGED, since=since):
            change_account_state(by=by, account=row, state=AccountState.DISABLED, reason="holds no post any more")
            gone += 1
    return gone


def set_clearance(*, by: Actor, account: Account, clearance: int, reason: str) -> Account:
    """Set the highest label an account may read; by the security administrator, not for himself."""
    policy.require(by, registry.SET_CLEARANCE, account)
    _not_oneself(by, account)

    def job() -> Account:
        row = Account.objects.select_for_update().get(pk=account.pk)
        row.clearance = clearance
        row.save(update_fields=["clearance"])
        _trace(by, events.ACCOUNT_CLEARED, row, reason, clearance=clearance)
        return row

    return write(job)


def merge_accounts(*, by: Actor, keep: Account, close: Account, reason: str) -> Account:
    """Join two accounts of one person: `close` is closed for good and points to `keep`.

    Both must be of one kind; at least one must be joined to the person and neither to another. Raises NotAllowed
    (needs the permission, or both are one's own), Conflict.
    """
    own = by.person_id is not None and by.person_id == keep.person_id == close.person_id
    if not own:
        policy.require(by, registry.MANAGE_ACCOUNT, close)

    def job() -> Account:
        rows = Account.objects.select_for_update().in_bulk([keep.pk, close.pk])
        kept, closed = rows[keep.pk], rows.get(close.pk)
        people = {row.person_id for row in rows.values()} - {None}
        if closed is None or kept.pk == closed.pk or len(people) != 1 or kept.kind != closed.kind:
            raise Conflict("identity.cannot_merge", _("Only two accounts of one person and one kind can be joined."))
        rules.check_next_state(closed.state, AccountState.CLOSED)
        kept.person_id = people.pop()
        kept.assurance = max(kept.assurance, closed.assurance)
        kept.save(update_fields=["person", "assurance"])
        closed.state, closed.state_reason, closed.merged_into = AccountState.CLOSED, reason, kept
        closed.session_mark = ""
        closed.save(update_fields=["state", "state_reason", "merged_into", "session_mark"])
        _trace(by, events.ACCOUNTS_MERGED, kept, reason, closed=closed.pk)
        return kept

    return write(job)


def choose_password(*, by: Actor, account: Account, password: str) -> Account:
    """Set one's own password; a pending account becomes active by it. Raises Invalid (the rules of passwords)."""
    _check_password(password, account)

    def job() -> Account:
        account.set_password(password)
        account.password_changed_at = clock.now()
        if account.state == AccountState.PENDING:
            account.state = AccountState.ACTIVE
        account.save(update_fields=["password", "password_changed_at", "state"])
        _trace(by, events.PASSWORD_CHANGED, account)
        return account

    return write(job)


def note_sign_in(*, by: Actor, account: Account, method: str) -> str:
    """Record a sign-in and answer the mark of its session; earlier sessions of staff end by it."""

    def job() -> str:
        mark = new_token()
        Account.objects.filter(pk=account.pk).update(session_mark=mark, last_login=clock.now())
        _trace(by, events.SIGNED_IN, account, method=method)
        return mark

    return write(job)


def note_factor_changed(*, by: Actor, account: Account, change: str) -> None:
    """Record that a second factor of the account came or went, in the name allauth has for it (`totp_activated` …)."""
    write(lambda: _trace(by, events.FACTOR_CHANGED, account, change=change))


def choose_capacity(*, by: Actor, account: Account, key: str) -> None:
    """Record that somebody now acts for himself, under a mandate or in a post. Raises NotAllowed (not his)."""
    actor_in(account, key)
    write(lambda: _trace(by, events.CAPACITY_CHOSEN, account, capacity=key))


def note_sign_out(*, by: Actor, account: Account) -> None:
    """Record a sign-out."""
    write(lambda: _trace(by, events.SIGNED_OUT, account))


def note_sign_in_failed(*, account: Account | None, locked: bool) -> None:
    """Record a failed sign-in of an existing account; a name nobody has leaves no personal trace."""
    if account is not None:
        write(lambda: _trace(policy.ANONYMOUS, events.SIGN_IN_FAILED, account, locked=locked))


def _check_password(password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as fault:
        errors = [("password", error.code or "password", " ".join(error.messages)) for error in fault.error_list]
        raise Invalid("identity.password", _("Choose another password."), errors) from None


def _not_oneself(by: Actor, account: Account) -> None:
    if by.account_id == account.pk or (by.person_id is not None and by.person_id == account.person_id):
        raise Conflict("identity.oneself", _("Somebody else must do this for you."))


def _trace(by: Actor, event: str, account: Account, reason: str = "", **payload: Any) -> None:
    ledger.record(by=by, type=event, subject=("account", account.pk), payload=payload, reason=reason)
