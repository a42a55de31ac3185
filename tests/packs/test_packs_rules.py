"""The rules of packs: lawful, fed from sources that exist, complete in both languages; each fault on its line."""

import datetime as dt
import pathlib
import re
import shutil

import pytest

from engines.bpmn_drawing import chain, document, flow, node, script, task
from zhengtong.engines.bpmn import compile_process, read
from zhengtong.engines.forms import compile_form
from zhengtong.matters.catalog.packs import check_pack, load_pack, test_pack
from zhengtong.matters.catalog.packs.fitting import answer_findings
from zhengtong.matters.catalog.packs.rules import (
    Known,
    Rulebook,
    checking,
    letter_of,
    read_origin,
    rulebook_of,
    undecided,
    wording_of,
)
from zhengtong.matters.catalog.packs.rules.origins import APPLICANT, DAYS

ROOT = pathlib.Path(__file__).resolve().parents[2] / "packs"
ALLOWANCE = ROOT / "civil-affairs" / "old-age-allowance"
NOW = dt.datetime(2025, 3, 3, 2, tzinfo=dt.UTC)
TODAY = dt.date(2025, 3, 3)
FACTS = {"public-security.identity": {"name", "number", "residence", "division"}}


@pytest.fixture
def copy(tmp_path):
    return pathlib.Path(shutil.copytree(ALLOWANCE, tmp_path / "pack"))


def changed(folder, name, before, after):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def book() -> Rulebook:
    pack = load_pack(ALLOWANCE)
    made = rulebook_of(pack.files, pack.service, compile_form(pack.form))
    assert made is not None
    return made


def ruled(**given):
    known = {"年龄": 85, "户籍所在区划": "110108", "在别处领取": False}
    return book().rule("高龄津贴核定", {**known, **given}, NOW)


# The law, row by row


@pytest.mark.parametrize(
    ("age", "division", "elsewhere", "conclusion", "amount", "hits"),
    [
        (79, "110108", False, "不予", 0, {"领取条件": [1], "发放标准": [4]}),
        (80, "110108", False, "准予", 100, {"领取条件": [4], "发放标准": [1]}),
        (89, "110108", False, "准予", 100, {"领取条件": [4], "发放标准": [1]}),
        (90, "110108", False, "准予", 300, {"领取条件": [4], "发放标准": [2]}),
        (99, "110108", False, "准予", 300, {"领取条件": [4], "发放标准": [2]}),
        (100, "110108", False, "准予", 600, {"领取条件": [4], "发放标准": [3]}),
        (113, "110108", False, "准予", 600, {"领取条件": [4], "发放标准": [3]}),
        (85, "110105", False, "不予", 0, {"领取条件": [2], "发放标准": [4]}),
        (85, "110108", True, "不予", 0, {"领取条件": [3], "发放标准": [4]}),
        (70, None, None, "不予", 0, {"领取条件": [1], "发放标准": [4]}),
        (85, None, False, None, None, {"领取条件": [], "发放标准": []}),
        (None, "110108", False, None, None, {"领取条件": [], "发放标准": []}),
        (85, "110108", None, None, None, {"领取条件": [], "发放标准": []}),
    ],
)
def test_old_age_allowance(age, division, elsewhere, conclusion, amount, hits):
    found = ruled(年龄=age, 户籍所在区划=division, 在别处领取=elsewhere)
    assert found.value == found.data == {"结论": conclusion, "每月金额": amount}
    assert found.trace.hits == hits
    assert undecided(found.value) is (conclusion is None)


def test_the_same_inputs_at_the_same_instant_give_the_same_answer_and_trace():
    first, second = ruled(), ruled()
    assert first.digest == second.digest == book().digest
    assert first.trace.as_dict() == second.trace.as_dict()


def test_the_model_is_compiled_once():
    assert book().compiled is book().compiled


# Where inputs come from


FORM = compile_form(load_pack(ALLOWANCE).form)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("answer:bank", "示范银行"),
        ("answer:paid_elsewhere", False),
        ("answer:paid_where", None),
        ("applicant:birth_date", "1940-03-03"),
        ("applicant:age", 85),
        ("applicant:kind", "person"),
        ("applicant:region", None),
        ("fact:public-security.identity/division", "110108"),
        ("fact:public-security.identity/other", None),
        ("fact:nobody.knows/it", None),
        ("material:identity_card", True),
        ("material:application", False),
        ("day:submitted", "2025-03-03"),
        ("day:today", "2025-03-10"),
    ],
)
def test_a_source_says_what_is_known_of_the_case(source, value):
    origin = read_origin(source)
    assert origin is not None
    known = Known(
        answers={"bank": "示范银行", "paid_elsewhere": False, "paid_where": ""},
        applicant={"kind": "person", "birth_date": "1940-03-03", "region": ""},
        submitted=TODAY,
        today=dt.date(2025, 3, 10),
        facts={"public-security.identity": {"division": "110108"}},
        materials=frozenset({"identity_card"}),
    )
    made = book()
    assert Rulebook(made.compiled, {"x": origin}, FORM).gather(known) == {"x": value}


