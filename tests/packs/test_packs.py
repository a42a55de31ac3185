"""Packs: each of ours is lawful and does what its examples say; each kind of fault is found on its line."""

import pathlib
import re
import shutil

import pytest

from zhengtong.matters.catalog.packs import House, PackError, check_pack, load_pack, test_pack
from zhengtong.matters.catalog.packs.checking import bases
from zhengtong.matters.catalog.packs.laws import LawTexts, articles_of
from zhengtong.matters.catalog.packs.texts import TEXTS

ROOT = pathlib.Path(__file__).resolve().parents[2] / "packs"
FOOD = ROOT / "market-supervision" / "food-business-licence"
TEMPLATE = ROOT / "_template"
PACKS = sorted(path.parent for path in ROOT.rglob("service.yaml"))


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_a_pack_of_ours_has_no_fault(folder):
    assert [(finding.position, finding.text("en")) for finding in check_pack(folder)] == []


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_a_pack_of_ours_does_what_its_examples_say(folder):
    trials = test_pack(folder)
    assert [trial for trial in trials if not trial.passed] == []
    assert any(trial.papers for trial in trials)


@pytest.mark.conformance
@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_every_article_cited_exists_and_reads_as_quoted(folder, shared_data):
    faults = [finding for finding in check_pack(folder, laws=shared_data / "laws") if finding.code.startswith("packs.")]
    assert [(finding.position, finding.text("en")) for finding in faults] == []
    assert list(bases(load_pack(folder).service))


def test_the_food_licence_keeps_its_worked_dates():
    facts = next(trial.facts for trial in test_pack(FOOD) if trial.facts.get("licence_identifier"))
    assert {
        "promise_due": "2025-03-21",
        "legal_due": "2025-04-07",
        "promise_due_unsuspended": "2025-03-19",
        "legal_due_unsuspended": "2025-04-02",
        "licence_due": "2025-04-01",
        "legal_used_at_decision": 7,
        "exchange_no": "1111010800000102XJ411013100400025030300001",
        "licence_identifier": "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.001.D",
        "licence_identifier_after_change": "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.002.B",
    }.items() <= facts.items()


@pytest.fixture
def copy(tmp_path):
    return pathlib.Path(shutil.copytree(TEMPLATE, tmp_path / "pack"))


def changed(folder, name, before, after):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "before", "after", "code", "down"),
    [
        ("service.yaml", "format: zhengtong-pack/1", "format: other/9", "packs.format", 0),
        ("service.yaml", "version: 1", "version: one", "packs.kind", 0),
        ("service.yaml", "version: 1", "version: 1\nversion: 2", "packs.yaml_duplicate", 1),
        ("service.yaml", "version: 1", "version: &one 1", "packs.yaml_alias", 0),
        ("service.yaml", "version: 1", "version: [1", "packs.yaml", None),
        pytest.param("service.yaml", "version: 1", f"version: {'[' * 100_000}", "packs.yaml_depth", 0, id="nested"),
        ("service.yaml", "version: 1", "version: 1\ncolour: red", "packs.unknown_key", 1),
        ("service.yaml", "version: 1", "version: !!python/object:os.system 1", "packs.yaml", 0),
        ("service.yaml", "effective_from: 2025-01-01", "effective_from: 2025-02-30", "packs.kind", 0),
        ("service.yaml", "  how: exempt", "  how: upload", "packs.material_demanded", None),
        (
            "service.yaml",
            "number: 5, unit: working_day",
            "number: 21, unit: working_day",
            "packs.promise_above_legal",
            0,
        ),
        ("service.yaml", "number: 5, unit: working_day", "number: 5, unit: month", "packs.limit_units", 0),
        ("service.yaml", "number: 5, unit", "number: 4, unit", "packs.steps_above_promise", None),
        ("service.yaml", "handling_kind: promised", "handling_kind: instant", "packs.instant", None),
        ("service.yaml", 'exercise_level: "4"', 'exercise_level: "3"', "packs.code_differs", 0),
        ("service.yaml", "code: 11110108000001011T", "code: 11110108000001011X", "packs.code", 0),
        ("service.yaml", "- code: resident", "- code: stranger", "packs.text_missing", None),
        ("service.yaml", "roles: [clerk, reviewer, decider]", "roles: [clerk, decider]", "packs.role_undeclared", None),
        ("service.yaml", "roles: [clerk,", "roles: [cook, clerk,", "packs.role_unused", 0),
        ("service.yaml", "type: approval", "type: licence", "packs.no_template", None),
        ("texts/service.en.yaml", "quota: No limit\n", "", "packs.text_missing", None),
        ("texts/service.en.yaml", "quota: No limit", "quota: No limit\nother: x", "packs.text_unused", 1),
        (
            "texts/service.en.yaml",
            "quota: No limit",
            "quota: No limit\nlaws: {民法典: Civil Code}",
            "packs.text_unused",
            1,
        ),
        ("process.bpmn", 'id="review"', 'id="review" zt:nonsense="1"', None, None),
        ("process.bpmn", "</process>", "<callActivity id='c'/></process>", "packs.process", None),
        ("form.json", '"type": "object"', '"type": "object', "packs.form", None),
    ],
)
def test_each_fault_is_found_on_its_line(copy, name, before, after, code, down):
    line = changed(copy, name, before, after)
    found = {finding.code: finding for finding in check_pack(copy)}
    if code is None:
        return
    assert code in found, found
    assert found[code].position.startswith(("service.yaml", "process.bpmn", "form.json", "texts/"))
    if down is not None:
        assert found[code].position == f"{name}:{line + down}"
    assert all("{" not in found[code].text(locale) for locale in ("zh-hans", "en"))


