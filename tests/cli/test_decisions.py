"""`zhengtong dmn`: check a model, ask it, run suites of the compatibility kit."""

import json
import pathlib

import pytest
from click.testing import CliRunner, Result

from engines.dmn_drafting import decision, document, given, table
from zhengtong.doors.cli.main import program

COLUMNS = (("age", "number"), ("since", "date"))
LOGIC = table(
    "UNIQUE",
    COLUMNS,
    (("", "string"),),
    (">= 80", '< date("2020-01-01")', '"yes"', "Article 3"),
    annotations=("article",),
)
MODEL = document(given("age", "number"), given("since", "date"), decision("d", LOGIC, inputs=["age", "since"]))
SUITE = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
 <modelName>model.dmn</modelName>
 <testCase id="1"><inputNode name="age"><value xsi:type="xsd:decimal">81</value></inputNode>
  <inputNode name="since"><value xsi:type="xsd:date">2019-05-01</value></inputNode>
  <resultNode name="d"><expected><value xsi:type="xsd:string">yes</value></expected></resultNode></testCase>
 <testCase id="2">
  <resultNode name="d" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
 <testCase id="3"><inputNode name="age"><value xsi:type="xsd:decimal">WRONG</value></inputNode>
  <resultNode name="d"><expected><value xsi:type="xsd:string">no</value></expected></resultNode></testCase>
</testCases>"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(program, ["--lang", "en", *(str(argument) for argument in arguments)])


@pytest.fixture
def model(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "model.dmn"
    path.write_bytes(MODEL)
    return path


def test_a_model_is_checked(model: pathlib.Path) -> None:
    told = run("dmn", "check", model)
    assert told.exit_code == 0, "a gap is worth a look and keeps nobody from using it"
    assert "has a gap" in told.stdout
    findings = json.loads(run("dmn", "check", model, "--json").stdout)
    assert {finding["code"] for finding in findings} == {"dmn.gap"}
    model.write_bytes(MODEL.replace(b"&gt;= 80", b"&gt;= 'x"))
    assert run("dmn", "check", model).exit_code == 1
    model.write_bytes(MODEL[:100])
    refused = run("dmn", "check", model, "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["code"] == "dmn.not_xml"


def test_a_model_is_asked(model: pathlib.Path) -> None:
    facts = '{"age": 81.5, "since": "2019-05-01"}'
    told = run("dmn", "decide", model, "--facts", facts, "--trace")
    assert told.exit_code == 0
    assert told.stdout.splitlines()[0] == '"yes"'
    assert "Legal basis: Article 3." in told.stdout
    answer = json.loads(run("dmn", "decide", model, "--facts", facts, "--trace", "--json").stdout)
    assert (answer["value"], answer["missing"]) == ("yes", [])
    assert answer["explanation"]["letter"][0] == "d: yes."
    assert answer["trace"]["steps"][0]["name"] == "d"


def test_no_answer_is_said_and_so_is_what_is_missing(model: pathlib.Path) -> None:
    told = run("dmn", "decide", model, "--facts", "{}")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[0] == "null"
    assert "missing: age" in told.stderr
    file = model.with_name("facts.json")
    file.write_text('{"age": 1}', encoding="utf-8")
    assert run("dmn", "decide", model, "--facts", f"@{file}").exit_code == 1
    assert run("dmn", "decide", model, "--facts", "{").exit_code == 1
    for unreadable in ("[" * 10_000, "@nowhere", f"@{model.parent}", f"@{_latin(file)}"):
        assert "--facts is no JSON" in run("dmn", "decide", model, "--facts", unreadable).output
    assert run("dmn", "decide", model, "--facts", "[]").exit_code == 1
    assert run("dmn", "decide", model, "--facts", "{}", "--decision", "x").exit_code == 1


def _latin(file: pathlib.Path) -> pathlib.Path:
    file.write_bytes(b'{"name": "\xe9"}')
    return file


def test_suites_are_counted_in_the_last_line(model: pathlib.Path) -> None:
    suite = model.with_name("a-test-01.xml")
    suite.write_text(SUITE.replace("WRONG", "9"), encoding="utf-8")
    (model.parent / "other.xml").write_text("<a/>", encoding="utf-8")
    told = run("dmn", "test", model.parent, "--list-failed")
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-1] == "2 passed, 1 failed, 0 skipped"
    assert "  3: d: None, expected 'no'" in told.stdout
    counted = json.loads(run("dmn", "test", model.parent, "--json").stdout)
    assert (counted["passed"], counted["failed"], counted["skipped"]) == (2, 1, 0)
    assert [failure["case"] for failure in counted["suites"][0]["failures"]] == ["3"]
    suite.write_text(SUITE.replace("WRONG", "9").replace(">no<", "><"), encoding="utf-8")
    assert run("--lang", "zh-hans", "dmn", "test", model.parent).exit_code == 1


def test_a_suite_that_cannot_be_run_fails(model: pathlib.Path) -> None:
    suite = model.with_name("a-test-01.xml")
    suite.write_text(SUITE, encoding="utf-8")
    assert run("dmn", "test", model.parent).stdout.splitlines()[-1] == "2 passed, 1 failed, 0 skipped"
    suite.write_text(SUITE.replace("WRONG", "9").replace("model.dmn", "lost.dmn"), encoding="utf-8")
    assert run("dmn", "test", model.parent).stdout.splitlines()[-1] == "0 passed, 3 failed, 0 skipped"
    suite.write_text(SUITE[:200], encoding="utf-8")
    assert run("dmn", "test", model.parent).stdout.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"
    empty = model.parent / "empty"
    empty.mkdir()
    assert run("dmn", "test", empty).exit_code == 1
