"""Faults of a pack that would only be met later: by whoever applies, or after somebody was approved."""

import pathlib
import shutil

import pytest
import yaml

from zhengtong.matters.catalog.packs import PackError, check_pack, draw_result, load_pack, serial_of, test_pack

ROOT = pathlib.Path(__file__).resolve().parents[2] / "packs"
FOOD = ROOT / "market-supervision" / "food-business-licence"
TEMPLATE = ROOT / "_template"
GOOD = "steps: [{on: 2025-03-03, event: submit}]"


@pytest.fixture
def food(tmp_path):
    return pathlib.Path(shutil.copytree(FOOD, tmp_path / "food-business-licence"))


@pytest.fixture
def plain(tmp_path):
    return pathlib.Path(shutil.copytree(TEMPLATE, tmp_path / "pack"))


def stated(folder, path, value):
    """service.yaml with another value at a dotted path; None takes it away."""
    file = folder / "service.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    *above, last = (int(part) if part.isdecimal() else part for part in path.split("."))
    inner = data
    for part in above:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("setting_basis", [], "packs.none_stated"),
        ("remedies.basis", [], "packs.none_stated"),
        ("delivery_modes", [], "packs.none_stated"),
        ("situations.0.options", [], "packs.none_stated"),
        ("item.region", "999999", "packs.code"),
        ("item.region", "110108001", "packs.code"),
        ("version", 0, "packs.kind"),
        ("id", "../../etc/passwd", "packs.kind"),
        ("limits.promise", {"number": 10, "unit": "hour"}, "packs.limit_hours"),
        ("limits.correction_due.number", 0, "packs.correction_due"),
        ("fees", [{"code": "paper", "amount": "随意", "basis": {"law": "价格法", "article": "第八条"}}], "packs.fee"),
        ("materials.0.from", None, "packs.material_unsupplied"),
        ("materials.0.from", "no.register", "packs.material_source"),
        ("materials.6.when", "activity = ", "packs.material_condition"),
        ("materials.6.when", "nobody_asks = 1", "packs.material_when_unasked"),
        ("materials.6.when", "online = true", "packs.material_when_differs"),
        ("materials.6.when", None, "packs.material_when_differs"),
        ("materials.9.necessity", "required", "packs.material_not_required"),
        ("result.licence_type_code", None, "packs.missing"),
        ("result.licence_type_code", "1110000000000401XA00", "packs.code"),
        ("result.licence_type_code", "1110000000000401XB001", "packs.code"),
        ("result.serial", "{year}", "packs.result_serial"),
        ("result.serial", "{seq:06d}", "packs.result_serial"),
        ("result.serial", "{year}{seq:06d}{seq:06d}", "packs.result_serial"),
        ("result.serial", "第{year}{seq}", "packs.result_serial"),
        ("result.serial", "{year}{seq.__class__}", "packs.result_serial"),
        ("result.number", "JY{nothing}{seq:06d}", "packs.result_number"),
        ("result.number", "JY{activity}", "packs.result_number"),
        ("result.number", "JY{check}{seq:06d}", "packs.result_number"),
        ("result.number", "JY{seq:999999999d}", "packs.result_number"),
        ("result.number", "JY{region:06d}{seq:06d}", "packs.result_number"),
        ("result.number", "JY{seq:06d", "packs.result_number"),
        ("result.fields.0.from", "answers.nobody_asks", "packs.result_source"),
        ("result.fields.0.from", "applicant.shoe_size", "packs.result_source"),
    ],
)
def test_it_is_found_before_anybody_applies(food, path, value, code):
    stated(food, path, value)
    if path == "fees":
        for locale in ("zh-hans", "en"):
            texts = food / "texts" / f"service.{locale}.yaml"
            texts.write_text(texts.read_text(encoding="utf-8") + "\nfees: {paper: {name: 工本费}}\n", encoding="utf-8")
    found = [finding for finding in check_pack(food, facts=FACTS) if finding.blocking]
    assert code in {finding.code for finding in found}
    for finding in found:
        assert finding.position.startswith("service.yaml:")
        assert "packs." not in finding.text() + finding.text("en")


FACTS = {
    material["from"]: frozenset({"division"})
    for folder in (FOOD, TEMPLATE)
    for material in load_pack(folder).service["materials"]
    if material.get("from")
}


