"""Every kind of question: what counts as an answer, how it is kept, what is said when it does not."""

from typing import Any

import pytest

from engines.forms_drafting import ask, checked, choice, faults, form, said, table
from zhengtong.engines.errors import say, within
from zhengtong.engines.forms import in_words
from zhengtong.engines.forms.judging import FORMATS
from zhengtong.engines.forms.texts import TEXTS

TEXT = ask(type="string", minLength=2, maxLength=5)
CODED = {"type": "string"}
TICK = ask({"widget": "checkbox"}, type="boolean")
FILES = ask(type="array", items={"type": "string"}, minItems=1, maxItems=2)

KEPT: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("text", TEXT, "  张三\u3000", "张三"),
    ("text of lines", ask(type="string"), "甲\r\n乙", "甲\n乙"),
    ("text with what cannot be seen", ask(type="string"), "张\u200b三\x00\u202e", "张三"),
    ("text of a pattern", ask(type="string", pattern=r"^\d{4}$"), "2025", "2025"),
    ("number", ask(type="number"), "80.50", 80.5),
    ("number with thousands", ask(type="number"), "1,234.5", 1234.5),
    ("number in full width", ask(type="number"), "８０", 80),
    ("number at its bound", ask(type="number", minimum=0, maximum=80), 80, 80),
    ("small number", ask(type="number"), "0.000001", 0.000001),
    ("integer", ask(type="integer"), "4", 4),
    ("integer written as 4.0", ask(type="integer"), 4.0, 4),
    ("negative", ask(type="integer"), "-4", -4),
    ("yes", ask(type="boolean"), "true", True),
    ("no", ask(type="boolean"), False, False),
    ("ticked", TICK, "on", True),
    ("unticked", TICK, False, False),
    ("date", ask(type="string", format="date"), "2025-03-04", "2025-03-04"),
    ("date by parts", ask({"widget": "date_parts"}, type="string", format="date"), "2025-3-4", "2025-03-04"),
    ("date as people write it", ask(type="string", format="date"), "2025年3月4日", "2025-03-04"),
    ("date in digits", ask(type="string", format="date"), "20250304", "2025-03-04"),
    ("choice", choice("a", "b"), "b", "b"),
    ("choices in order, once", choice("a", "b", "c", many=True), ["c", "a", "c"], ["a", "c"]),
    ("one of the choices", choice("a", "b", many=True), "b", ["b"]),
    ("files, once", FILES, ["f1", "f1"], ["f1"]),
    ("one file", FILES, "f1", ["f1"]),
    ("identity number", ask(format="id-number", **CODED), " 110108 19850512 1237", "110108198505121237"),
    ("credit code", ask(format="uscc", **CODED), "91110108ma01a00373", "91110108MA01A00373"),
    ("division", ask(format="division", **CODED), "110108", "110108"),
    ("mobile", ask(format="mobile", **CODED), "+86 138-0000-5678", "13800005678"),
    ("mobile without plus", ask(format="mobile", **CODED), "86 13800005678", "13800005678"),
    ("phone", ask(format="phone", **CODED), "010-82510000", "010-82510000"),
    ("phone in brackets", ask(format="phone", **CODED), "（010）8251 0000", "010-82510000"),
    ("phone of a firm", ask(format="phone", **CODED), "400-810-0000", "400-810-0000"),
    ("phone with extension", ask(format="phone", **CODED), "010-82510000-12", "010-82510000-12"),
    ("phone that is mobile", ask(format="phone", **CODED), "13800005678", "13800005678"),
    ("postcode", ask(format="postcode", **CODED), "１０００８０", "100080"),
    ("e-mail", ask(format="email", **CODED), " li@example.cn ", "li@example.cn"),
    ("e-mail, full width", ask(format="email", **CODED), "ｌi＠example．cn", "li@example.cn"),
    ("table", table({"n": ask(type="integer")}), [{"n": "2"}, {"n": None}], [{"n": 2}]),
]


@pytest.mark.parametrize(("schema", "given", "kept"), [case[1:] for case in KEPT], ids=[case[0] for case in KEPT])
def test_an_answer_is_kept_clean_and_stays_so(schema: dict[str, Any], given: Any, kept: Any) -> None:
    made = form({"a": schema})
    once = checked(made, {"a": given})
    assert (once.errors, once.clean, once.dropped) == ((), {"a": kept}, ())
    assert type(once.clean["a"]) is type(kept)
    assert checked(made, once.clean).clean == once.clean
    assert in_words(made.fields["a"], kept, "zh") != ""