@pytest.mark.parametrize("text", ["", "answer", "answer:", "fact:name", "fact:/x", "fact:x/", "python:os", ":x"])
def test_what_is_written_otherwise_is_no_source(text):
    assert read_origin(text) is None


# What a process may keep


def test_nothing_but_words_of_the_rules_truth_and_numbers_goes_into_a_process(copy):
    before = '<literalExpression id="grant_expression_2"><text>发放标准</text></literalExpression>'
    changed(copy, "rules.dmn", before, before.replace("发放标准<", "[发放标准, true, 户籍所在区划, 领取条件]<"))
    changed(
        copy,
        "rules.dmn",
        '<itemComponent id="grant_amount" name="每月金额"><typeRef>number',
        "<itemComponent id='grant_amount' name='每月金额'><typeRef>Any",
    )
    changed(copy, "rules.dmn", 'name="每月金额" typeRef="number"', 'name="每月金额"')
    before = '<informationRequirement id="grant_standard">'
    changed(
        copy,
        "rules.dmn",
        before,
        '<informationRequirement id="g"><requiredInput href="#residence"/></informationRequirement>' + before,
    )
    pack = load_pack(copy)
    made = rulebook_of(pack.files, pack.service, FORM)
    found = made.rule("高龄津贴核定", {"年龄": 85, "户籍所在区划": "110108", "在别处领取": False}, NOW)
    assert found.value["每月金额"] == [100, True, "110108", "准予"]
    assert found.data == {"结论": "准予", "每月金额": [100, True, None, "准予"]}


# Words


def wording(locale):
    pack = load_pack(ALLOWANCE)
    return wording_of(pack.service["rules"], pack.texts, FORM, locale)


def test_a_letter_says_what_is_granted_and_why_in_both_languages():
    said = letter_of(ruled(年龄=92), {locale: wording(locale) for locale in ("zh-hans", "en")})
    assert said["content"] == [
        {
            "text": "自批准的下个月起，每月发给高龄津贴 300 元，存入申请表所填的账户。",
            "text_en": "From the month after approval an allowance of 300 yuan a month is paid into the account given "
            "in the application.",
        }
    ]
    assert [entry["text"] for entry in said["reasons"]] == [
        "年满八十周岁，户籍在本区，没有在别处领取，符合领取条件。依据：《中华人民共和国老年人权益保障法》第三十三条。",
        "九十至九十九周岁，每月 300 元（本区现行标准）。依据：《中华人民共和国老年人权益保障法》第三十三条。",
    ]
    assert said["reasons"][1]["text_en"] == (
        "From 90 to 99 years of age: 300 yuan a month (the district's present rate). Legal basis: Law on the "
        "Protection of the Rights and Interests of the Elderly, article 33."
    )


@pytest.mark.parametrize(
    ("locale", "title", "answer", "fact"),
    [("zh-hans", "是否符合领取条件", "不予", "户籍所在区划：“110105”"), ("en", "Conditions met", "refused", "age: 85")],
)
def test_the_official_reads_a_line_a_decision_and_the_trace_of_what_to_look_at(locale, title, answer, fact):
    lines = wording(locale).lines(ruled(户籍所在区划="110105"))
    assert [line.state for line in lines] == ["passed", "passed", "doubtful"]
    line = lines[-1]
    assert line.title == title
    assert answer in line.words
    assert fact in line.trace
    assert line.articles
    assert line.articles[0] in line.rule


@pytest.mark.parametrize(
    ("locale", "question"),
    [
        ("zh-hans", "老人的户籍在哪个区（以公安户籍信息为准）"),
        ("en", "In which district the applicant is registered, as public security has it"),
    ],
)
def test_what_is_missing_is_named_with_the_question_that_supplies_it(locale, question):
    said = wording(locale)
    lacking = ruled(户籍所在区划=None)
    assert said.missing(lacking) == (question,)
    first = said.lines(lacking)[0]
    assert first.state == "doubtful"
    assert any(question in text for text in first.trace)
    assert said.missing(ruled(年龄=70, 户籍所在区划=None)) == (), "decided without it"
    assert said.question("在别处领取") == FORM.fields["paid_elsewhere"].label[locale]


# What is written about it


