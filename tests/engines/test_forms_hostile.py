"""Answers that are no answers: a typed error, or a fault of one question; never anything else, never slow."""

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.forms_drafting import TODAY, ask, checked, choice, form, table
from zhengtong.engines.forms import (
    AnswersError,
    FieldError,
    answers_from_post,
    check_page,
    describe_page,
    flatten,
    in_words,
    summary,
    visible_fields,
)
from zhengtong.engines.forms.bounding import MOST_KB, bounded, check_values, slight
from zhengtong.engines.forms.model import Kind

FORM = form(
    {
        "text": ask(type="string", pattern="^(a+)+$", maxLength=2000),
        "number": ask(type="number"),
        "whole": ask({"visible": "number > 1"}, type="integer"),
        "yes": ask(type="boolean"),
        "tick": ask({"widget": "checkbox"}, type="boolean"),
        "day": ask({"widget": "date_parts"}, type="string", format="date"),
        "one": choice("a", "b"),
        "many": choice("a", "b", many=True),
        "files": ask(type="array", items={"type": "string"}),
        "mail": ask(type="string", format="email"),
        "card": ask(type="string", format="id-number"),
        "rows": table(
            {
                "n": ask(type="number"),
                "tick": ask({"widget": "checkbox"}, type="boolean"),
                "many": choice("a", "b", many=True),
                "day": ask({"widget": "date_parts"}, type="string", format="date"),
                "more": ask({"visible": "tick = true"}, type="string"),
                "twice": ask({"computed": "n * 2"}, type="number"),
            },
            required=("n",),
        ),
        "sum": ask({"computed": "sum(rows.twice)"}, type="number"),
    },
    required=("text", "rows"),
)


def nested(levels: int) -> Any:
    """Lists in lists."""
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("answers", "code", "position"),
    [
        (None, "forms.not_object", ""),
        ([], "forms.not_object", ""),
        ("text", "forms.not_object", ""),
        ({"text": nested(6)}, "forms.too_deep", "/text/0/0/0/0/0"),
        ({"text": nested(100_000)}, "forms.too_deep", "/text/0/0/0/0/0"),
        ({"unknown": {"a": {"b": {"c": {"d": {"e": {}}}}}}}, "forms.too_deep", "/unknown/a/b/c/d/e"),
        ({"text": "x" * 600_000}, "forms.too_big", ""),
        ({"files": ["x"] * 200_000}, "forms.too_big", ""),
        ({"number": float("nan")}, "forms.not_json", "/number"),
        ({"number": float("inf")}, "forms.not_json", "/number"),
        ({"number": 10**5000}, "forms.not_json", ""),
        ({"rows": [{"n": float("nan")}]}, "forms.not_json", "/rows/0/n"),
        ({"text": "\ud800"}, "forms.not_json", "/text"),
        ({"\ud800": 1}, "forms.not_json", ""),
        ({1: "x"}, "forms.not_json", ""),
        ({"text": b"x"}, "forms.not_json", "/text"),
        ({"text": object()}, "forms.not_json", "/text"),
        ({"text": {"x"}}, "forms.not_json", "/text"),
    ],
    ids=lambda value: str(value)[:30] if not isinstance(value, dict) else None,
)
def test_what_is_no_set_of_answers_is_refused(answers: Any, code: str, position: str) -> None:
    with pytest.raises(AnswersError) as refused:
        checked(FORM, answers)
    assert (refused.value.code, refused.value.position) == (code, position)
    assert code not in (refused.value.text("zh-hans"), refused.value.text("en"))


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
    | st.sampled_from(["\ud800", b"x", Kind.TEXT, (), Decimal(1)]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.text(max_size=2) | st.sampled_from([1, None, True, Kind.TEXT, "\ud800"]), inner, max_size=2)
    | st.tuples(inner) | st.builds(MappingProxyType, st.dictionaries(st.text(max_size=2), inner, max_size=2))
    | st.integers(1, 7).map(nested),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=2) | st.just(1), ODD, max_size=3) | ODD)
def test_looking_closely_first_changes_nothing(answers: Any) -> None:
    def outcome(*ways: Callable[[Any], Any]) -> Any:
        try:
            return repr([way(answers) for way in ways][-1])
        except AnswersError as refused:
            return refused.code, refused.position

    closely = (lambda given: check_values(given, "", 1),) if isinstance(answers, Mapping) else ()
    assert outcome(bounded) == outcome(*closely, bounded)


