"""The fast writer of JSON against the careful one."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.foundation.core.json_text import quick
from zhengtong.foundation.ledger.events import canonical

CAREFUL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=str)
DJANGO = DjangoJSONEncoder(separators=(",", ":"), ensure_ascii=False)
exact = st.none() | st.booleans() | st.integers() | st.text(st.characters()) | st.dates() | st.decimals(allow_nan=False)
numbers = exact | st.floats(allow_nan=False, allow_infinity=False)


def nested(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(
        leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner), max_leaves=20
    )


@given(nested(exact))
def test_what_has_no_fraction_is_written_byte_for_byte_alike(value: object) -> None:
    assert quick(CAREFUL)(value) == CAREFUL.encode(value).encode("utf-8", "backslashreplace")


@given(nested(numbers))
def test_what_is_written_reads_alike(value: object) -> None:
    assert json.loads(quick(CAREFUL)(value)) == json.loads(CAREFUL.encode(value))


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused_wherever_it_stands(wrong: float) -> None:
    for value in (wrong, [1, wrong], {"a": {"b": [None, wrong]}}):
        with pytest.raises(ValueError, match="not JSON compliant"):
            quick(CAREFUL)(value)


def test_integers_of_any_size_and_keys_that_are_no_text_are_kept() -> None:
    assert quick(CAREFUL)({"n": 2**70, "m": -(2**70)}) == b'{"m":%d,"n":%d}' % (-(2**70), 2**70)
    assert quick(CAREFUL)({1: "one"}) == b'{"1":"one"}'


def test_half_a_surrogate_pair_is_escaped() -> None:
    assert json.loads(quick(CAREFUL)({"a": "\udc80"})) == {"a": "\udc80"}


def test_dates_times_and_decimals_are_written_as_django_writes_them() -> None:
    value = {
        "at": dt.datetime(2026, 3, 2, 1, 2, 3, 4567, tzinfo=dt.UTC),
        "on": dt.date(2026, 3, 2),
        "clock": dt.time(8, 30),
        "for": dt.timedelta(days=2),
        "fee": Decimal("12.50"),
    }
    assert quick(DJANGO)(value).decode() == DJANGO.encode(value)


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="an event cannot hold a bytes"):
        canonical({"a": b"x"})
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular"):
        canonical(circle)


@pytest.mark.parametrize("spaced", [{"separators": (", ", ": ")}, {"ensure_ascii": True}, {"indent": 1}])
def test_only_compact_text_is_written_fast(spaced: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="compact"):
        quick(json.JSONEncoder(**{"separators": (",", ":"), "ensure_ascii": False, **spaced}))  # type: ignore[arg-type] # any of them
