"""Forms that are badly written are refused with the place of the first fault."""

import copy
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.forms_drafting import ask, choice, draft, page, section, table
from zhengtong.engines.forms import FormError, compile_form

GOOD = draft({"a": ask(type="string"), "b": ask(type="integer"), "t": table({"x": ask(type="integer")})})


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good form with one thing different; `...` takes it away."""
    schema = copy.deepcopy(GOOD)
    *steps, last = path.split("/")[1:]
    target: Any = schema
    for step in steps:
        target = target[int(step)] if isinstance(target, list) else target.setdefault(step, {})
    if value is ...:
        del target[last]
    else:
        target[int(last) if isinstance(target, list) else last] = value
    return schema


REFUSALS: list[tuple[Any, str, str]] = [
    ([], "forms.hint_wrong", ""),
    (None, "forms.hint_wrong", ""),
    (changed("/type", "array"), "forms.hint_wrong", "/type"),
    (changed("/$schema", "http://json-schema.org/draft-07/schema#"), "forms.hint_wrong", "/$schema"),
    (changed("/allOf", []), "forms.keyword_unknown", "/allOf"),
    (changed("/properties/a/$ref", "http://example.invalid/x"), "forms.keyword_unknown", "/properties/a/$ref"),
    (changed("/properties/a/$ref", "file:///etc/hostname"), "forms.keyword_unknown", "/properties/a/$ref"),
    (changed("/properties/a/if", {}), "forms.keyword_unknown", "/properties/a/if"),
    (changed("/properties/b/multipleOf", 2), "forms.keyword_unknown", "/properties/b/multipleOf"),
    (changed("/properties/t/items/patternProperties", {}), "forms.keyword_unknown",
     "/properties/t/items/patternProperties"),
    (changed("/properties/a/minLength", -1), "forms.schema_invalid", "/properties/a/minLength"),
    (changed("/properties/a/minLength", "x"), "forms.schema_invalid", "/properties/a/minLength"),
    (changed("/properties/a/minLength", float("nan")), "forms.schema_invalid", "/properties/a/minLength"),
    (changed("/required", "a"), "forms.schema_invalid", "/required"),
    (changed("/required", ["z"]), "forms.reference", "/required"),
    (changed("/properties/t/items/required", ["z"]), "forms.reference", "/properties/t/items/required"),
    (changed("/properties/a", True), "forms.hint_wrong", "/properties/a"),
    (changed("/properties/A b", ask(type="string")), "forms.hint_wrong", "/properties/A b"),
    (changed("/properties/a/type", "null"), "forms.type_unknown", "/properties/a/type"),
    (changed("/properties/a/type", ["string", "null"]), "forms.type_unknown", "/properties/a/type"),
    (changed("/properties/a/type", "array"), "forms.type_unknown", "/properties/a/type"),
    (changed("/properties/a/format", "uri"), "forms.format_unknown", "/properties/a/format"),
    (changed("/properties/a/pattern", "(a"), "forms.pattern_wrong", "/properties/a/pattern"),
    (changed("/properties/a/pattern", "(?=a)b"), "forms.pattern_wrong", "/properties/a/pattern"),
    (changed("/properties/a/pattern", r"(a)\1"), "forms.pattern_wrong", "/properties/a/pattern"),
    (changed("/properties/a/pattern", "(a{1000}){1000}"), "forms.pattern_wrong", "/properties/a/pattern"),
    (changed("/properties/a/pattern", "a" * 501), "forms.pattern_wrong", "/properties/a/pattern"),
    (changed("/properties/a/maxLength", 3) | {"title": 5}, "forms.schema_invalid", "/title"),
    (changed("/properties/b", ask(type="integer", minimum=2, maximum=1)), "forms.bounds", "/properties/b/minimum"),
    (changed("/properties/t/maxItems", 201), "forms.hint_wrong", "/properties/t/maxItems"),
    (changed("/properties/t/items/properties/x", table({"y": ask(type="string")})), "forms.type_unknown",
     "/properties/t/items/properties/x"),
    (changed("/properties/a", ask(type="boolean", const=False)), "forms.hint_wrong", "/properties/a/const"),
    # hints
    (changed("/properties/a/zt", []), "forms.hint_wrong", "/properties/a/zt"),
    (changed("/properties/a/zt/colour", "red"), "forms.hint_unknown", "/properties/a/zt/colour"),
    (changed("/properties/a/zt/label", ...), "forms.hint_missing", "/properties/a/zt"),
    (changed("/properties/a/zt/label", "题"), "forms.text_missing", "/properties/a/zt/label"),
    (changed("/properties/a/zt/label", {"zh-hans": "题"}), "forms.text_missing", "/properties/a/zt/label"),
    (changed("/properties/a/zt/label", {"zh-hans": "题", "en": " "}), "forms.text_missing", "/properties/a/zt/label"),
    (changed("/properties/a/zt/width", "x"), "forms.hint_wrong", "/properties/a/zt/width"),
    (changed("/properties/a/zt/sensitive", "false"), "forms.hint_wrong", "/properties/a/zt/sensitive"),
    (changed("/properties/a/zt/source", "no source"), "forms.hint_wrong", "/properties/a/zt/source"),
    (changed("/properties/a/zt/masking", 3), "forms.hint_wrong", "/properties/a/zt/masking"),
    (changed("/properties/a/zt/widget", "table"), "forms.widget_wrong", "/properties/a/zt/widget"),
    (changed("/properties/a/zt/widget", ["text"]), "forms.hint_wrong", "/properties/a/zt/widget"),
    (changed("/properties/a/zt/options", {}), "forms.hint_unfit", "/properties/a/zt/options"),
    (changed("/properties/a/zt/material", "plan"), "forms.hint_unfit", "/properties/a/zt/material"),
    (changed("/properties/t/zt/computed", "1"), "forms.hint_unfit", "/properties/t/zt/computed"),
    (changed("/properties/a", ask({"accept": "pdf"}, type="array", items={"type": "string"})), "forms.hint_wrong",
     "/properties/a/zt/accept"),
    (changed("/properties/a", ask({"accept": ["pdf"]}, type="array", items={"type": "string"})), "forms.hint_wrong",
     "/properties/a/zt/accept/0"),
    (changed("/properties/a", ask({"options": {}}, type="string", enum=["x"])), "forms.hint_wrong",
     "/properties/a/zt/options"),
    (changed("/properties/a", ask({"options": {"x": 1}}, type="string", enum=["x"])), "forms.hint_wrong",
     "/properties/a/zt/options/x"),
    (changed("/properties/a", ask({"options": {"x": {}}}, type="string", enum=["x"])), "forms.hint_missing",
     "/properties/a/zt/options/x"),
    (changed("/properties/a", ask(type="string", enum=[[1]])), "forms.hint_wrong", "/properties/a/enum"),
    (changed("/properties/a", ask(type="array", items={"type": "string", "enum": [1]})), "forms.hint_wrong",
     "/properties/a/items/enum"),
    # conditions
    (changed("/properties/a/zt/visible", "b >"), "forms.expression", "/properties/a/zt/visible character 4"),
    (changed("/properties/a/zt/visible", 5), "forms.expression", "/properties/a/zt/visible"),
    (changed("/properties/a/zt/visible", "z = 1"), "forms.reference", "/properties/a/zt"),
    (changed("/properties/a/zt/required-when", "z = 1"), "forms.reference", "/properties/a/zt"),
    (changed("/properties/a/zt/computed", "z"), "forms.reference", "/properties/a/zt"),
    (changed("/properties/a/zt/visible", 'a = "x"'), "forms.cycle", "/properties/a/zt"),
    (changed("/properties/t/items/properties/x/zt/visible", "b = 1"), "forms.reference",
     "/properties/t/items/properties/x/zt"),
    (changed("/properties/t/items/properties/x/zt/visible", "x = 1"), "forms.reference_later",
     "/properties/t/items/properties/x/zt"),
    # pages
    (changed("/zt", {}), "forms.hint_missing", "/zt"),
    (changed("/zt/pages", []), "forms.hint_missing", "/zt"),
    (changed("/zt/pages/0", 5), "forms.hint_wrong", "/zt/pages/0"),
    (changed("/zt/pages/0/key", ...), "forms.hint_missing", "/zt/pages/0"),
    (changed("/zt/pages/0/colour", 1), "forms.hint_unknown", "/zt/pages/0/colour"),
    (changed("/zt/pages/0/sections", {}), "forms.hint_missing", "/zt/pages/0"),
    (changed("/zt/pages/0/sections/0/fields", 5), "forms.hint_wrong", "/zt/pages/0/sections/0/fields"),
    (changed("/zt/pages/0/sections/0/fields", ["a", ["b"]]), "forms.hint_wrong", "/zt/pages/0/sections/0/fields/1"),
    (changed("/zt/pages/0/sections/0/fields", ["a", "z"]), "forms.reference", "/zt/pages/0/sections/0/fields/1"),
    (changed("/zt/pages/0/sections/0/fields", ["a", "a"]), "forms.placed_twice", "/zt/pages/0/sections/0/fields/1"),
    (changed("/zt/pages/0/sections/0/fields", ["a", "b"]), "forms.not_placed", "/properties/t"),
    (changed("/zt/pages/0/sections/0/visible", "a ="), "forms.expression",
     "/zt/pages/0/sections/0/visible character 4"),
    (changed("/zt/pages", [page("p", section("s", "a")), page("p", section("s", "b", "t"))]), "forms.key_twice",
     "/zt/pages/1/key"),
    (draft({f"f{n}": ask(type="string") for n in range(401)}), "forms.too_many_fields", "/properties"),
]  # fmt: skip


def test_the_form_they_differ_from_is_good() -> None:
    assert set(compile_form(GOOD).fields) == {"a", "b", "t"}


@pytest.mark.parametrize(("schema", "code", "position"), REFUSALS, ids=lambda value: str(value)[:50])
def test_a_fault_is_refused_where_it_stands(schema: Any, code: str, position: str) -> None:
    with pytest.raises(FormError) as refused:
        compile_form(schema)
    found = refused.value
    assert (found.code, found.position) == (code, position)
    for locale in ("zh-hans", "en"):
        assert found.text(locale) != code
        assert "{" not in found.text(locale).replace("{…}", "").replace(str(found.params.get("expected")), "")


def test_a_bottomless_form_is_refused_before_anything_recurses() -> None:
    deep: dict[str, Any] = {}
    for _ in range(50_000):
        deep = {"properties": {"a": deep}}
    with pytest.raises(FormError) as refused:
        compile_form(deep)
    assert (refused.value.code, refused.value.position) == ("forms.schema_invalid", "/properties/a" * 8)


def test_a_cycle_names_its_questions() -> None:
    properties = {
        "a": ask({"visible": "c = 1"}, type="integer"),
        "b": ask({"required-when": "a = 1"}, type="integer"),
        "c": ask({"computed": "b + 1"}, type="integer"),
        "d": ask(type="integer"),
    }
    with pytest.raises(FormError) as refused:
        compile_form(draft(properties))
    assert (refused.value.code, refused.value.params["names"]) == ("forms.cycle", "a, b, c")


def test_the_largest_form_compiles_quickly_in_the_worst_order() -> None:
    properties = {f"f{n}": ask({"visible": f"f{n + 1} = 1"} if n < 399 else None, type="integer") for n in range(400)}
    began = time.process_time()
    assert compile_form(draft(properties)).order[0] == "f399"
    assert time.process_time() - began < 5


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 400) | st.floats() | st.text(max_size=8)
    | st.sampled_from(["a", "string", "array", "object", "x = 1", "(", "a{9999999}", "\ud800", "date", "zt"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["type", "items", "properties", "zt", "enum", "pattern", "label", "pages", "a", "visible",
                         "sections", "fields", "options", "$ref", "required", "en", "zh-hans", "key", "title"])
        | st.text(max_size=4),
        inner, max_size=4,
    ),
    max_leaves=15,
)  # fmt: skip
PLACES = ["/type", "/required", "/properties", "/zt", "/properties/a", "/properties/a/zt", "/properties/a/zt/label",
          "/properties/a/pattern", "/properties/a/enum", "/properties/t/items", "/properties/t/items/properties",
          "/properties/t/items/required", "/zt/pages/0", "/zt/pages/0/sections/0/fields", "/zt/pages/0/sections",
          "/properties/a/zt/options", "/properties/a/zt/visible", "/properties/t/minItems", "/new"]  # fmt: skip


@settings(max_examples=400, deadline=2000)
@given(st.sampled_from(PLACES), JUNK)
def test_whatever_stands_anywhere_it_compiles_or_is_refused(place: str, junk: Any) -> None:
    try:
        compile_form(changed(place, junk))
    except FormError as refused:
        assert refused.position is not None  # noqa: PT017


@given(JUNK)
def test_whatever_is_no_form_is_refused(junk: Any) -> None:
    with pytest.raises(FormError):
        compile_form(junk)


def test_options_have_words() -> None:
    made = compile_form(draft({"a": choice("x", "y"), "b": choice("x", many=True)}))
    assert [(option.value, option.label["en"]) for option in made.fields["a"].options] == [("x", "x"), ("y", "y")]
    assert (made.fields["a"].widget, made.fields["b"].widget) == ("radios", "checkboxes")
