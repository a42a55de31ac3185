"""Textbook faults of processes, each found with its elements and the way there, and processes that have none."""

import re
import time

import pytest

from engines.bpmn_drawing import chain, document, escalation, flow, graph, line, node, process, task
from engines.bpmn_faulty import END, FAULTS, SOUND, START, boundary, exclusive, inner, parallel
from zhengtong.engines.bpmn import compile_process, read
from zhengtong.engines.bpmn.soundness import Soundness, Verdict, examine
from zhengtong.engines.bpmn.soundness.texts import TEXTS


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_with_its_elements(name: str) -> None:
    body, expected = FAULTS[name]
    result = examine(graph(*body))
    assert result.verdict is Verdict.UNSOUND
    found = [(fault.code, sorted(fault.elements)) for fault in result.findings]
    each = [(code, elements) for code, told in expected.items() for elements in told.split("|")]
    assert sorted(found) == sorted((f"soundness.{code}", elements.split()) for code, elements in each)


@pytest.mark.parametrize("name", SOUND)
def test_sound_processes_are_called_sound(name: str) -> None:
    result = examine(graph(*SOUND[name]))
    assert (result.verdict, result.findings) == (Verdict.SOUND, ())


def test_a_finding_says_what_to_do_in_both_languages_and_how_it_comes_about() -> None:
    (body, _) = FAULTS["a choice joined by a parallel gateway waits for the branch not taken"]
    deadlock = examine(graph(*body)).findings[0]
    assert deadlock.witness in (("s", "x", "a"), ("s", "x", "b"))
    assert deadlock.params["flows"] == ("b_j",) if "a" in deadlock.witness else ("a_j",)
    told = deadlock.as_dict()
    assert (told["element"], told["elements"], told["blocking"]) == ("j", ["j"], True)
    assert told["message"] == {"zh-hans": deadlock.text("zh-hans"), "en": deadlock.text("en")}
    assert "j" in deadlock.text("en")
    assert re.search("[㐀-鿿]", deadlock.text("zh-hans"))


def test_an_uncovered_value_is_shown() -> None:
    (body, _) = FAULTS["a value that no condition covers"]
    (gap,) = examine(graph(*body)).findings
    assert "v = 10" in gap.text("en")
    (body, _) = FAULTS["an outcome that no condition covers"]
    (gap,) = examine(graph(*body)).findings
    assert gap.params["example"] == {"outcome": "later"}


def test_every_finding_has_its_sentences() -> None:
    places = re.compile(r"{(\w+)}")
    for code, sentences in TEXTS.items():
        assert code.startswith("soundness.")
        assert set(places.findall(sentences["zh-hans"])) == set(places.findall(sentences["en"]))


def test_what_does_more_than_compare_is_undecided_without_a_default_and_sound_with_one() -> None:
    body = [START, END, task("a"), flow("s", "x"), flow("x", "a", "count(items) > 3"), flow("a", "e")]
    open_end = [*body, node("exclusiveGateway", "x"), flow("x", "e", "count(items) < 4")]
    result = examine(graph(*open_end))
    assert result.verdict is Verdict.UNDECIDED
    assert [(f.code, f.elements, f.blocking) for f in result.findings] == [
        ("soundness.default_unproven", ("x",), False)
    ]
    assert examine(graph(*body, node("exclusiveGateway", "x", default="x_e"), flow("x", "e"))).verdict is Verdict.SOUND


def test_a_called_process_counts_for_its_caller() -> None:
    def calling(*called: str) -> Soundness:
        body = START + END + node("callActivity", "c", calledElement="q") + chain("s", "c", "e")
        inside = node("startEvent", "qs") + node("endEvent", "qe") + "".join(called)
        return examine(compile_process(read(document(body, beside=process("q", inside))), "p"))

    assert calling(task("a"), chain("qs", "a", "qe")).verdict is Verdict.SOUND
    stuck = [exclusive("x", "x_b"), task("a"), task("b"), parallel("j"), chain("qs", "x", "b", "j", "qe")]
    (fault,) = calling(*stuck, chain("a", "j"), flow("x", "a", "n")).findings
    assert (fault.code, fault.elements, fault.params["process"]) == ("soundness.called_unsound", ("c",), "q")
    either = flow("x", "qe", "count(n) > 1") + flow("x", "a", "count(n) < 2")
    unclear = calling(exclusive("x"), task("a"), chain("qs", "x"), chain("a", "qe"), either)
    assert unclear.verdict is Verdict.UNDECIDED
    again = calling(node("callActivity", "d", calledElement="p"), chain("qs", "d", "qe"))
    assert [(fault.code, fault.elements) for fault in again.findings] == [("soundness.called_undecided", ("c",))]


def test_how_often_something_inside_escalates_is_not_counted() -> None:
    told = boundary("told", "w", escalation("x"), stops=False)
    tell = node("intermediateThrowEvent", "tell", escalation("x"))
    body = [START, END, told, parallel("j"), chain("s", "w", "j", "e"), flow("told", "j")]
    body.append(inner("w", tell, chain("ws", "tell", "we")))
    result = examine(graph(*body))
    assert result.verdict is Verdict.UNDECIDED
    assert [(fault.code, fault.elements) for fault in result.findings] == [("soundness.times_unknown", ("told",))]


def _hurried(width: int) -> list[str]:
    """Parallel branches, each of which may end everything: this cannot be folded."""
    body = [START, END, parallel("f"), parallel("j"), flow("s", "f"), flow("j", "e"), node("endEvent", "stop", STOP)]
    for number in range(width):
        pick = node("exclusiveGateway", f"x{number}", default=f"on{number}")
        body += [task(f"a{number}"), pick, task(f"b{number}"), chain("f", f"a{number}", f"x{number}")]
        body += [flow(f"x{number}", "stop", "bad"), flow(f"x{number}", f"b{number}", name=f"on{number}")]
        body.append(flow(f"b{number}", "j"))
    return body


STOP = node("terminateEventDefinition", "d")


def test_beyond_the_limit_nothing_is_called_sound() -> None:
    assert examine(graph(*_hurried(8))).verdict is Verdict.SOUND
    result = examine(graph(*_hurried(30)), 300)
    assert result.verdict is Verdict.UNDECIDED
    assert [(f.code, f.elements, f.params["limit"]) for f in result.findings] == [
        ("soundness.too_many_states", ("s",), 300)
    ]


def test_two_hundred_activities_are_examined_at_once() -> None:
    compiled = compile_process(read(line(200)))
    began = time.perf_counter()
    assert examine(compiled).verdict is Verdict.SOUND
    assert time.perf_counter() - began < 2
