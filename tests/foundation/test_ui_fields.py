"""Plain descriptions of fields become what templates draw."""

import pytest
from django.template import Context, Template

from zhengtong.foundation.ui import fields


def test_a_field_names_what_describes_it() -> None:
    drawn = fields.draw_field({"key": "phone", "label": "P", "help": "h", "errors": ["e"], "source": {"name": "s"}})
    assert (drawn["id"], drawn["described_by"]) == ("f-phone", "f-phone-hint f-phone-error f-phone-source")
    assert drawn["state"] == "error"


def test_only_a_fresh_source_tints_the_field() -> None:
    states = [fields.draw_field({"key": "a", "label": "", "source": {"name": "s", "state": state}})["state"]
              for state in ("fresh", "changed", "unreachable")]  # fmt: skip
    assert states == ["prefilled", "", ""]


@pytest.mark.parametrize(("value", "checked"), [(True, ["true"]), (False, ["false"]), (None, []), ("true", ["true"])])
def test_yes_and_no(value: object, checked: list[str]) -> None:
    drawn = fields.draw_field({"key": "a", "label": "", "widget": "yes_no", "value": value})
    assert [option["value"] for option in drawn["options"] if option["checked"]] == checked


def test_the_first_choice_carries_the_field_id_so_that_the_summary_reaches_it() -> None:
    drawn = fields.draw_field(
        {
            "key": "a",
            "label": "",
            "widget": "radios",
            "options": [{"value": 1, "label": "x"}, {"value": 2, "label": "y"}],
        }
    )
    assert [option["id"] for option in drawn["options"]] == ["f-a", "f-a-1"]


def test_hidden_fields_are_not_drawn_and_errors_stand_in_page_order() -> None:
    page = {
        "errors": ["page"],
        "sections": [
            {"fields": [{"key": "a", "label": "", "errors": ["first"]}, {"key": "b", "label": "", "visible": False}]},
            {
                "fields": [
                    {
                        "key": "t",
                        "label": "",
                        "widget": "table",
                        "errors": ["table"],
                        "columns": [{"key": "n", "label": "N"}],
                        "value": [{"n": "1"}, {"n": "x"}],
                        "cell_errors": {"1.n": ["cell"]},
                    }
                ]
            },
        ],
    }
    drawn = fields.draw_page(page)
    assert [(error["message"], error["id"]) for error in drawn["error_list"]] == [
        ("page", ""), ("first", "f-a"), ("table", "f-t"), ("cell", "f-t-1-n"),
    ]  # fmt: skip
    assert [field["key"] for section in drawn["sections"] for field in section["fields"]] == ["a", "t"]


def test_a_table_shows_at_least_one_row_and_its_minimum() -> None:
    table = {"key": "t", "label": "", "widget": "table", "columns": [{"key": "n", "label": ""}]}
    assert len(fields.draw_field(table)["rows_drawn"]) == 1
    assert len(fields.draw_field(table | {"min_rows": 3, "value": [{"n": "1"}]})["rows_drawn"]) == 3


def test_an_unknown_widget_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="slider"):
        fields.draw_field({"key": "a", "label": "", "widget": "slider"})


def test_what_was_typed_is_escaped_and_kept() -> None:
    page = Template('{% load cotton %}{% cotton zt.field :field="field" /%}')
    html = page.render(
        Context({"field": {"key": "a", "label": "<b>", "value": '"><script>x</script>', "errors": ["<i>"]}})
    )
    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;x" in html
    assert "&lt;b&gt;" in html
    assert "&lt;i&gt;" in html


@pytest.mark.parametrize("widget", fields.WIDGETS)
def test_every_widget_draws_when_empty(widget: str) -> None:
    page = Template('{% load cotton %}{% cotton zt.field :field="field" /%}')
    field = {"key": "a", "label": "Label", "widget": widget, "options": (), "columns": ({"key": "b", "label": "B"},)}
    html = page.render(Context({"field": field}))
    assert "Label" in html
    assert "None" not in html