def test_the_reference_names_every_source_and_every_finding():
    page = (ROOT.parent / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    sources = {f"applicant:{name}" for name in APPLICANT} | {f"day:{name}" for name in DAYS}
    rules = (pathlib.Path(checking.__file__)).read_text(encoding="utf-8")
    codes = set(re.findall(r'"(packs\.[a-z_]+)"', rules))
    assert len(codes) > 10
    assert [name for name in sorted(sources | codes) if f"`{name}`" not in page] == []


# Faults


AGE = (
    ("    年龄: 年龄\n", "    年龄: age\n"),
    (
        "    年龄: 老人的出生日期（以身份证件为准）\n",
        "    年龄: Date of birth of the applicant, as on the identity document\n",
    ),
)
"""The texts of the input 年龄, Chinese and English: its name, and the question that supplies it."""


def without(*pairs):
    """Texts that go with what is taken out of service.yaml."""
    return [
        (f"texts/service.{locale}.yaml", text, "")
        for pair in pairs
        for locale, text in zip(("zh-hans", "en"), pair, strict=True)
    ]


def beside(anchors, addition):
    """Texts that go with what is added to service.yaml, in both languages."""
    names = ("texts/service.zh-hans.yaml", "texts/service.en.yaml")
    return [(name, anchor, anchor + addition) for name, anchor in zip(names, anchors, strict=True)]


@pytest.mark.parametrize(
    ("name", "before", "after", "code", "also"),
    [
        ("service.yaml", "    年龄: applicant:age\n", "", "packs.input_unmapped", without(*AGE)),
        (
            "service.yaml",
            "    年龄: applicant:age\n",
            "    年龄: applicant:age\n    身高: answer:bank\n",
            "packs.input_unknown",
            beside(AGE[0], "    身高: x\n"),
        ),
        ("service.yaml", "answer:paid_elsewhere", "answer:nothing", "packs.input_source", []),
        ("service.yaml", "applicant:age", "applicant:weight", "packs.input_source", []),
        ("service.yaml", "applicant:age", "material:nothing", "packs.input_source", without(AGE[1])),
        ("service.yaml", "applicant:age", "day:yesterday", "packs.input_source", without(AGE[1])),
        ("service.yaml", "identity/division", "identity/blood", "packs.input_source", []),
        ("service.yaml", "applicant:age", "the neighbours", "packs.input_source", without(AGE[1])),
        ("service.yaml", "applicant:age", "answer:bank", "packs.input_kind", without(AGE[1])),
        (
            "service.yaml",
            "    - {code: 发放标准}\n",
            "",
            "packs.decision_undeclared",
            without(("    发放标准: {name: 每月发多少}\n", "    发放标准: {name: Monthly rate}\n")),
        ),
        (
            "service.yaml",
            "{code: 发放标准}",
            "{code: 发放标准}\n    - {code: 别的}",
            "packs.decision_unknown",
            beside(
                ("    发放标准: {name: 每月发多少}\n", "    发放标准: {name: Monthly rate}\n"), "    别的: {name: x}\n"
            ),
        ),
        (
            "service.yaml",
            "words: [准予, 不予]",
            "words: [准予]",
            "packs.word_undeclared",
            without(("    不予: 不予\n", "    不予: refused\n")),
        ),
        (
            "service.yaml",
            "words: [准予, 不予]",
            "words: [准予, 不予, 再议]",
            "packs.word_unused",
            beside(("    不予: 不予\n", "    不予: refused\n"), "    再议: x\n"),
        ),
        ("process.bpmn", 'zt:decision="高龄津贴核定"', 'zt:decision="别的"', "packs.decision_unknown", []),
        ("process.bpmn", '高龄津贴核定.结论 = "准予"', '高龄津贴核定.结果 = "准予"', "packs.answer_misread", []),
        ("process.bpmn", '高龄津贴核定.结论 = "不予"', "高龄津贴核定.结论 = false", "packs.answer_misread", []),
        ("process.bpmn", '高龄津贴核定.结论 = "不予"', '高龄津贴核定.结论.值 = "不予"', "packs.answer_misread", []),
        ("rules.dmn", "<definitions", "<definitons", "packs.rules", []),
        ("rules.dmn", "&lt; 80", "&lt; 79", "packs.rules", []),
        ("rules.dmn", "&lt; 80", "&lt; 85", "packs.rules", []),
        ("rules.dmn", "&lt; 80", '"年轻"', "packs.rules", []),
        ("rules.dmn", 'not("110108", null)', 'not("110108")', "packs.rule_unknown", []),
        (
            "rules.dmn",
            "《中华人民共和国老年人权益保障法》第三十三条",
            "老年人权益保障法",
            "packs.rule_without_article",
            [],
        ),
        ("rules.dmn", "You had not reached the age of 80 on the day you applied.", "", "packs.rule_one_language", []),
        ("texts/service.en.yaml", AGE[0][1], "", "packs.text_missing", []),
        ("texts/service.en.yaml", "    准予: granted\n", "", "packs.text_missing", []),
        ("texts/service.zh-hans.yaml", AGE[1][0], "", "packs.text_missing", []),
    ],
)
def test_each_fault_is_found_on_its_line(copy, name, before, after, code, also):
    changed(copy, name, before, after)
    for edit in also:
        changed(copy, *edit)
    found = {finding.code: finding for finding in check_pack(copy, facts=FACTS)}
    assert code in found, found
    place, _colon, line = found[code].position.partition(":")
    assert place in (name, "service.yaml", "process.bpmn", "rules.dmn")
    assert int(line) > 0
    assert all("{" not in found[code].text(locale) for locale in ("zh-hans", "en"))


def test_a_condition_that_names_a_column_the_rules_lack_says_which_there_are(copy):
    line = changed(copy, "process.bpmn", '高龄津贴核定.结论 = "准予"', '高龄津贴核定.结果 = "准予"')
    (found,) = check_pack(copy, facts=FACTS)
    assert (found.code, found.blocking) == ("packs.answer_misread", True)
    assert 0 <= line - int(found.position.partition(":")[2]) < 2
    assert "没有条目“结果”" in found.text()
    assert "context<结论: string, 每月金额: number>" in found.text("en")


RULED = node("businessRuleTask", "r", zt_decision="发放标准")
WAYS = [node("exclusiveGateway", "g", default="g_e"), task("a"), flow("g", "a", "发放标准.每月 > 1"), chain("g", "e")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ([RULED, chain("s", "r", "g")], ["g_a"]),
        ([RULED, script("k", "{每月: 2}", zt_result="发放标准"), chain("s", "r", "k", "g")], []),
        ([task("t"), chain("s", "t", "g")], []),
    ],
    ids=["asked and kept", "something else has the name", "never asked"],
)
def test_only_what_is_surely_the_answer_of_a_decision_is_judged(asked, found):
    start, end = node("startEvent", "s"), node("endEvent", "e")
    xml = document(start, end, *WAYS, chain("a", "e"), *asked)
    told = answer_findings(compile_process(read(xml)), xml, book().compiled.decisions)
    assert [finding.params["element"] for finding in told] == found


