"""Every third-party model is kept whole, and each is either run or refused with reasons."""

import pathlib
import random
from datetime import UTC, datetime

import pytest
from lxml import etree

from zhengtong.engines.bpmn import (
    ActionDone,
    BpmnError,
    DataChanged,
    Event,
    Graph,
    MessageReceived,
    SignalReceived,
    State,
    TaskCompleted,
    TimerFired,
    Wait,
    check,
    compile_process,
    from_rows,
    read,
    start,
    step,
    to_rows,
    verify,
    write,
)
from zhengtong.engines.bpmn.texts import TEXTS

pytestmark = pytest.mark.conformance
ANSWERED = {Wait.TASK, Wait.ACTION, Wait.DECISION, Wait.TIMER, Wait.MESSAGE, Wait.SIGNAL, Wait.CONDITION}
NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def _files(shared_data: pathlib.Path, ending: str) -> list[pathlib.Path]:
    return sorted((shared_data / "bpmn").rglob(f"*{ending}"))


def _canonical(xml: bytes) -> bytes:
    tree = etree.ElementTree(etree.fromstring(xml))
    canonical: bytes = etree.tostring(tree, method="c14n2", with_comments=True)
    return canonical


def test_every_model_round_trips_whole(shared_data: pathlib.Path) -> None:
    files = _files(shared_data, ".bpmn")
    assert len(files) >= 148
    for file in files:
        xml = file.read_bytes()
        again = write(read(xml))
        assert _canonical(again) == _canonical(xml), file.name
        assert write(read(again)) == again, file.name


def test_a_decision_table_is_not_a_process(shared_data: pathlib.Path) -> None:
    files = _files(shared_data, ".dmn")
    assert files
    for file in files:
        with pytest.raises(BpmnError) as caught:
            read(file.read_bytes())
        assert caught.value.code == "bpmn.not_bpmn"


def test_every_model_is_executable_or_says_why_not(shared_data: pathlib.Path) -> None:
    for file in _files(shared_data, ".bpmn"):
        report = check(file.read_bytes())
        findings = report["findings"]
        assert report["importable"], file.name
        assert isinstance(findings, list)
        blocking = [finding for finding in findings if finding["blocking"]]
        assert bool(blocking) is not report["executable"], file.name
        for finding in findings:
            assert finding["code"] in TEXTS
            assert finding["message"]["en"] != finding["code"]


def test_no_model_compiles_with_an_element_that_nothing_runs(shared_data: pathlib.Path) -> None:
    """What compiles accounts for every flow node of the process; nothing fell by the way."""
    for file, name, graph in _executable(shared_data):
        (process,) = read(file.read_bytes()).tree.getroot().xpath("//*[local-name()='process'][@id=$p]", p=name)
        flows = [element for element in process.iter("{*}sequenceFlow")]
        assert sum(len(node.outgoing) for node in graph.nodes.values()) == len(flows), file.name
        nodes = {element.get("sourceRef") for element in flows} | {element.get("targetRef") for element in flows}
        assert nodes <= set(graph.nodes), file.name


def test_what_compiles_runs(shared_data: pathlib.Path) -> None:
    ran = 0
    for file, _name, graph in _executable(shared_data):
        for at in graph.starts:
            _run(graph, at, random.Random(f"{file.name} {at}"))
            ran += 1
    assert ran


def _executable(shared_data: pathlib.Path) -> list[tuple[pathlib.Path, str, Graph]]:
    found = []
    for file in _files(shared_data, ".bpmn"):
        model = read(file.read_bytes())
        for name in model.process_ids:
            try:
                found.append((file, name, compile_process(model, name)))
            except BpmnError:
                continue
    return found


def _run(graph: Graph, at: str, luck: random.Random) -> None:
    fault, state = "", State()
    try:
        state = start(graph, {}, NOW, at).state
    except BpmnError as refusal:
        fault = refusal.code
    # One of them calls itself before anything waits, one chooses at once by data that nobody gives.
    assert fault in ("", "bpmn.too_nested", "bpmn.no_true_condition")
    for _ in range(100):
        if state.ended:
            return
        ready = [token for token in state.tokens if token.wait in ANSWERED]
        if not ready:
            return
        event = _event(graph, luck.choice(ready).id, state)
        fault = ""
        try:
            state = step(graph, state, event, {}, NOW).state
        except BpmnError as refusal:
            fault = refusal.code
        if fault:
            assert fault in ("bpmn.no_true_condition", "bpmn.endless")
            return
        verify(graph, state)
        state = from_rows(to_rows(state), state.next_id)


def _event(graph: Graph, number: int, state: State) -> Event:
    token = state.find(number)
    assert token is not None
    if token.wait is Wait.TIMER:
        return TimerFired(number)
    if token.wait is Wait.MESSAGE:
        return MessageReceived(token.name, token=number)
    if token.wait is Wait.SIGNAL:
        return SignalReceived(token.name)
    if token.wait is Wait.CONDITION:
        return DataChanged()
    if token.wait is Wait.TASK:
        outcomes = graph.nodes[token.element].outcomes
        return TaskCompleted(number, {"outcome": outcomes[0]} if outcomes else {})
    return ActionDone(number)