def test_a_pack_may_name_the_laws_it_cites_in_english(copy):
    changed(
        copy,
        "texts/service.en.yaml",
        "quota: No limit",
        "quota: No limit\nlaws: {中华人民共和国行政复议法: Review Law}",
    )
    assert not check_pack(copy)
    changed(copy, "texts/service.en.yaml", "Review Law", '""')
    assert [found.code for found in check_pack(copy)] == ["packs.text_missing"]


def test_a_licence_above_twenty_days_must_name_its_law(copy):
    changed(copy, "service.yaml", '"000723001000"', '"000123001000"')
    changed(copy, "service.yaml", "T4000723001000", "T4000123001000")
    changed(copy, "service.yaml", 'item_type: "07"', 'item_type: "01"')
    changed(copy, "service.yaml", "legal: {number: 20", "legal: {number: 30")
    assert "packs.limit_law" in {finding.code for finding in check_pack(copy)}


def test_actions_that_do_not_exist_are_named(copy):
    found = check_pack(copy, house=House(actions={"cases.receive@1"}))
    assert {finding.code for finding in found} == {"packs.action_unknown"}
    assert {finding.params["action"] for finding in found} >= {"cases.accept@1", "cases.close@1"}


def test_a_template_may_not_import_packages(copy):
    (copy / "extra.typ").write_text('#import "@preview/cetz:0.3.0": *\n')
    assert [(f.code, f.position) for f in check_pack(copy)] == [("packs.package_import", "extra.typ:1")]


@pytest.mark.parametrize("name", ["run.py", "a.sh", "library.so"])
def test_a_pack_holds_no_programs(copy, name):
    (copy / name).write_text("x")
    with pytest.raises(PackError) as refused:
        load_pack(copy)
    assert refused.value.findings[0].code == "packs.file_kind"


def test_links_out_of_the_folder_are_refused(copy):
    (copy / "texts" / "passwd.md").symlink_to("/etc/passwd")
    with pytest.raises(PackError):
        load_pack(copy)


def test_the_digest_tells_every_change(copy):
    before = load_pack(copy).digest
    assert before == load_pack(TEMPLATE).digest
    changed(copy, "form.json", "500", "501")
    assert load_pack(copy).digest != before


def walked(folder):
    return next(trial for trial in test_pack(folder) if not trial.name.startswith("examples/answers"))


def test_answers_that_do_not_fit_say_which(copy):
    line = changed(copy, "examples/answers-full.yaml", "刚搬到本区居住。", "无")
    (trial,) = [trial for trial in test_pack(copy) if not trial.passed]
    assert [(f.code, f.position) for f in trial.findings] == [
        ("packs.example_answers", f"examples/answers-full.yaml:{line}")
    ]


def test_nothing_is_asked_beyond_the_list():
    folder = FOOD
    pack = load_pack(folder)
    files = dict(pack.files)
    files["form.json"] = files["form.json"].replace(b'"material": "floor_plan"', b'"material": "tax_receipt"')
    from zhengtong.matters.catalog.packs import findings_of, pack_of_files

    found = {finding.code: finding.params["material"] for finding in findings_of(pack_of_files(files))}
    assert found == {"packs.material_beyond": "tax_receipt", "packs.material_unasked": "floor_plan"}


def test_an_example_that_is_wrong_says_where(copy):
    line = changed(copy, "examples/approved.yaml", 'promise_due: "2025-03-10"', 'promise_due: "2025-03-11"')
    trial = walked(copy)
    assert [(f.code, f.position, f.params["found"]) for f in trial.findings] == [
        ("packs.example", f"examples/approved.yaml:{line}", "2025-03-10")
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("task: examine, outcome: accept", "task: decide, outcome: accept", "流程此时不在 decide；它在 "),
        ("task: examine, outcome: accept", "task: examine, outcome: dance", "dance"),
        ("task: examine, outcome: accept", "action: cases.close@1", "还没有执行到 cases.close@1"),
        ("event: submit", "message: nobody.waits", "第一步应当是 event: submit"),
        ("event: submit", "task: examine, outcome: accept", "第一步应当是 event: submit"),
    ],
)
def test_a_step_that_does_not_work_says_which_and_why(copy, before, after, said):
    changed(copy, "examples/approved.yaml", before, after)
    trial = walked(copy)
    assert trial.findings[0].code == "packs.example_step"
    assert said in trial.findings[0].text()


