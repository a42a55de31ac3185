"""How often somebody may try: counted in the cache, which one process or a whole deployment shares by its settings."""

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.cache import cache

from zhengtong.foundation.core.errors import TooMany


@dataclass(frozen=True, slots=True)
class AttemptLimit:
    """At most `most` attempts in `seconds` for each one who tries; `code` and `sentence` say so.

    An attempt is counted before it is made, by one act of the cache: however many come at once, no more pass.
    """

    name: str
    most: int
    seconds: int
    code: str
    sentence: object

    def spend(self, who: str) -> None:
        """One attempt; TooMany, with `retry_after`, once they are used up."""
        if counted(self._key(who), self.seconds) > self.most:
            raise TooMany(self.code, self.sentence, retry_after=self.seconds)

    def require(self, who: str) -> None:
        """TooMany once the attempts that were noted are used up: for what nobody guesses by a few more at once."""
        if int(cache.get(self._key(who), 0)) >= self.most:
            raise TooMany(self.code, self.sentence, retry_after=self.seconds)

    def note(self, who: str) -> None:
        """Count one attempt that was made."""
        counted(self._key(who), self.seconds)

    def give_back(self, who: str) -> None:
        """An attempt that was none after all: it was right."""
        with contextlib.suppress(ValueError):  # its period is over
            cache.decr(self._key(who))

    def _key(self, who: str) -> str:
        return f"attempts:{self.name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


@contextlib.contextmanager
def guess(*limits: tuple[AttemptLimit, str]) -> Iterator[None]:
    """A guess counts against each limit for whom it stands beside, unless what is done inside raises nothing."""
    for limit, who in limits:
        limit.spend(who)
    yield
    for limit, who in limits:
        limit.give_back(who)


def counted(key: str, seconds: int) -> int:
    """How many there are with this one, since the first within as many seconds."""
    try:
        return int(cache.incr(key))
    except ValueError:  # the first one, or several at once who all found none
        return 1 if cache.add(key, 1, timeout=seconds) else int(cache.incr(key))
