"""The decision engine against the DMN technology compatibility kit, case by case."""

import datetime as dt
import pathlib
import zoneinfo
from collections import Counter
from collections.abc import Iterator

import pytest

from zhengtong.engines import feel
from zhengtong.engines.dmn import Decisions, DmnError, analyse, compile_model, read
from zhengtong.engines.dmn.kit import Outcome, Suite, Verdict, read_suite, run_case
from zhengtong.engines.dmn.texts import TEXTS

pytestmark = pytest.mark.conformance
NOW = dt.datetime(2025, 3, 3, 9, 0, tzinfo=dt.UTC)
CASES = {2: 116, 3: 2508}
EXTERNAL = "0076-feel-external-java"
"""Its functions are Java's; they are never run, so its cases are skipped."""


def run() -> feel.Run:
    return feel.Run(NOW, zones=zoneinfo.ZoneInfo)


def compiled(folder: pathlib.Path, name: str) -> Decisions:
    beside = {path.name: path.read_bytes() for path in folder.glob("*.dmn") if path.name != name}
    return compile_model(read((folder / name).read_bytes()), beside)


def suites(shared_data: pathlib.Path, level: int) -> Iterator[tuple[pathlib.Path, Suite]]:
    for path in sorted((shared_data / "dmn-tck" / f"compliance-level-{level}").glob("*/*.xml")):
        yield path, read_suite(path.read_bytes(), run)


@pytest.mark.parametrize("level", CASES)
def test_every_case_of_a_level_passes(shared_data: pathlib.Path, level: int) -> None:
    found: Counter[Verdict] = Counter()
    failed: list[str] = []
    skipped: set[str] = set()
    for path, suite in suites(shared_data, level):
        decisions = compiled(path.parent, suite.model)
        for case in suite.cases:
            outcome = run_case(decisions, case, run)
            found[outcome.verdict] += 1
            if outcome.verdict is Verdict.FAILED:
                failed.append(f"{path.parent.name} {outcome.case}: {outcome.reason}")
            elif outcome.verdict is Verdict.SKIPPED:
                skipped.add(path.parent.name)
    assert not failed, "\n".join(failed)
    assert found.total() == CASES[level]
    assert skipped <= {EXTERNAL}


def test_an_answer_is_the_same_with_its_reasons(shared_data: pathlib.Path) -> None:
    """Tracing every decision of level 2 changes nothing and never fails."""
    from zhengtong.engines.dmn import decide, explain

    for path, suite in suites(shared_data, 2):
        decisions = compiled(path.parent, suite.model)
        for case in suite.cases:
            for expected in case.expected:
                plainly = decide(decisions, case.facts, decision=expected.name, run=run())
                traced = decide(decisions, case.facts, decision=expected.name, run=run(), trace=True)
                assert plainly == traced
                assert traced.trace is not None
                for locale in ("zh", "en"):
                    assert all(explain(traced.trace, locale).letter())
                assert traced.trace.as_dict()["steps"]


def test_every_model_is_analysed_in_sentences(shared_data: pathlib.Path) -> None:
    for path in sorted((shared_data / "dmn-tck").rglob("*.dmn")):
        for finding in analyse(compiled(path.parent, path.name)):
            assert finding.code in TEXTS
            assert "{" not in finding.text("en") or finding.inner is not None


def test_a_wrong_answer_fails_and_a_wrong_model_is_refused(shared_data: pathlib.Path) -> None:
    """The kit can fail: an altered model fails its suite."""
    folder = shared_data / "dmn-tck" / "compliance-level-2" / "0116-count-collect-hitpolicy"
    suite = read_suite((folder / "0116-count-collect-hitpolicy-test-01.xml").read_bytes())
    xml = (folder / suite.model).read_bytes()
    altered = compile_model(read(xml.replace(b'aggregation="COUNT"', b'aggregation="SUM"')))
    outcomes: list[Outcome] = [run_case(altered, case) for case in suite.cases]
    assert {outcome.verdict for outcome in outcomes} == {Verdict.FAILED}
    with pytest.raises(DmnError):
        read_suite(xml)
