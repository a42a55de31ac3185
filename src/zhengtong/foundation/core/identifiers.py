"""Names of things: time-ordered integers inside, unguessable tokens outside."""

import datetime as dt
import functools
import itertools
import os
import random
import secrets
import threading
import time

_EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z: leaves 41 bits of milliseconds, good until 2094
_RANDOM_BITS = 22
_UNDER_WAY = 1 << 12  # so many threads may each be about to take one more of the numbers that are being left
_UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

_lock = threading.Lock()
_chance = random.Random()  # noqa: S311 keeps processes apart; nothing rests on nobody guessing it
_millisecond, _numbers = 0, itertools.count()


def new_id() -> int:
    """A 63-bit integer: 41 bits of milliseconds, 22 of chance; strictly rising within a process.

    Time-ordered, so that new rows lie together in the index; chance keeps processes apart. Within a millisecond
    they are counted on from the first, which took the chance.
    """
    if time.time_ns() // 1_000_000 != _millisecond:
        _begin_millisecond()
    return next(_numbers)


def _begin_millisecond() -> None:
    """Count on from the present millisecond, or from the last number where that is further on."""
    global _millisecond, _numbers
    with _lock:
        now = time.time_ns() // 1_000_000
        fresh = ((now - _EPOCH_MS) << _RANDOM_BITS) | _chance.getrandbits(_RANDOM_BITS)
        last = next(_numbers)
        if fresh > last + _UNDER_WAY:
            _numbers = itertools.count(fresh)
        _millisecond = now


def _begin_anew() -> None:
    """After a fork: the child draws its own chance, and counts nothing on that its parent counts on."""
    global _millisecond, _numbers
    _chance.seed()
    _millisecond, _numbers = 0, itertools.count()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def first_id_at(instant: dt.datetime) -> int:
    """No identifier made at or after `instant` (aware) is smaller: where a stretch of new rows begins."""
    return (int(instant.timestamp() * 1000) - _EPOCH_MS) << _RANDOM_BITS


def new_token(length: int = 22) -> str:
    """A public name that cannot be guessed: base58, 5.86 bits a character (22 characters: 128 bits)."""
    return _spelt(_BASE58, length)


def query_code(length: int = 8) -> str:
    """A code read aloud or typed by hand: no 0 O 1 I L (services.md §2.3: at least 8 characters)."""
    return _spelt(_UNAMBIGUOUS, length)


def _spelt(letters: str, length: int) -> str:
    """Letters by chance: each byte drawn stands for one, those of an incomplete round for none; all are as likely."""
    table, none = _bytes_for(letters)
    spelt = b""
    while len(spelt) < length:
        spelt += secrets.token_bytes(2 * length).translate(table, none)
    return spelt[:length].decode()


@functools.cache
def _bytes_for(letters: str) -> tuple[bytes, bytes]:
    """Which letter each byte stands for, and which bytes stand for none."""
    rounds = 256 // len(letters)
    return (letters.encode() * (rounds + 1))[:256], bytes(range(rounds * len(letters), 256))
