"""Codes of authenticator apps: each opens once, whichever process is asked and however long it would still be valid."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from zhengtong.foundation import policy
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.people.identity import events

_LAST = "last_counter"


def spend_code(*, factor: Authenticator, code: str) -> bool:
    """Note that a code which was found right has been used; False, and recorded, where it or a later one has been.

    RFC 6238 §5.2: a code is accepted once. allauth remembers it for one period of thirty seconds in a cache, while the
    code is valid for three (`MFA_TOTP_TOLERANCE`); here the period it belongs to is kept with the secret, and codes of
    that period and earlier ones no longer open. Recovery codes are spent by allauth itself.
    """
    if factor.type != Authenticator.Type.TOTP:
        return True
    return write(lambda: _spend(factor.pk, code))


def _spend(factor_id: int, code: str) -> bool:
    factor = Authenticator.objects.select_for_update().get(pk=factor_id)
    last = int(factor.data.get(_LAST, -1))
    fresh = [counter for counter in _counters(factor, code) if counter > last]
    if not fresh:
        account = factor.user_id
        ledger.record(by=policy.ANONYMOUS, type=events.CODE_USED_AGAIN, subject=("account", account), payload={})
        return False
    factor.data[_LAST] = max(fresh)
    factor.save(update_fields=["data"])
    return True


def _counters(factor: Authenticator, code: str) -> list[int]:
    """The periods around now whose code this is."""
    secret = decrypt(factor.data["secret"])
    codes = {counter: format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()}
    return [counter for counter, right in codes.items() if compare_user_code(actual=code, expected=right)]
