"""A document of many processes that call one another is looked at in steps that grow with it and no faster."""

from typing import Any

import pytest

from engines.bpmn_drawing import chain, document, node, process, task
from zhengtong.engines.bpmn import compile_process, read
from zhengtong.engines.bpmn.compilation import compiling
from zhengtong.engines.bpmn.soundness import examine, examining, review


def chained(count: int, last: str = "") -> bytes:
    """Processes `p0`, `p1` …, each calling the next; `last` is drawn into the last one."""

    def body(number: int) -> str:
        end = number + 1 == count
        s, a, c, e = (f"{place}{number}" for place in "sace")
        call = task(c) if end else node("callActivity", c, calledElement=f"p{number + 1}")
        more = last if end else ""
        return node("startEvent", s) + task(a) + call + node("endEvent", e) + chain(s, a, c, e) + more

    rest = "".join(process(f"p{number}", body(number)) for number in range(1, count))
    return document(body(0), beside=rest).replace(b'<process id="p">', b'<process id="p0">')


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often a process was compiled, and a level built."""
    counted = {"compiled": 0, "built": 0}

    def counting(name: str, run: Any) -> Any:
        def counted_run(*given: Any, **named: Any) -> Any:
            counted[name] += 1
            return run(*given, **named)

        return counted_run

    monkeypatch.setattr(compiling, "_compile", counting("compiled", compiling._compile))
    monkeypatch.setattr(examining, "build", counting("built", examining.build))
    return counted


@pytest.mark.parametrize("count", [10, 40, 120])
def test_each_process_is_compiled_twice_and_examined_twice(count: int, steps: dict[str, int]) -> None:
    """Once for the check and once for soundness; once of itself and once as what another calls."""
    report = review(chained(count))
    assert steps == {"compiled": 2 * count, "built": 2 * count - 1}
    assert report["executable"] is True
    assert report["soundness"] == ("sound" if count <= 41 else "undecided")


def test_what_is_wrong_at_the_end_is_told_there_and_of_all_who_call_it() -> None:
    fault = node("parallelGateway", "j") + task("k") + chain("a11", "j", "k") + chain("k", "j")
    report = review(chained(12, fault))
    assert report["soundness"] == "unsound"
    found: Any = report["findings"]
    said = {(each["process"], each["code"]) for each in found if each["code"].startswith("soundness.")}
    assert ("p11", "soundness.deadlock") in said
    assert {(f"p{number}", "soundness.called_unsound") for number in range(11)} <= said


@pytest.mark.parametrize("count", [39, 40, 41, 42, 43, 60])
def test_together_or_alone_each_is_told_the_same(count: int) -> None:
    xml = chained(count)
    model = read(xml)
    report: Any = review(xml)
    for told in report["processes"]:
        alone = examine(compile_process(model, told["id"]))
        assert told["soundness"] == alone.verdict.value, told["id"]
        codes = [each["code"] for each in report["findings"] if each["process"] == told["id"]]
        assert codes == [fault.code for fault in alone.findings]


def test_those_that_call_one_another_in_a_ring_are_told_as_alone() -> None:
    xml = chained(6, node("callActivity", "r", calledElement="p2") + chain("a5", "r", "e5"))
    model, report = read(xml), review(xml)
    processes: Any = report["processes"]
    for told in processes:
        assert told["soundness"] == examine(compile_process(model, told["id"])).verdict.value == "undecided"
