"""From form to page and back: descriptions that can be drawn, words for the answers, pairs of a browser."""

from typing import Any

import pytest

from engines.forms_drafting import ask, checked, choice, form, page, said, section, table
from zhengtong.engines.forms import (
    answers_from_post,
    describe_page,
    flatten,
    in_words,
    sensitive_paths,
    summary,
)
from zhengtong.engines.forms.compiling import WIDGETS
from zhengtong.engines.forms.model import Kind
from zhengtong.foundation.ui.fields import draw_page

SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "number"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.FILES: {"type": "array", "items": {"type": "string"}},
}
WIDGET_CASES = [(kind, widget) for kind, widgets in WIDGETS.items() for widget in widgets]


@pytest.mark.parametrize(("kind", "widget"), WIDGET_CASES)
@pytest.mark.parametrize("answers", [{}, {"a": "2025-03-04"}, {"a": [{"n": 1}]}, {"a": True}], ids=str)
def test_every_widget_can_be_drawn(kind: Kind, widget: str, answers: dict[str, Any]) -> None:
    if kind is Kind.TABLE:
        schema = table({"n": ask(type="integer")})
        schema["zt"]["widget"] = widget
    elif kind in (Kind.CHOICE, Kind.CHOICES):
        schema = choice("x", "y", many=kind is Kind.CHOICES, widget=widget)
    else:
        schema = ask({"widget": widget}, **SCHEMAS[kind])
    made = form({"a": schema}, ("a",))
    found = checked(made, answers)
    described = describe_page(made, made.pages[0], found.clean, "en", errors=found.errors)
    drawn = draw_page(described)
    assert [field["key"] for part in drawn["sections"] for field in part["fields"]] == ["a"]
    assert len(drawn["error_list"]) == len(found.errors)


ROWS = table({"n": ask(type="integer"), "who": ask({"sensitive": True, "masking": "name"}, type="string")}, ("n",))
MADE = form(
    {
        "name": ask({"sensitive": True, "masking": "name", "source": "account:name"}, type="string", maxLength=50),
        "kind": choice("x", "y"),
        "why": ask({"visible": 'kind = "x"', "widget": "textarea"}, type="string", maxLength=500),
        "born": ask({"widget": "date_parts"}, type="string", format="date"),
        "rows": ROWS,
        "total": ask({"computed": "sum(rows.n)", "unit": said("人", "people")}, type="integer"),
        "plan": ask({"material": "floor_plan"}, type="array", items={"type": "string"}),
        "ok": ask(type="boolean"),
    },
    ("name", "why"),
    [page("one", section("who", "name", "kind", "why", "born")), page("two", section("more", "rows", "total"),
                                                                      section("last", "plan", "ok"))],
)  # fmt: skip
ANSWERS = {
    "name": "张三",
    "kind": "x",
    "why": "甲\n乙",
    "born": "2025-03-04",
    "rows": [{"n": 2, "who": "李四"}, {"n": 3}],
    "total": 5,
    "plan": ["f1", "f2"],
    "ok": False,
}


def fields(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The described fields by key."""
    return {field["key"]: field for part in described["sections"] for field in part["fields"]}


def test_a_description_says_what_is_asked_in_the_readers_language() -> None:
    source = {"name": {"state": "fresh"}}
    zh = fields(describe_page(MADE, MADE.page("one"), {"name": "张三"}, "zh-hans", sources=source))
    en = fields(describe_page(MADE, MADE.page("one"), ANSWERS, "en"))
    assert (zh["name"]["label"], en["name"]["label"]) == ("题甲", "Question A")
    assert (zh["name"]["source"], en["name"]["source"]) == ({"state": "fresh"}, None)
    assert (zh["why"]["visible"], en["why"]["visible"]) == (False, True)
    assert (zh["name"]["required"], zh["kind"]["required"]) == (True, False)
    assert en["born"]["value"] == {"year": "2025", "month": "03", "day": "04"}
    assert (en["why"]["max_length"], [option["label"] for option in zh["kind"]["options"]]) == (500, ["选x", "选y"])


def test_a_description_carries_faults_to_their_cells() -> None:
    found = checked(MADE, {"rows": [{"n": "x"}, {"who": "y"}]})
    described = fields(describe_page(MADE, MADE.page("two"), found.clean, "zh", errors=found.errors))
    assert described["rows"]["cell_errors"] == {"0.n": ["题甲应填整数，比如 4"], "1.n": ["请填写题甲"]}
    assert described["rows"]["value"] == found.clean["rows"]


def test_a_computed_answer_is_shown_as_soon_as_it_can_be() -> None:
    described = fields(describe_page(MADE, MADE.page("two"), {"rows": [{"n": "2"}, {"n": "3"}], "total": 99}, "zh"))
    assert described["total"]["value"] == 5


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("name", "张三", "张三"),
        ("kind", "选x", "x"),
        ("ok", "否", "No"),
        ("plan", "2", "2"),
        ("total", "5 人", "5 people"),
        ("rows", "2，李四\n3", "2, 李四\n3"),
    ],
)
def test_answers_in_words(key: str, zh: str, en: str) -> None:
    assert in_words(MADE.fields[key], ANSWERS[key], "zh-hans") == zh
    assert in_words(MADE.fields[key], ANSWERS[key], "en") == en


def test_the_summary_lists_what_was_asked() -> None:
    rows = {row["key"]: row for part in summary(MADE, ANSWERS | {"kind": "y"}, "en") for row in part["rows"]}
    assert "why" not in rows
    assert (rows["name"]["sensitive"], rows["name"]["masking"], rows["plan"]["raw"]) == (True, "name", ["f1", "f2"])


def test_sensitive_answers_and_files_are_known_by_place() -> None:
    assert sensitive_paths(MADE) == ("/name", "/rows/*/who")
    assert [field.material for field in MADE.files] == ["floor_plan"]


def test_pairs_and_back() -> None:
    pairs = flatten(MADE, ANSWERS)
    assert ("born.month", "03") in pairs
    assert ("rows.0.who", "李四") in pairs
    assert checked(MADE, answers_from_post(MADE, pairs)).clean == ANSWERS


def test_a_page_brings_only_what_it_asked() -> None:
    keys = ["rows", "ok"]
    sent = [("rows.0.n", "2"), ("rows.5.n", "7"), ("rows.2.n", "4"), ("rows.remove", "2"), ("name", "x"), ("spam", "y")]
    assert answers_from_post(MADE, sent, keys) == {
        "rows": [{"n": "2", "who": None}, {"n": "7", "who": None}],
        "ok": None,
    }


@pytest.mark.parametrize(
    ("parts", "typed", "ok"),
    [(("2025", "3", "4"), "2025-3-4", True), (("2025", "", "4"), "2025--4", False), (("", "", ""), None, True)],
)
def test_a_date_in_parts_keeps_what_was_typed(parts: tuple[str, str, str], typed: str | None, ok: bool) -> None:
    sent = [(f"born.{name}", part) for name, part in zip(("year", "month", "day"), parts, strict=True)]
    answers = answers_from_post(MADE, sent, ["born"])
    assert answers == {"born": typed}
    found = checked(form({"born": MADE_BORN}), answers)
    assert found.ok is ok
    if not ok:
        assert found.clean == answers


MADE_BORN = ask({"widget": "date_parts"}, type="string", format="date")
