"""Names outside: as long as wanted, every letter as likely as every other."""

import collections

import pytest

from zhengtong.foundation.core import identifiers


@pytest.mark.parametrize("letters", [identifiers._BASE58, identifiers._UNAMBIGUOUS])
def test_each_letter_is_as_likely_as_every_other(letters: str) -> None:
    table, none = identifiers._bytes_for(letters)
    meant = collections.Counter(chr(table[byte]) for byte in range(256) if byte not in none)
    assert set(meant) == set(letters)
    assert len(set(meant.values())) == 1


def test_names_are_as_long_as_wanted_and_none_comes_twice() -> None:
    names = {identifiers.new_token() for _ in range(2000)}
    assert len(names) == 2000
    assert {len(name) for name in names} == {22}
    assert [len(identifiers.query_code(length)) for length in range(8, 40)] == list(range(8, 40))
