"""What is asked and what is not: conditions, requiredness, computed values, pages."""

import copy
from typing import Any

import pytest

from engines.forms_drafting import TODAY, ask, checked, choice, draft, faults, form, page, section, table
from zhengtong.engines.forms import FormError, check_page, compile_form, visible_fields

SHOP = {
    "kind": choice("eat", "sell"),
    "area": ask(type="number"),
    "chart": ask({"visible": 'kind = "eat" and area >= 500'}, type="string"),
    "online": ask(type="boolean"),
    "site": ask({"visible": "online = true"}, type="string"),
    "sitename": ask({"visible": "site != null"}, type="string"),
    "born": ask(type="string", format="date"),
    "young": ask({"visible": 'born > date("2007-03-03")'}, type="string"),
    "reason": ask({"required-when": "area > 100"}, type="string"),
    "items": choice("a", "b", many=True),
    "which": ask({"visible": 'list contains(items, "b")'}, type="string"),
}


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, set()),
        ({"kind": "eat", "area": 500}, {"chart"}),
        ({"kind": "eat", "area": "500"}, {"chart"}),
        ({"kind": "eat", "area": 499.5}, set()),
        ({"kind": "sell", "area": 500}, set()),
        ({"online": True}, {"site"}),
        ({"online": "true", "site": "x"}, {"site", "sitename"}),
        ({"online": False, "site": "x", "sitename": "y"}, set()),
        ({"born": "2010-01-01"}, {"young"}),
        ({"born": "2010年1月1日"}, {"young"}),
        ({"born": "1990-01-01"}, set()),
        ({"born": "no date"}, set()),
        ({"items": ["b"]}, {"which"}),
        ({"items": "b"}, {"which"}),
    ],
)
def test_what_is_asked_follows_from_the_answers(answers: dict[str, Any], shown: set[str]) -> None:
    conditional = {"chart", "site", "sitename", "young", "which"}
    made = form(SHOP)
    assert visible_fields(made, answers) & conditional == shown
    assert visible_fields(made, checked(made, answers).clean) & conditional == shown


def test_hidden_answers_are_left_out_and_told() -> None:
    found = checked(form(SHOP), {"online": False, "site": "x", "sitename": "y", "spam": 1, "a/b~": 2})
    assert found.clean == {"online": False}
    assert set(found.dropped) == {"/site", "/sitename", "/spam", "/a~1b~0"}
    assert found.ok


def test_required_only_while_asked() -> None:
    made = form(SHOP, required=("site", "which"))
    assert faults(made, {}) == []
    assert faults(made, {"online": True}) == [("/site", "forms.required")]
    assert faults(made, {"online": True, "site": "x", "items": ["b"]}) == [("/which", "forms.required")]


def test_required_when() -> None:
    made = form(SHOP)
    assert faults(made, {"area": 100}) == []
    assert faults(made, {"area": "100.5"}) == [("/reason", "forms.required")]
    assert faults(made, {"area": 101, "reason": "x"}) == []


def test_a_section_hides_its_questions() -> None:
    pages = [page("one", section("x", "on"), section("y", "b", "c", visible="on = true"))]
    made = form({"on": ask(type="boolean"), "b": ask(type="string"), "c": ask(type="string")}, ("b",), pages)
    assert checked(made, {"on": False, "b": "x"}).dropped == ("/b",)
    assert faults(made, {"on": True}) == [("/b", "forms.required")]


def test_faults_come_in_the_order_of_the_pages() -> None:
    pages = [page("one", section("x", "c")), page("two", section("y", "b", "a"))]
    made = form({name: ask(type="string") for name in "abc"}, ("a", "b", "c"), pages)
    assert [path for path, _ in faults(made, {})] == ["/c", "/b", "/a"]


SUMS = {
    "rows": table(
        {
            "n": ask(type="integer"),
            "price": ask(type="number"),
            "cost": ask({"computed": "n * price"}, type="number"),
        }
    ),
    "total": ask({"computed": "sum(rows.cost)"}, type="number", maximum=100),
    "third": ask({"computed": "total / 3"}, type="number"),
    "dear": ask({"computed": "total > 50"}, type="boolean"),
    "note": ask({"visible": "dear = true"}, type="string"),
}


def test_computed_values_are_ours_alone() -> None:
    made = form(SUMS)
    rows = [{"n": 2, "price": "0.1", "cost": 99}, {"n": "3", "price": 0.2}]
    found = checked(made, {"rows": rows, "total": 7, "third": 1})
    assert [row["cost"] for row in found.clean["rows"]] == [0.2, 0.6]
    assert (found.clean["total"], found.clean["third"], found.clean["dear"]) == (0.8, 0.266667, False)
    assert found.errors == ()
    assert checked(made, {"total": 7}).clean == {}


def test_computed_values_have_bounds_too() -> None:
    assert faults(form(SUMS), {"rows": [{"n": 51, "price": 2}]}) == [("/total", "forms.too_large")]
    assert "note" in visible_fields(form(SUMS), {"rows": [{"n": "51", "price": "2"}]})