def test_rules_without_a_model_and_a_process_without_rules_are_found(copy):
    (copy / "rules.dmn").unlink()
    assert {finding.code for finding in check_pack(copy)} == {"packs.no_rules", "packs.no_rules_file"}


def test_a_gap_and_an_overlap_say_which_rules_and_show_an_example(copy):
    line = changed(copy, "rules.dmn", "[90..100)", "[90..99)")
    (gap,) = check_pack(copy)
    assert gap.code == "packs.rules"
    assert "99" in gap.text("en")
    assert abs(int(gap.position.partition(":")[2]) - line) < 60
    changed(copy, "rules.dmn", "[90..99)", "[89..100)")
    (overlap,) = check_pack(copy)
    assert "1" in overlap.text()
    assert "2" in overlap.text()


@pytest.mark.conformance
def test_an_article_that_does_not_exist_is_found(copy, shared_data):
    before = "《中华人民共和国老年人权益保障法》第三十三条"
    line = changed(copy, "rules.dmn", before, "《中华人民共和国老年人权益保障法》第九百条")
    found = [finding for finding in check_pack(copy, laws=shared_data / "laws") if finding.code.startswith("packs.")]
    assert [finding.code for finding in found] == ["packs.article_unknown"]
    assert 0 < line - int(found[0].position.partition(":")[2]) < 10


def test_an_example_that_expects_another_ruling_says_what_came(copy):
    line = changed(copy, "examples/granted-at-once.yaml", "每月金额: 300}", "每月金额: 301}")
    (trial,) = [trial for trial in test_pack(copy) if not trial.passed]
    (finding,) = trial.findings
    assert finding.position == f"examples/granted-at-once.yaml:{line}"
    assert finding.params["what"] == "rulings/0/value"
    assert finding.params["found"] == {"结论": "准予", "每月金额": 300}


def test_an_example_whose_rules_come_to_nothing_cannot_approve(copy):
    changed(copy, "examples/granted-at-once.yaml", '{division: "110108"}', "null")
    (trial,) = [trial for trial in test_pack(copy) if not trial.passed]
    assert {finding.params["what"] for finding in trial.findings} >= {"documents", "ended"}