@pytest.mark.parametrize("character", ["x", "é", "中", "\U0001f600", "\x01", '"'])
@pytest.mark.parametrize("entries", [1, 50_000, 90_000])
def test_the_largest_size_is_that_of_the_text_with_its_blanks(character: str, entries: int) -> None:
    answers = {"a": 0.00001, "files": [1e16] * entries, "text": "", "fill": ""}
    spare = MOST_KB * 1024 - len(json.dumps(answers, ensure_ascii=False))
    wide = len(json.dumps(character, ensure_ascii=False)) - 2
    answers |= {"text": character * max(0, spare // wide), "fill": "y" * max(0, spare % wide)}
    assert (spare < 0) is (entries == 90_000)
    if spare >= 0:
        assert bounded(answers) == answers
        answers["fill"] += "y"
    with pytest.raises(AnswersError) as refused:
        bounded(answers)
    assert refused.value.code == "forms.too_big"


@given(st.dictionaries(st.text(max_size=2) | st.just(1), ODD, max_size=3))
def test_the_fast_writer_lets_nothing_through(answers: Any) -> None:
    with contextlib.suppress(AnswersError):
        check_values(answers, "", 1)
        if slight(answers):
            text = json.dumps(answers, ensure_ascii=False, default=dict, allow_nan=False)
            assert len(text.encode()) <= MOST_KB * 1024


def test_patterns_take_no_time() -> None:
    began = time.process_time()
    found = checked(FORM, {"text": "a" * 1999 + "!", "rows": [{"n": 1}]})
    assert [error.code for error in found.errors] == ["forms.pattern"]
    assert time.process_time() - began < 1


def test_a_flood_of_rows_and_names_takes_little_time() -> None:
    began = time.process_time()
    found = checked(FORM, {"rows": [{"n": 1}] * 30_000, **{f"k{n}": n for n in range(10_000)}})
    assert len(found.clean["rows"]) == 200
    assert time.process_time() - began < 2


@pytest.mark.parametrize("pairs", [[("rows.0.n", "1")] * 5001, [(f"rows.{n}.n", "1") for n in range(201)]])
def test_a_flood_of_pairs_is_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(AnswersError):
        answers_from_post(FORM, pairs)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12)
    | st.sampled_from(["a", "b", "true", "80", "2025-03-04", "1e9", "१", "-0", "aaa", "x@y.cn"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["n", "tick", "many", "day", "more", "twice", "x"]), inner, max_size=5),
    max_leaves=10,
)  # fmt: skip
ANSWERS = st.dictionaries(st.sampled_from(sorted(FORM.fields)) | st.text(max_size=5), JSON, max_size=8)
ROWS = st.lists(
    st.fixed_dictionaries({}, optional={column.key: JSON for column in FORM.fields["rows"].columns}), max_size=4
)
FILLED = st.fixed_dictionaries({}, optional={key: JSON for key in FORM.fields} | {"rows": ROWS})


NAMES = ["rows.0.n", "rows.x.n", "rows.٣.n", "rows.0", "rows.remove", "day.year", "day", "many", "text", "rows.99999.n",
         "rows.0.n.z"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(ANSWERS | FILLED)
def test_any_answers_are_checked_or_refused(answers: dict[str, Any]) -> None:
    try:
        found = checked(FORM, answers)
    except AnswersError:
        return
    json.dumps(found.clean, allow_nan=False)
    places = {error.path.split("/")[1] for error in found.errors}
    assert places <= set(FORM.fields)
    assert all(
        error.message and "{" not in error.message.replace(str(answers), "") or error.code for error in found.errors
    )
    assert set(found.clean) <= visible_fields(FORM, found.clean)
    for locale in ("zh-hans", "en"):
        describe_page(FORM, FORM.pages[0], answers, locale, errors=found.errors)
        summary(FORM, answers, locale)
    for key, value in answers.items():
        if key in FORM.fields:
            in_words(FORM.fields[key], value, "en")


@settings(max_examples=150, deadline=None)
@given(FILLED)
def test_checking_what_came_out_changes_nothing(answers: dict[str, Any]) -> None:
    try:
        once = checked(FORM, answers)
    except AnswersError:
        return
    twice = checked(FORM, once.clean)
    assert twice.clean == once.clean
    assert twice.errors == once.errors
    assert twice.dropped == () or once.errors


@settings(max_examples=150, deadline=None)
@given(FILLED)
def test_a_browser_brings_back_what_was_clean(answers: dict[str, Any]) -> None:
    try:
        once = checked(FORM, answers)
    except AnswersError:
        return
    back = answers_from_post(FORM, flatten(FORM, once.clean))
    again = checked(FORM, back)
    if not once.errors:
        assert {key: value for key, value in again.clean.items() if value is not False} == {
            key: value for key, value in once.clean.items() if value is not False
        }


@given(st.lists(st.tuples(st.sampled_from(NAMES) | st.text(max_size=8), st.text(max_size=8)), max_size=12))
def test_any_pairs_become_answers(pairs: list[tuple[str, str]]) -> None:
    answers = answers_from_post(FORM, pairs)
    assert set(answers) == {key for key, found in FORM.fields.items() if found.computed is None}
    checked(FORM, answers)


@settings(max_examples=100, deadline=None)
@given(FILLED)
def test_a_page_is_as_robust_as_the_whole(answers: dict[str, Any]) -> None:
    try:
        check_page(FORM, FORM.pages[0], answers, "en", today=TODAY)
    except AnswersError as refused:
        assert refused.position is not None  # noqa: PT017


def test_faults_of_elsewhere_do_not_disturb_a_page() -> None:
    stray = [FieldError(path, "x", "y") for path in ("", "/", "/nowhere", "/rows/0/n/z", "rows")]
    assert describe_page(FORM, FORM.pages[0], {}, "zh", errors=stray)["key"] == "one"