@pytest.mark.parametrize("number", ["{seq}", "JY{activity}{region}{seq:06d}{check}", "食字〔{year}〕{seq:04d}号"])
def test_numbers_that_can_be_made_are_allowed(food, number):
    stated(food, "result.number", number)
    stated(food, "result.serial", "A{year}{seq:08d}")
    assert check_pack(food, facts=FACTS) == ()
    assert serial_of("A{year}{seq:08d}", 2025, 123) == "A202500000123"


@pytest.mark.parametrize("raw", ["[" * 100_000, '{"a":' * 100_000])
def test_a_form_nested_without_end_is_told(plain, raw):
    (plain / "form.json").write_text(raw)
    assert "packs.form" in {finding.code for finding in check_pack(plain)}


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("service.yaml", "a: [1", "packs.yaml"),
        ("form.json", "{", "packs.form"),
        ("form.json", '{"type": "object"}', "packs.form"),
        ("process.bpmn", "<a", "packs.process"),
        ("process.bpmn", None, "packs.no_process"),
        ("form.json", None, "packs.no_form"),
    ],
)
def test_a_pack_that_cannot_be_tried_says_why(plain, name, raw, code):
    path = plain / name
    path.unlink() if raw is None else path.write_text(raw)
    with pytest.raises(PackError) as refused:
        test_pack(plain)
    assert code in {finding.code for finding in refused.value.findings}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("just words", "packs.kind"),
        ("name: x", "packs.missing"),
        ("steps: []", "packs.kind"),
        ("steps: nope", "packs.kind"),
        ("steps: [a, b]", "packs.kind"),
        ("steps: [{event: submit}]", "packs.kind"),
        ("steps: [{on: 2025-02-30, event: submit}]", "packs.kind"),
        ("steps: [{on: 2025-03-03}]", "packs.kind"),
        ("steps: [{on: 2025-03-03, event: submit, task: examine}]", "packs.kind"),
        ("steps: [{on: 2025-03-03, task: examine}]", "packs.kind"),
        ("steps: [{on: 2025-03-03, event: submit, outcom: x}]", "packs.unknown_key"),
        (f"{GOOD}\nexpects: {{ended: true}}", "packs.unknown_key"),
        (f"{GOOD}\nexpect: 3", "packs.kind"),
        (f"{GOOD}\nexpect: [ended]", "packs.kind"),
        (f"{GOOD}\ncounters: {{case: many}}", "packs.kind"),
        (f"{GOOD}\ncounters: [1]", "packs.kind"),
        (f"{GOOD}\nanswers: 3", "packs.kind"),
        (f"{GOOD}\nanswers: nowhere.yaml", "packs.example_file"),
        (f"{GOOD}\nfacts: {{a.b: 1}}", "packs.kind"),
        (f"{GOOD}\nerrors: all", "packs.kind"),
        ("steps: [", "packs.yaml"),
        ("steps: [{on: 2031-03-03, event: submit}]", "packs.example_step"),
    ],
)
def test_a_misshapen_example_fails_with_its_line(plain, raw, code):
    (plain / "examples" / "broken.yaml").write_text(raw, encoding="utf-8")
    (trial,) = [trial for trial in test_pack(plain) if not trial.passed]
    assert code in {finding.code for finding in trial.findings}
    assert all(finding.position.startswith("examples/broken.yaml:") for finding in trial.findings)
    told = {finding.code for finding in check_pack(plain)}
    assert (code in told) is (code != "packs.example_step"), "what can be seen without walking is told by the check too"


def test_answers_that_are_no_answers_fail(plain):
    (plain / "examples" / "answers-list.yaml").write_text("- 1\n")
    assert [trial.name for trial in test_pack(plain) if not trial.passed] == ["examples/answers-list.yaml"]


def test_a_licence_that_cannot_be_drawn_is_told_before_anybody_is_approved(food):
    (food / "result.typ").write_text('#read("/etc/passwd")')
    drawn = draw_result(load_pack(food))
    assert drawn is not None
    assert [(finding.code, finding.position) for finding in drawn.findings] == [
        ("packs.result_not_drawn", "result.typ:1")
    ]
    assert "root:" not in drawn.findings[0].text("en")


def test_what_is_no_licence_is_not_drawn(plain):
    assert draw_result(load_pack(plain)) is None
