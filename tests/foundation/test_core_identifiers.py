"""Names inside rise and are never given twice; those outside are as long as wanted, each letter as likely as any."""

import collections
import datetime as dt
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from zhengtong.foundation.core import identifiers


@pytest.mark.parametrize("letters", [identifiers._BASE58, identifiers._UNAMBIGUOUS])
def test_each_letter_is_as_likely_as_every_other(letters: str) -> None:
    table, none = identifiers._bytes_for(letters)
    meant = collections.Counter(chr(table[byte]) for byte in range(256) if byte not in none)
    assert set(meant) == set(letters)
    assert len(set(meant.values())) == 1


def test_numbers_rise_within_a_thread_and_none_comes_twice() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: [identifiers.new_id() for _ in range(5_000)], range(16)))
    for several in made:
        assert several == sorted(several)
    assert len(set(itertools.chain.from_iterable(made))) == 80_000


def test_numbers_begin_at_their_millisecond_by_chance(monkeypatch) -> None:
    day = dt.datetime(2031, 3, 5, tzinfo=dt.UTC)
    begun = [_first_at(monkeypatch, day + dt.timedelta(seconds=at)) for at in range(50)]
    first = [identifiers.first_id_at(day + dt.timedelta(seconds=at)) for at in range(50)]
    chances = [number - least for number, least in zip(begun, first, strict=True)]
    assert all(0 <= chance < 1 << 22 for chance in chances)
    assert len(set(chances)) == 50
    assert identifiers.new_id() == begun[-1] + 1


def test_numbers_rise_though_the_clock_is_set_back(monkeypatch) -> None:
    later = _first_at(monkeypatch, dt.datetime(2032, 1, 1, tzinfo=dt.UTC))
    assert _first_at(monkeypatch, dt.datetime(2031, 1, 1, tzinfo=dt.UTC)) > later


def test_a_copy_of_a_process_takes_none_of_its_numbers(monkeypatch) -> None:
    """Both at the same millisecond, where the parent counts on."""
    mine = [_first_at(monkeypatch, dt.datetime(2033, 1, 1, tzinfo=dt.UTC)), identifiers.new_id()]
    monkeypatch.setattr(identifiers._chance, "getrandbits", lambda _bits: 0)
    identifiers._begin_anew()
    assert identifiers.new_id() < mine[0]
    assert identifiers.new_id() not in mine


def _first_at(monkeypatch, instant: dt.datetime) -> int:
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: int(instant.timestamp()) * 1_000_000_000)
    return identifiers.new_id()


@pytest.fixture(autouse=True)
def _numbers_begin_anew():
    identifiers._begin_anew()
    yield
    identifiers._begin_anew()


def test_names_are_as_long_as_wanted_and_none_comes_twice() -> None:
    names = {identifiers.new_token() for _ in range(2000)}
    assert len(names) == 2000
    assert {len(name) for name in names} == {22}
    assert [len(identifiers.query_code(length)) for length in range(8, 40)] == list(range(8, 40))
