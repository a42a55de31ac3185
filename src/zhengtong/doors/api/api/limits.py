"""How often somebody may try: counted in the cache, which one process or a whole deployment shares by its settings."""

import contextlib
import hashlib
import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import TooMany, Unavailable


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """At most `most` attempts in `seconds` for each one who tries."""

    name: str
    most: int
    seconds: int

    def require(self, who: str) -> None:
        """TooMany, with `retry_after`, once the attempts are used up."""
        if int(cache.get(self._key(who), 0)) >= self.most:
            raise TooMany("api.too_many", _("Too many attempts. Please wait a while."), retry_after=self.seconds)

    def note(self, who: str) -> None:
        """Count one attempt."""
        key = self._key(who)
        cache.add(key, 0, timeout=self.seconds)
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two
            cache.set(key, 1, timeout=self.seconds)

    def spend(self, who: str) -> None:
        """One attempt, or TooMany."""
        self.require(who)
        self.note(who)

    def _key(self, who: str) -> str:
        return f"api:{self.name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so many acts of each one in every stretch of `seconds`; counting one is one statement."""

    name: str
    seconds: int

    def keep(self, who: str, most: int) -> None:
        """Count one act; TooMany, with the seconds until the next stretch, once there were `most` (0: no limit).

        What cannot be counted now is no reason to refuse an act.
        """
        if most <= 0:
            return
        stretch, into = divmod(int(time.time()), self.seconds)
        left = self.seconds - into
        with contextlib.suppress(Unavailable):
            if self._counted(f"api:{self.name}:{who}:{stretch % 2}", left) > most:
                sentence = _("This key acts too often. Wait a while, then send the same again.")
                raise TooMany("api.too_many_acts", sentence, retry_after=left, limit=most)

    @staticmethod
    def _counted(key: str, left: int) -> int:
        """How many there are now. Two keys take turns, so that each has run out when its turn comes."""
        try:
            return int(cache.incr(key))
        except ValueError:  # the first one
            return 1 if cache.add(key, 1, timeout=left) else int(cache.incr(key))


WRONG_KEYS = AttemptLimit("wrong-key", 20, 600)
"""Unknown keys from one address."""
WRONG_CODES_OF_A_NUMBER = AttemptLimit("wrong-code-number", 10, 3600)
WRONG_CODES = AttemptLimit("wrong-code", 20, 600)
"""Wrong query codes: for one case number, and from one address."""
PUBLIC_CHECKS = AttemptLimit("public", 120, 60)
"""Checks anybody may make, from one address."""
ACTS = Pace("acts", 60)
"""What a key does that is more than reading."""


def address_of(request: HttpRequest) -> str:
    """The client's address, by the same rule as signing in (proxies trusted by settings only)."""
    return str(get_adapter(request).get_client_ip(request))
