"""Every answer says why: which decision, rule, cell, value, annotation and article, in two languages."""

import json

import pytest

from engines.dmn_drafting import compiled, decision, given, item, knowledge, literal, table
from zhengtong.engines.dmn import Decisions, Explanation, decide, explain, read_facts
from zhengtong.engines.dmn.recording import MOST_NOTES
from zhengtong.engines.dmn.tracing import DecisionStep, ExpressionStep, TableStep
from zhengtong.engines.dmn.wording import say_test

COLUMNS = (("年龄", "number"), ("户籍", "string", '"本市","外地"'), ("申请日", "date"))
ROWS = (
    ('>= 90', '"本市"', "-", '"发放"', "500", "《办法》第五条", "年满九十周岁", "Article 5", "aged ninety or older"),
    ('[80..90)', '"本市"', '>= date("2024-01-01")', '"发放"', "300", "《办法》第四条", "", "", ""),
    ("< 80", "-", "-", '"不发放"', "0", "《办法》第二条", "未满八十周岁", "", ""),
)  # fmt: skip
ANNOTATIONS = ("依据", "理由", "Article", "Reason")
QUESTIONS = {"年龄": {"zh-hans": "老人今年多大年纪？", "en": "How old is the person?"}, "申请日": "哪天申请的？"}


def allowance() -> Decisions:
    outputs = (("结果", "string"), ("金额", "number"))
    logic = table("UNIQUE", COLUMNS, outputs, *ROWS, annotations=ANNOTATIONS)
    return compiled(
        *(given(column[0], column[1]) for column in COLUMNS),
        decision("资格", logic, inputs=["年龄", "户籍", "申请日"], inside="<question>能不能领？</question>"),
        decision("金额", literal("资格.金额 * 12"), decisions=["资格"], kind="number"),
    )


FACTS = {"年龄": 83, "户籍": "本市", "申请日": "2025-03-19"}


def asked(name: str = "金额", locale: str = "zh-hans", **changed: object) -> Explanation:
    decisions = allowance()
    result = decide(decisions, read_facts(decisions, FACTS | changed), decision=name, trace=True)
    assert result.trace is not None
    return explain(result.trace, locale, questions=QUESTIONS)


def test_the_trace_names_rule_cells_values_and_annotations() -> None:
    decisions = allowance()
    result = decide(decisions, {"年龄": 95, "户籍": "本市"}, decision="金额", trace=True)
    assert result.trace is not None
    first, last = result.trace.steps
    assert (first.name, first.question, last.name, last.answer) == ("资格", "能不能领？", "金额", 6000)
    assert [(fact.name, fact.value, fact.decided) for fact in first.facts] == [
        ("年龄", 95, False), ("户籍", "本市", False), ("申请日", None, False),
    ]  # fmt: skip
    assert [fact.decided for fact in last.facts] == [True]
    (asked_table,) = first.parts
    assert isinstance(asked_table, TableStep)
    assert asked_table.policy == "U"
    assert [condition.value for condition in asked_table.conditions] == [95, "本市", None]
    assert [(rule.number, rule.matched, rule.counted) for rule in asked_table.rules] == [
        (1, True, True), (2, False, False), (3, False, False),
    ]  # fmt: skip
    assert [[cell.passed for cell in rule.cells] for rule in asked_table.rules[:2]] == [[True] * 3, [False, True, None]]
    assert [(note.column, note.text) for note in asked_table.rules[0].annotations][0] == ("依据", "《办法》第五条")
    assert last.parts == (ExpressionStep("资格.金额 * 12", 6000),)


def test_a_trace_is_json() -> None:
    decisions = allowance()
    result = decide(decisions, {"年龄": "not a number"}, decision="金额", trace=True)
    assert result.trace is not None
    told = json.loads(json.dumps(result.trace.as_dict()))
    assert told["missing"] == ["户籍", "申请日"]
    assert [step["kind"] for step in told["steps"]] == ["decision", "decision"]
    assert told["steps"][0]["parts"][0]["rules"][1]["number"] == 2
    assert {problem["code"] for problem in told["problems"]} >= {"dmn.fact_type"}