REFUSED: list[tuple[str, dict[str, Any], Any, str, str, str]] = [
    ("text short", TEXT, "张", "forms.too_short", "题甲至少 2 个字，现在是 1 个",
     "Question A has at least 2 characters; it now has 1"),
    ("text long", TEXT, "一二三四五六", "forms.too_long", "题甲最多 5 个字，现在是 6 个",
     "Question A has at most 5 characters; it now has 6"),
    ("text kind", TEXT, 5, "forms.not_text", "题甲应填文字", "Question A should be text"),
    ("text list", TEXT, ["张三"], "forms.not_text", "题甲应填文字", "Question A should be text"),
    ("pattern", ask(type="string", pattern="^a+$"), "b", "forms.pattern", "题甲的写法不对，请核对",
     "Question A is not in the expected form; check it"),
    ("number", ask(type="number"), "八十", "forms.not_number", "题甲应填数字，比如 80 或 80.5",
     "Question A should be a number, such as 80 or 80.5"),
    ("number true", ask(type="number"), True, "forms.not_number", "题甲应填数字，比如 80 或 80.5",
     "Question A should be a number, such as 80 or 80.5"),
    ("number commas", ask(type="number"), "1,2", "forms.not_number", "题甲应填数字，比如 80 或 80.5",
     "Question A should be a number, such as 80 or 80.5"),
    ("number past exactness", ask(type="number"), "123456789012345.12", "forms.not_number",
     "题甲应填数字，比如 80 或 80.5", "Question A should be a number, such as 80 or 80.5"),
    ("number exponent", ask(type="number"), "1e3", "forms.not_number", "题甲应填数字，比如 80 或 80.5",
     "Question A should be a number, such as 80 or 80.5"),
    ("number vast", ask(type="number"), 10**4000, "forms.not_number", "题甲应填数字，比如 80 或 80.5",
     "Question A should be a number, such as 80 or 80.5"),
    ("whole", ask(type="integer"), "4.5", "forms.not_whole", "题甲应填整数，比如 4",
     "Question A should be a whole number, such as 4"),
    ("small", ask(type="integer", minimum=1), 0, "forms.too_small", "题甲不小于 1，现在是 0",
     "Question A is at least 1; it is now 0"),
    ("large", ask(type="number", maximum=2.5), "2.51", "forms.too_large", "题甲不大于 2.5，现在是 2.51",
     "Question A is at most 2.5; it is now 2.51"),
    ("boolean", ask(type="boolean"), "maybe", "forms.not_yes_no", "请选“是”或“否”：题甲",
     "Choose yes or no: Question A"),
    ("boolean number", ask(type="boolean"), 1, "forms.not_yes_no", "请选“是”或“否”：题甲",
     "Choose yes or no: Question A"),
    ("date", ask(type="string", format="date"), "2025-02-30", "forms.not_date", "题甲应是真实的日期，比如 2025-03-19",
     "Question A should be a real date, such as 2025-03-19"),
    ("date week", ask(type="string", format="date"), "2025-W12-3", "forms.not_date",
     "题甲应是真实的日期，比如 2025-03-19", "Question A should be a real date, such as 2025-03-19"),
    ("choice", choice("a", "b"), "c", "forms.not_choice", "请从列出的选项里选题甲",
     "Choose question A from the options listed"),
    ("choice list", choice("a", "b"), ["a"], "forms.not_choice", "请从列出的选项里选题甲",
     "Choose question A from the options listed"),
    ("choices", choice("a", "b", many=True), ["a", "z"], "forms.not_choice", "请从列出的选项里选题甲",
     "Choose question A from the options listed"),
    ("choices of objects", choice("a", "b", many=True), [{"a": 1}], "forms.not_choice", "请从列出的选项里选题甲",
     "Choose question A from the options listed"),
    ("files many", FILES, ["1", "2", "3"], "forms.too_many", "题甲最多 2 项，现在是 3 项",
     "Question A has at most 2 entries; it now has 3"),
    ("files kind", FILES, {"name": "x"}, "forms.not_list", "题甲的内容没有收全，请重新填写",
     "Question A did not arrive whole; fill it in again"),
    ("files long", FILES, ["x" * 65], "forms.not_list", "题甲的内容没有收全，请重新填写",
     "Question A did not arrive whole; fill it in again"),
    ("rows few", table({"n": ask(type="integer")}, minItems=2), [{"n": 1}], "forms.too_few",
     "题甲至少 2 项，现在是 1 项", "Question A has at least 2 entries; it now has 1"),
    ("rows kind", table({"n": ask(type="integer")}), ["x"], "forms.not_list", "题甲的内容没有收全，请重新填写",
     "Question A did not arrive whole; fill it in again"),
    ("mobile", ask(format="mobile", **CODED), "1380000567", "forms.mobile", "题甲应为 11 位，现在是 10 位",
     "Question A has 11 digits; it now has 10"),
    ("mobile start", ask(format="mobile", **CODED), "23800005678", "forms.mobile_start", "题甲应以 1 开头，请核对",
     "Question A starts with 1; check it"),
    ("mobile other digits", ask(format="mobile", **CODED), "١٣٨٠٠٠٠٥٦٧٨", "forms.mobile_digits",
     "题甲只写数字，共 11 位", "Question A: write digits only, 11 of them"),
    ("mobile letters", ask(format="mobile", **CODED), "138 abcd 1234", "forms.mobile_digits",
     "题甲只写数字，共 11 位", "Question A: write digits only, 11 of them"),
    ("phone", ask(format="phone", **CODED), "82510000", "forms.phone",
     "题甲写成区号加号码，比如 010-82510000，或 11 位手机号",
     "Question A: write the area code and number, such as 010-82510000, or an 11-digit mobile number"),
    ("postcode", ask(format="postcode", **CODED), "10008", "forms.postcode", "题甲应为 6 位数字",
     "Question A has 6 digits"),
    ("postcode other digits", ask(format="postcode", **CODED), "١٠٠٠٨٠", "forms.postcode", "题甲应为 6 位数字",
     "Question A has 6 digits"),
    ("e-mail", ask(format="email", **CODED), "li@example", "forms.email", "题甲写成 name@example.cn 的样子",
     "Question A: write it like name@example.cn"),
    ("e-mail dots", ask(format="email", **CODED), "li@example..cn", "forms.email", "题甲写成 name@example.cn 的样子",
     "Question A: write it like name@example.cn"),
    ("coded kind", ask(format="uscc", **CODED), 91, "forms.not_text", "题甲应填文字", "Question A should be text"),
    ("coded long", ask(format="uscc", **CODED), "9" * 201, "forms.too_long", "题甲最多 200 个字，现在是 201 个",
     "Question A has at most 200 characters; it now has 201"),
    ("identity number", ask(format="id-number", **CODED), "110108198505121238", "forms.code",
     "题甲：校验码对不上，至少有一位写错了。请对照证件逐位核对。",
     "Question A: The check character does not fit, so at least one character is wrong. Compare with the document."),
    ("division", ask(format="division", **CODED), "11010", "forms.code",
     "题甲：应为 6/9/12 位，现有 5 位。请核对后重新填写。",
     "Question A: Expected 6/9/12 characters but got 5. Check and type it again."),
    ("agreed", ask(type="boolean", const=True), False, "forms.agree", "请先勾选“题甲”", "Tick “Question A” to go on"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("schema", "given", "code", "zh", "en"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_fault_says_once_what_to_do(schema: dict[str, Any], given: Any, code: str, zh: str, en: str) -> None:
    made = form({"a": schema}, required=("a",))
    for locale, sentence in (("zh-hans", zh), ("zh-CN", zh), ("en-GB", en)):
        found = checked(made, {"a": given}, locale).errors
        assert [(error.path, error.code, error.message) for error in found] == [("/a", code, sentence)]


def test_what_was_typed_is_kept_for_the_next_try() -> None:
    made = form({"a": ask(type="number"), "b": ask(type="string", format="date"), "c": FILES})
    typed = {"a": "八十", "b": "昨天", "c": ["1", "2", "3"]}
    assert checked(made, typed).clean == typed


MISSING = [
    (TEXT, "forms.required", "请填写题甲"),
    (ask(type="boolean"), "forms.yes_no", "请选“是”或“否”：题甲"),
    (TICK, "forms.agree", "请先勾选“题甲”"),
    (choice("a", "b"), "forms.choose", "请选择题甲"),
    (choice("a", "b", many=True), "forms.choose", "请选择题甲"),
    (FILES, "forms.upload", "请上传题甲"),
    (table({"n": ask(type="integer")}), "forms.required", "请填写题甲"),
]


@pytest.mark.parametrize(("schema", "code", "sentence"), MISSING)
@pytest.mark.parametrize(
    "nothing",
    [{}, {"a": None}, {"a": ""}, {"a": " \u3000\u200b"}, {"a": "\u200d"}, {"a": "\u00ad \u200f"}, {"a": []}, {"a": {}}],
)
def test_nothing_is_no_answer(schema: dict[str, Any], code: str, sentence: str, nothing: dict[str, Any]) -> None:
    found = checked(form({"a": schema}, required=("a",)), nothing)
    assert [(error.path, error.code, error.message) for error in found.errors] == [("/a", code, sentence)]
    assert found.dropped == ()
    assert checked(form({"a": schema}), nothing).ok


def test_a_required_box_left_empty_asks_to_be_ticked_and_is_kept_so() -> None:
    found = checked(form({"a": TICK}, required=("a",)), {"a": False})
    assert ([error.code for error in found.errors], found.clean) == (["forms.agree"], {"a": False})


def test_every_format_has_a_case_in_both_tables() -> None:
    for cases in (KEPT, REFUSED):
        assert {case[1].get("format") for case in cases} >= set(FORMATS)


def test_every_sentence_is_in_both_languages_with_the_same_places() -> None:
    for code, sentences in TEXTS.items():
        assert set(sentences) == {"zh-hans", "en"}, code
        places = [{part.split("}")[0] for part in text.split("{")[1:]} for text in sentences.values()]
        assert places[0] <= places[1] | {"label"}, code
        assert places[1] <= places[0] | {"label"}, code


ROWS = table(
    {
        "name": ask({"label": said("名称", "Name")}, type="string", minLength=2),
        "count": ask({"label": said("数量", "Number")}, type="integer", minimum=1),
        "spare": ask({"label": said("备用", "Spare"), "widget": "checkbox"}, type="boolean"),
        "why": ask({"label": said("原因", "Reason"), "visible": "spare = true"}, type="string"),
        "twice": ask({"label": said("两倍", "Twice"), "computed": "count * 2"}, type="integer"),
    },
    required=("name", "count", "why"),
    maxItems=3,
)


def test_faults_in_rows_have_their_place() -> None:
    rows = [
        {"name": "柜", "count": "x"},
        {"name": None, "spare": False},
        {"count": 0, "spare": "on"},
        {"name": "消毒柜", "count": 2, "why": "不问", "colour": "红"},
    ]
    found = checked(form({"a": ROWS}), {"a": rows})
    assert [(error.path, error.code, error.message) for error in found.errors] == [
        ("/a/0/name", "forms.too_short", "名称至少 2 个字，现在是 1 个"),
        ("/a/0/count", "forms.not_whole", "数量应填整数，比如 4"),
        ("/a/1/name", "forms.required", "请填写名称"),
        ("/a/1/count", "forms.too_small", "数量不小于 1，现在是 0"),
        ("/a/1/why", "forms.required", "请填写原因"),
    ]
    assert found.clean["a"][2] == {"name": "消毒柜", "count": 2, "twice": 4}
    assert found.dropped == ("/a/2/why", "/a/2/colour")


def test_rows_past_the_limit_are_told_and_kept() -> None:
    rows = [{"name": f"设备{n}", "count": 1} for n in range(4)]
    found = checked(form({"a": ROWS}), {"a": rows})
    assert [(error.path, error.code) for error in found.errors] == [("/a", "forms.too_many")]
    assert len(found.clean["a"]) == 4


def test_a_table_of_blank_rows_is_no_answer() -> None:
    blank = [{"name": "", "count": None, "spare": False}] * 2
    assert checked(form({"a": ROWS}), {"a": blank}).clean == {}
    assert faults(form({"a": ROWS}, required=("a",)), {"a": blank}) == [("/a", "forms.required")]


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Mobile number", "Enter mobile number"),
        ("A relative's name", "Enter a relative's name"),
        ("PDF of the lease", "Enter PDF of the lease"),
        ("WeChat name", "Enter WeChat name"),
        ("Chinese name", "Enter Chinese name"),
        ("", "Enter "),
    ],
)
def test_a_label_inside_an_english_sentence_has_no_capital_of_its_own(label: str, said: str) -> None:
    assert say(TEXTS, "forms.required", "en", {"label": label, "within": within(label, "en")}) == said
    assert within(label, "zh-hans") == label
