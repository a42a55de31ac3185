"""What a token keeps survives as a row: values with their types, and rows written before there was anything to keep."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from zhengtong.engines.bpmn import BpmnError, State, Token, Wait, from_rows, to_rows
from zhengtong.engines.bpmn.steps.keeping import pack, unpack

KEPT = {
    "nothing": None,
    "yes": True,
    "count": 3,
    "amount": Decimal("1250.50"),
    "name": "受理",
    "day": dt.date(2025, 3, 3),
    "hour": dt.time(9, 30),
    "instant": dt.datetime(2025, 3, 3, 9, tzinfo=dt.UTC),
    "span": dt.timedelta(days=2, microseconds=7),
    "list": [1, {"a": [Decimal("0.1")]}],
    "marked": {"$date": "not a date"},
    "twice": {"$pair": {"$number": "x"}},
}


def _token(data: str) -> Token:
    return Token(1, "a", Wait.TASK, data=data)


def test_values_keep_their_types() -> None:
    assert unpack(_token(pack(KEPT))) == KEPT


def test_equal_values_are_written_alike() -> None:
    assert pack({"b": 1, "a": 2}) == pack({"a": 2, "b": 1}) == '{"a":2,"b":1}'
    assert pack({}) == ""
    assert unpack(_token("")) == {}


def test_what_feel_does_not_know_is_null() -> None:
    assert unpack(_token(pack({"thing": object()}))) == {"thing": None}


@pytest.mark.parametrize(
    ("number", "kind"),
    [(10**34 + 1, int), (Decimal("0." + "3" * 40), Decimal), (Decimal("1E+7000"), Decimal), (10**7000, Decimal)],
    ids=["of 35 digits", "of 40 places", "past all of FEEL's", "past what Python reads as an int"],
)
def test_a_number_longer_than_feel_calculates_with_is_kept_to_the_last_digit(
    number: int | Decimal, kind: type[object]
) -> None:
    kept = unpack(_token(pack({"a": number})))["a"]
    assert (kept, type(kept)) == (number, kind)


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), float("inf")])
def test_what_is_no_number_is_null(number: object) -> None:
    assert unpack(_token(pack({"a": number}))) == {"a": None}


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.dates() | st.sampled_from(["$pair", "$date"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "$date", "$number", "$pair", "$x"]), inner, max_size=2)
    ),
    max_leaves=8,
)


# Its first text builds Hypothesis's table of Unicode, which on a busy machine takes longer than the check allows.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["a", "$date", "$pair"]), PLAIN, max_size=3))
@example({"a": 10**34 + 1})
@example({"a": [{"$pair": -(10**41) - 1}, 10**7000 + 1]})
def test_whatever_is_kept_comes_back(values: dict[str, object]) -> None:
    assert unpack(_token(pack(values))) == values


@pytest.mark.parametrize(
    "data", ["{", "[1]", "3", '{"a":{"$date":"x"}}', '{"a":{"$number":"x"}}', '{"a":{"$pair":1}}', '{"a":{"$date":1}}']
)
def test_what_was_never_written_is_damage(data: str) -> None:
    with pytest.raises(BpmnError) as caught:
        unpack(_token(data))
    assert caught.value.code == "bpmn.state_damaged"


def test_a_row_of_earlier_days_is_read() -> None:
    token = Token(1, "a", Wait.TASK, flow="s_a")
    (row,) = to_rows(State((token,), 2))
    del row["turn"], row["data"]
    assert from_rows([row], 2).tokens == (token,)


@pytest.mark.parametrize("changes", [{"turn": -1}, {"turn": "1"}, {"data": None}, {"data": 3}])
def test_a_damaged_row_is_refused(changes: dict[str, object]) -> None:
    (row,) = to_rows(State((Token(1, "a", Wait.TASK),), 2))
    with pytest.raises(BpmnError) as caught:
        from_rows([{**row, **changes}], 2)
    assert caught.value.code == "bpmn.state_damaged"