def test_tracing_changes_no_answer() -> None:
    decisions = allowance()
    for age in (70, 85, 95, None):
        plainly, traced = (
            decide(decisions, {"年龄": age, "户籍": "本市"}, decision="资格", trace=t) for t in (False, True)
        )
        assert plainly == traced
        assert plainly.trace is None


def test_the_citizen_reads_conclusion_reason_and_law() -> None:
    assert asked(年龄=95).letter() == (
        "金额：6,000。",
        "按公式 资格.金额 * 12 得出6,000。",
        "年满九十周岁。依据：《办法》第五条。",
    )
    assert asked(年龄=95, locale="en").letter() == (
        "金额: 6,000.",
        "By the formula 资格.金额 * 12 it is 6,000.",
        "aged ninety or older. Legal basis: Article 5.",
    )


def test_where_no_sentence_is_written_the_rule_speaks() -> None:
    reason = asked("资格").reasons[0]
    assert reason.answer == "结果 = “发放”、金额 = 300"
    assert reason.text == (
        "第 2 条规则适用：年龄为83（规则要求80（含）至 90（不含））；户籍为“本市”（规则要求“本市”）；"
        "申请日为2025 年 3 月 19 日（规则要求不早于 2024 年 1 月 1 日）。",
    )
    assert reason.articles == ("《办法》第四条",)
    assert reason.settled
    english = asked("资格", locale="en").reasons[0]
    assert english.text[0].startswith("Rule 2 applies: 年龄 is 83 (the rule wants 80 to below 90); ")
    assert english.articles == ("《办法》第四条",), "what one language lacks the other gives"


def test_the_official_sees_each_cell() -> None:
    (rule,) = asked("资格").reasons[0].rules
    assert [(cell.title, cell.given, cell.wanted, cell.passed) for cell in rule.cells][0] == (
        "年龄", "83", "80（含）至 90（不含）", True,
    )  # fmt: skip
    assert asked("资格").reasons[0].facts[0] == "年龄：83"


def test_a_missing_fact_is_named_with_its_question() -> None:
    explained = asked(年龄=None, 申请日=None)
    assert explained.conclusion == "金额：暂时无法得出结论"
    assert [(missing.name, missing.question) for missing in explained.missing] == [
        ("年龄", "老人今年多大年纪？"), ("申请日", "哪天申请的？"),
    ]  # fmt: skip
    assert explained.letter()[-2:] == ("还需要您回答：老人今年多大年纪？", "还需要您回答：哪天申请的？")
    english = asked(locale="en", 年龄=None, 户籍=None).letter()
    assert english[-2:] == ("Please still answer: How old is the person?", "“户籍” is still needed.")


def test_a_missing_part_of_a_fact_is_named_by_its_path() -> None:
    person = item("tPerson", "<itemComponent name='age'><typeRef>number</typeRef></itemComponent>")
    logic = table("UNIQUE", (("person.age", "number"),), (("", "string"),), (">=18", '"yes"'))
    decisions = compiled(person, given("person", "tPerson"), decision("d", logic, inputs=["person"]))
    result = decide(decisions, {"person": {"age": None}}, trace=True)
    assert result.trace is not None
    explained = explain(result.trace, "en", questions={"person.age": "How old are you?"})
    assert [missing.question for missing in explained.missing] == ["How old are you?"]


def test_where_no_rule_applies_the_nearest_ones_are_shown() -> None:
    reason = asked("资格", 年龄=85, 申请日="2023-05-01").reasons[0]
    assert reason.text[:2] == (
        "没有规则适用。",
        "最接近的是第 1 条规则：年龄为85（规则要求不低于 90）。",
    )
    assert not reason.settled
    assert reason.problems == ("没有规则适用。",)


def test_a_value_that_is_not_allowed_is_the_reason_itself() -> None:
    assert asked("资格", 户籍="别处").reasons[0].text == ("户籍的值不在允许的范围内。",)


