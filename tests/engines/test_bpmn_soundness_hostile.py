"""Whatever document is examined, the answer comes within bounds and is a report, never a crash."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import chain, document, flow, node, process, sub, task
from engines.bpmn_faulty import END, FAULTS, SOUND, START, exclusive, inclusive, parallel
from zhengtong.engines.bpmn.soundness import review

WHOLE = [*(body for body, _ in FAULTS.values()), *SOUND.values()]
PATIENCE = 20.0
"""Seconds for one document, with room for a busy machine."""


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(WHOLE), st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_damaged_document_gets_a_report(body: list[str], luck: random.Random, often: int) -> None:
    xml = bytearray(document(*body))
    for _ in range(often):
        at, length = luck.randrange(len(xml)), luck.randrange(30)
        taken = bytes(xml[luck.randrange(len(xml)) :][:length])
        xml[at : at + luck.choice((0, length))] = luck.choice((taken, bytes([luck.randrange(256)]), b""))
        if not xml:
            break
    report = review(bytes(xml))
    assert set(report) >= {"importable", "executable", "soundness", "findings"}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(WHOLE), st.randoms(use_true_random=False))
def test_flows_may_lead_anywhere(body: list[str], luck: random.Random) -> None:
    """Ends of flows, and kinds of gateways, changed at random: still well-formed, mostly executable, mostly broken."""
    text = document(*body).decode()
    names = [part.split('"')[0] for part in text.split('Ref="')[1:]]
    for _ in range(3):
        old, new = luck.choice(names), luck.choice(names)
        text = text.replace(f'targetRef="{old}"', f'targetRef="{new}"', 1)
    gateways = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
    text = text.replace(luck.choice(gateways), luck.choice(gateways))
    began = time.perf_counter()
    report = review(text.encode())
    assert report["soundness"] in ("sound", "unsound", "undecided", None)
    assert time.perf_counter() - began < PATIENCE


def _nested(depth: int) -> tuple[str, str]:
    if not depth:
        return task("t"), "t"
    body, first = _nested(depth - 1)
    return sub(f"w{depth}", body, chain(f"w{depth}_s", first)), f"w{depth}"


def _calling(depth: int) -> str:
    """Processes that each call the next twice, the last one a task."""
    drawn = []
    for number in range(depth):
        name, following = f"q{number}", f"q{number + 1}"
        calls = [node("callActivity", f"{name}{which}", calledElement=following) for which in "cd"]
        drawn.append(process(name, node("startEvent", f"{name}s"), *calls, chain(f"{name}s", f"{name}c", f"{name}d")))
    last = f"q{depth}"
    return "".join(drawn) + process(last, node("startEvent", f"{last}s"), task("t"), chain(f"{last}s", "t"))


def _crossed(width: int) -> list[str]:
    """Inclusive splits, each of whose branches leads to every join: nothing folds."""
    body = [*START, parallel("f"), flow("s", "f"), END]
    for number in range(width):
        split, join = f"o{number}", f"j{number}"
        body += [inclusive(split, f"{split}_d"), inclusive(join), flow("f", split), flow(join, "e")]
        for other in range(width):
            name = f"t{number}_{other}"
            default = {"name": f"{split}_d"} if not other else {"condition": f"c{other}"}
            body += [task(name), flow(split, name, **default), flow(name, f"j{other}")]
    return body


def _wide(ways: int, condition: str) -> list[str]:
    """One choice of very many ways, and the merge after it."""
    body = [*START, END, exclusive("x", "x_0"), exclusive("m"), flow("s", "x"), flow("m", "e")]
    for number in range(ways):
        name = f"t{number}"
        default = {"name": "x_0"} if not number else {"condition": condition.format(number)}
        body += [task(name), flow("x", name, **default), flow(name, "m")]
    return body


HOSTILE = {
    "a choice of thousands of ways": document(*_wide(4000, "v = {}")),
    "thousands of ways none of which is taken": document(*_wide(4000, "other")),
    "nested as deep as may be read": document(START, _nested(90)[0], chain("s", "w90")),
    "called as deep as may be": document(
        START, node("callActivity", "c", calledElement="q0"), chain("s", "c"), beside=_calling(30)
    ),
    "called too deep": document(
        START, node("callActivity", "c", calledElement="q0"), chain("s", "c"), beside=_calling(60)
    ),
    "inclusive branches that cross": document(*_crossed(5)),
    "more branches than are looked into": document(
        *(START, END, inclusive("o", "o_e"), inclusive("j"), flow("s", "o"), flow("o", "e"), flow("j", "e")),
        *(task(f"t{n}") + flow("o", f"t{n}", f"count(c{n}) > 1") + flow(f"t{n}", "j") for n in range(12)),
    ),
}


DECIDED = {
    "a choice of thousands of ways": "sound",
    "thousands of ways none of which is taken": "unsound",
    "nested as deep as may be read": "sound",
    "called as deep as may be": "sound",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_answered_in_time(name: str) -> None:
    began = time.perf_counter()
    report = review(HOSTILE[name])
    assert time.perf_counter() - began < PATIENCE
    assert report["executable"]
    assert report["soundness"] == DECIDED.get(name, "undecided")
