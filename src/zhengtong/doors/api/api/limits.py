"""How often somebody may try: counted in the cache, which one process or a whole deployment shares by its settings."""

import contextlib
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.attempts import AttemptLimit, counted
from zhengtong.foundation.core.errors import TooMany, Unavailable

_SENTENCE = _("Too many attempts. Please wait a while.")


def _limit(name: str, most: int, seconds: int) -> AttemptLimit:
    return AttemptLimit(name, most, seconds, "api.too_many", _SENTENCE)


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so many acts of each one in every stretch of `seconds`; counting one is one statement."""

    name: str
    seconds: int

    def keep(self, who: str, most: int) -> None:
        """Count one act; TooMany, with the seconds until the next stretch, once there were `most` (0: no limit).

        Two keys take turns, so that each has run out when its turn comes. What cannot be counted now is no reason to
        refuse an act.
        """
        if most <= 0:
            return
        stretch, into = divmod(int(time.time()), self.seconds)
        left = self.seconds - into
        with contextlib.suppress(Unavailable):
            if counted(f"api:{self.name}:{who}:{stretch % 2}", left) > most:
                sentence = _("This key acts too often. Wait a while, then send the same again.")
                raise TooMany("api.too_many_acts", sentence, retry_after=left, limit=most)


WRONG_KEYS = _limit("wrong-key", 20, 600)
"""Unknown keys from one address."""
WRONG_CODES_OF_A_NUMBER = _limit("wrong-code-number", 10, 3600)
WRONG_CODES = _limit("wrong-code", 20, 600)
"""Wrong query codes: for one case number, and from one address."""
PUBLIC_CHECKS = _limit("public", 120, 60)
"""Checks anybody may make, from one address."""
ACTS = Pace("acts", 60)
"""What a key does that is more than reading."""


def address_of(request: HttpRequest) -> str:
    """The client's address, by the same rule as signing in (proxies trusted by settings only)."""
    return str(get_adapter(request).get_client_ip(request))