def test_rules_in_conflict_are_all_named() -> None:
    logic = table("UNIQUE", (("n", "number"),), (("", "string"),), (">1", '"a"'), (">2", '"b"'))
    result = decide(compiled(given("n", "number"), decision("d", logic, inputs=["n"])), {"n": 3}, trace=True)
    assert result.trace is not None
    assert explain(result.trace, "en").reasons[0].text == (
        "Rules 1, 2 all apply, which the hit policy does not allow.",
    )


def test_a_default_is_told_as_one() -> None:
    logic = table("UNIQUE", (("n", "number"),), (("", "string"),), (">1", '"a"'), defaults=('"b"',))
    result = decide(compiled(given("n", "number"), decision("d", logic, inputs=["n"])), {"n": 0}, trace=True)
    assert result.trace is not None
    assert explain(result.trace, "en").letter() == ("d: b.", "No rule applies, so the default holds.")


def test_a_table_within_a_function_is_told_within_it() -> None:
    inner = table("UNIQUE", (("n", "number"),), (("", "number"),), ("-", "n * 2"))
    decisions = compiled(
        given("x", "number"),
        knowledge("double", [("n", "number")], inner),
        decision("d", literal("double(x)"), inputs=["x"], calls=["k_double"]),
    )
    result = decide(decisions, {"x": 4}, trace=True)
    assert result.trace is not None
    assert explain(result.trace, "en").reasons[0].text == (
        "By the formula double(x) it is 8.",
        "“double” gives 8.",
        "Rule 1 applies to every case.",
    )


def test_a_decision_within_a_service_is_told_too() -> None:
    decisions = compiled(
        given("x", "number"),
        decision("inner", literal("x + 1"), inputs=["x"]),
        "<decisionService id='s' name='s'><variable name='s'/><outputDecision href='#d_inner'/>"
        "<inputData href='#i_x'/></decisionService>",
        decision("outer", literal("s(1)"), calls=["s"]),
    )
    result = decide(decisions, {}, decision="outer", trace=True)
    assert result.trace is not None
    (step,) = result.trace.steps
    call = step.parts[1]
    assert [type(part) for part in call.parts] == [DecisionStep]  # type: ignore[union-attr]


def test_a_trace_of_a_long_loop_is_cut_and_says_so() -> None:
    inner = table("UNIQUE", (("n", "number"),), (("", "number"),), ("-", "n"))
    decisions = compiled(
        knowledge("same", [("n", "number")], inner),
        decision("d", literal(f"count(for i in 1..{MOST_NOTES} return same(i))"), calls=["k_same"]),
    )
    result = decide(decisions, {}, trace=True)
    assert result.value == MOST_NOTES
    assert result.trace is not None
    assert not result.trace.complete
    assert json.dumps(result.trace.as_dict())


@pytest.mark.parametrize(
    ("cell", "chinese", "english"),
    [
        ("-", "不限", "anything"),
        (">= 1280", "不低于 1,280", "at least 1,280"),
        ("<0.50", "低于 0.5", "below 0.5"),
        ("[1..2]", "1 至 2（均含）", "1 to 2, both included"),
        ("(1..2)", "1 至 2（均不含）", "between 1 and 2, neither included"),
        ("(1..2]", "1（不含）至 2（含）", "above 1 to 2"),
        ('"a", "b"', "“a”或“b”", "“a” or “b”"),
        ('not("a")', "不是“a”", "not “a”"),
        ("true", "是", "yes"),
        ("null", "未提供", "not given"),
        ('< date("2025-03-19")', "早于 2025 年 3 月 19 日", "before 2025-03-19"),
        ('@"P1Y6M"', "1 年 6 个月", "1 year 6 months"),
        ('> duration("P10D")', "高于 10 天", "above 10 days"),
        ("> other fact", "符合“> other fact”", "what meets “> other fact”"),
    ],
)
def test_conditions_in_words(cell: str, chinese: str, english: str) -> None:
    assert (say_test(cell, "zh-hans"), say_test(cell, "en")) == (chinese, english)
