"""The check character systems: ISO 7064 (pure and hybrid), GB 32100 and GB 11714.

Every function takes a payload already known to be of its length and in its character set.
"""

from collections.abc import Sequence
from functools import lru_cache
from operator import mul

from zhengtong.engines.codes.characters import CREDIT_CHARACTERS, DIGITS, DIGITS_AND_CAPITALS

_CREDIT_WEIGHTS = tuple(pow(3, power, 31) for power in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def pure(payload: str, *, modulus: int, characters: str) -> str:
    """The check character of an ISO 7064 pure system with radix 2 (MOD 11-2, MOD 37-2)."""
    total = _weighted(_valued(payload, characters), _powers_of_two(len(payload), modulus))
    return characters[(1 - total) % modulus]


def hybrid(payload: str, *, characters: str) -> str:
    """The check character of an ISO 7064 hybrid system MOD M+1,M where M = len(characters) (GB/T 17710)."""
    base = len(characters)
    carry = base
    for value in _valued(payload, characters):
        carry = (carry + value) % base or base
        carry = carry * 2 % (base + 1)
    return characters[(base + 1 - carry) % base]


def identity_check(payload: str) -> str:
    """The 18th character of an identity number: MOD 11-2 (GB 11643-1999)."""
    return pure(payload, modulus=11, characters=DIGITS + "X")


def credit_check(payload: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015)."""
    total = _weighted(_valued(payload, CREDIT_CHARACTERS), _CREDIT_WEIGHTS)
    return CREDIT_CHARACTERS[-total % 31]


def organisation_check(body: str) -> str:
    """The 9th character of an organisation code (GB 11714-1997).

    By the standard's own arithmetic two letters or digits 11, 22 or 33 apart (0 and B, 1 and C, A and L …)
    cannot be told apart; inside a credit code the outer check catches them.
    """
    total = _weighted(_valued(body, DIGITS_AND_CAPITALS), _ORGANISATION_WEIGHTS)
    return (DIGITS + "X")[-total % 11]


def licence_check(payload: str) -> str:
    """The check character of an electronic licence identifier: MOD 37,36 (GB/T 36904-2018)."""
    return hybrid(payload, characters=DIGITS_AND_CAPITALS)


def _weighted(values: bytes, weights: Sequence[int]) -> int:
    return sum(map(mul, values, weights))


def _valued(payload: str, characters: str) -> bytes:
    """The value of each character: its place in `characters`."""
    return payload.encode("ascii").translate(_table(characters))


@lru_cache(maxsize=16)
def _table(characters: str) -> bytes:
    return bytes.maketrans(characters.encode("ascii"), bytes(range(len(characters))))


@lru_cache(maxsize=64)
def _powers_of_two(length: int, modulus: int) -> tuple[int, ...]:
    """The weights of a pure system: each place counts twice the one after it."""
    return tuple(pow(2, power, modulus) for power in range(length, 0, -1))