def test_a_page_is_checked_alone_and_others_are_kept() -> None:
    pages = [page("one", section("x", "a", "on")), page("two", section("y", "b", "c"))]
    properties = {
        "a": ask(type="integer"),
        "on": ask(type="boolean"),
        "b": ask({"visible": "on = true and a > 3"}, type="integer"),
        "c": ask(type="string"),
    }
    made = form(properties, ("a", "b", "c"), pages)
    given = {"a": "4", "on": "true", "b": "x"}
    one = check_page(made, made.page("one"), given, "zh", today=TODAY)
    assert (one.errors, one.clean) == ((), {"a": 4, "on": True, "b": "x"})
    two = check_page(made, made.page("two"), given, "zh", today=TODAY)
    assert [error.path for error in two.errors] == ["/b", "/c"]
    assert (two.clean["a"], two.clean["on"]) == ("4", "true")
    with pytest.raises(KeyError):
        made.page("three")


def test_nothing_given_is_changed() -> None:
    schema = draft(SHOP | SUMS)
    before = copy.deepcopy(schema)
    made = compile_form(schema)
    answers = {"rows": [{"n": " 2 ", "price": "1"}], "items": ["b", "a", "b"], "online": "true", "site": " x "}
    given = copy.deepcopy(answers)
    checked(made, answers)
    visible_fields(made, answers)
    assert (answers, schema) == (given, before)
    with pytest.raises(TypeError):
        made.fields["new"] = made.fields["kind"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        made.fields["kind"].required = True  # type: ignore[misc]
    with pytest.raises(TypeError):
        made.fields["kind"].label["en"] = "x"  # type: ignore[index]


def test_cells_that_others_of_their_row_ask_for_are_heard() -> None:
    columns = {
        "n": ask(type="number"),
        "unit": ask(type="string"),
        "tick": ask({"required-when": "n > 1"}, type="boolean"),
        "more": ask({"visible": "tick = true"}, type="string"),
        "twice": ask({"computed": "n * 2"}, type="number"),
        "total": ask({"computed": "twice + 1"}, type="number"),
    }
    made = form({"rows": table(columns)})
    assert made.fields["rows"].heard == {"n", "tick", "twice"}
    found = checked(made, {"rows": [{"n": "2", "tick": "true", "more": "x"}, {"n": "2"}, {"n": 1, "more": "y"}]})
    assert found.clean["rows"][0] == {"n": 2, "tick": True, "more": "x", "twice": 4, "total": 5}
    assert faults(made, {"rows": [{"n": "2"}]}) == [("/rows/0/tick", "forms.yes_no")]
    assert found.dropped == ("/rows/2/more",)


def test_a_question_may_have_the_name_of_a_function() -> None:
    columns = {"count": ask(type="number"), "more": ask({"visible": "count > 1"}, type="string")}
    properties = {
        "more": ask({"visible": "count > 1"}, type="string"),
        "count": ask(type="number"),
        "all": ask({"computed": "sum(rows.count)"}, type="number"),
        "rows": table(columns),
    }
    found = checked(form(properties), {"count": 3, "more": "x", "rows": [{"count": 2, "more": "y"}]})
    assert found.clean == {"count": 3, "more": "x", "all": 2, "rows": [{"count": 2, "more": "y"}]}
    with pytest.raises(FormError) as refused:
        form({"count": ask({"visible": "count > 1"}, type="number")})
    assert refused.value.code == "forms.cycle"


class TestWholeNumbersThatAreWorkedOut:
    """A pack rounds what may come out broken; a fault of what is worked out names the answers that mend it."""

    @staticmethod
    def total(computed: str, **more: Any) -> Any:
        price = {"all": ask(type="number"), "rows": table({"n": ask(type="integer"), "price": ask(type="number")})}
        people = {"people": ask({"label": {"zh-hans": "人数", "en": "People"}}, type="integer")}
        return form(price | people | {"whole": ask({"computed": computed}, type="integer", **more)})

    @pytest.mark.parametrize(
        "computed",
        ["people / 2", "people * 0.5", "all + 1", "sum(rows.price)", "mean(rows.n)", "decimal(all, 1)", "-(people / 3)",
         "if people > 2 then 1 else people / 2", "sum(for r in rows.n return r / 2)"],
    )  # fmt: skip
    def test_what_may_be_broken_must_be_rounded(self, computed: str) -> None:
        with pytest.raises(FormError) as refusal:
            self.total(computed)
        assert (refusal.value.code, refusal.value.position) == ("forms.fraction", "/properties/whole/zt/computed")

    @pytest.mark.parametrize(
        "computed",
        ["people * 2 - 1", "floor(people / 2)", "ceiling(all)", "round half up(all, 0)", "decimal(all, 0)",
         "sum(rows.n)", "count(rows.price)", "if all > 0.5 then 1 else 0", "round up(all, -1)"],
    )  # fmt: skip
    def test_what_comes_out_whole_is_taken(self, computed: str) -> None:
        self.total(computed)

    def test_columns_too(self) -> None:
        with pytest.raises(FormError) as refusal:
            form({"rows": table({"n": ask(type="integer"), "half": ask({"computed": "n / 2"}, type="integer")})})
        assert refusal.value.position == "/properties/rows/items/properties/half/zt/computed"

    def test_a_fault_of_it_names_the_answers_it_rests_on(self) -> None:
        made = self.total("people * 2", maximum=10)
        (error,) = checked(made, {"people": 7}).errors
        assert (error.path, error.code) == ("/whole", "forms.too_large")
        assert error.message.endswith("它是根据您的答案算出来的，请检查：人数")