def test_a_refusal_without_reasons_cannot_be_tried(copy):
    changed(copy, "examples/approved.yaml", "task: decide, outcome: approve", "task: decide, outcome: refuse")
    trial = walked(copy)
    assert trial.findings[0].code == "packs.example_step"
    assert "reasons" in trial.findings[0].text("en")


def test_law_texts_are_read_by_article(tmp_path):
    text = "# 法\n\n<!-- INFO END -->\n\n## 第一章\n\n第一条 甲。\n\n乙。\n\n第二条　丙。\n"
    assert articles_of(text) == {"第一条": "甲。\n乙。", "第二条": "丙。"}
    (tmp_path / "试法(2020-01-01).md").write_text(text, encoding="utf-8")
    (tmp_path / "试法(2024-01-01).md").write_text(text.replace("丙", "丁"), encoding="utf-8")
    laws = LawTexts(tmp_path)
    assert laws.article("中华人民共和国试法", "第二条") == "丁。"
    assert laws.article("试法", "第二条", "2020-01-01") == "丙。"
    assert laws.article("试法", "第三条") is None
    assert not laws.has("试法", "2021-01-01")


def test_every_sentence_is_in_both_languages():
    assert all(set(said) == {"zh-hans", "en"} for said in TEXTS.values())


LEAD = """situations:
  - code: kind
    options:
      - {code: new}
      - {code: other, leads: not_here.other, find: 备案}
"""
LEAD_TEXT = """
situations:
  kind:
    question: q
    options: {new: n, other: o}
"""


def test_an_answer_that_leads_elsewhere_says_where_to(copy):
    """Title, words and, where something is to be searched for, the words of the link: in both languages."""
    path = copy / "service.yaml"
    line = path.read_text(encoding="utf-8").count("\n") + 5
    path.write_text(path.read_text(encoding="utf-8") + LEAD, encoding="utf-8")
    for locale in ("zh-hans", "en"):
        texts = copy / "texts" / f"service.{locale}.yaml"
        texts.write_text(texts.read_text(encoding="utf-8") + LEAD_TEXT, encoding="utf-8")
    found = [(finding.position, finding.params) for finding in check_pack(copy)]
    parts = [f"situations.kind.leads.other.{part}" for part in ("title", "words", "link")]
    assert found == [
        (f"service.yaml:{line}", {"locale": locale, "key": key}) for locale in ("zh-hans", "en") for key in parts
    ]


def test_what_is_said_to_elders_is_said_in_both_languages(copy):
    changed(copy, "texts/service.en.yaml", "quota: No limit", "quota: No limit\nspoken: {summary: Get it first.}")
    found = [(finding.code, finding.params) for finding in check_pack(copy)]
    assert found == [("packs.text_missing", {"locale": "zh-hans", "key": "spoken.summary"})]
    changed(copy, "texts/service.zh-hans.yaml", "quota: 不限", "quota: 不限\nspoken: {summary: 先办这个。}")
    assert not check_pack(copy)


def test_no_other_start_than_the_application_begins_the_process_of_a_service(copy):
    beside = '<startEvent id="again"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>'
    flow = '<sequenceFlow id="again_on" sourceRef="again" targetRef="{}"/>'
    text = (copy / "process.bpmn").read_text(encoding="utf-8")
    first = re.search(r'<userTask id="(\w+)"', text)
    assert first is not None
    changed(copy, "process.bpmn", "</process>", f"{beside}</startEvent>{flow.format(first[1])}</process>")
    found = [finding for finding in check_pack(copy) if finding.code == "packs.start_triggered"]
    assert [finding.params for finding in found] == [{"element": "again"}]


def test_a_text_longer_than_is_kept_is_told_with_its_element(copy):
    path = copy / "process.bpmn"
    text = path.read_text(encoding="utf-8")
    named = re.search(r'<userTask id="(\w+)" name="([^"]*)"', text)
    assert named is not None
    path.write_text(text.replace(f'name="{named[2]}"', f'name="{"审" * 121}"', 1), encoding="utf-8")
    found = [finding for finding in check_pack(copy) if "121" in finding.text("en")]
    assert [(finding.code, finding.params["element"]) for finding in found] == [("packs.process", named[1])]
    assert "最多 120" in found[0].text("zh-hans")
