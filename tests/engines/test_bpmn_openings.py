"""By what a process begins of itself, and at which instants."""

import datetime as dt

import pytest

from engines.bpmn_drawing import NOW, chain, clock, graph, message, node, signal, task, timer
from zhengtong.engines.bpmn import BpmnError, Opening, openings

DAY = dt.timedelta(days=1)


def opened(inside: str, now: dt.datetime = NOW) -> Opening:
    body = node("startEvent", "s", inside), task("a"), node("endEvent", "e"), chain("s", "a", "e")
    return openings(graph(*body), now)[0]


@pytest.mark.parametrize(
    ("time", "unit", "due", "times"),
    [
        ("2025-03-03T09:00:00Z", "timeDate", NOW, 1),
        ("2025-03-03T08:59:59Z", "timeDate", None, 1),
        ("PT0S", "timeDuration", NOW, 1),
        ("P1DT1H", "timeDuration", NOW + DAY + dt.timedelta(hours=1), 1),
        ("R3/P1D", "timeCycle", NOW + DAY, 3),
        ("R/P1D", "timeCycle", NOW + DAY, None),
        ("R3/2025-03-03T09:00:00Z/P1D", "timeCycle", NOW, 3),
        ("R3/2025-03-01T09:00:00Z/P1D", "timeCycle", NOW, 1),
        ("R3/2025-03-01T09:00:01Z/P1D", "timeCycle", NOW + dt.timedelta(seconds=1), 1),
        ("R3/2025-02-01T09:00:00Z/P1D", "timeCycle", None, -27),
        ("R/1999-01-31T09:00:00Z/P1M", "timeCycle", dt.datetime(2025, 3, 28, 9, tzinfo=dt.UTC), None),
        ("R/1999-01-01T00:00:00Z/PT1S", "timeCycle", NOW, None),
    ],
)
def test_instants(time: str, unit: str, due: dt.datetime | None, times: int | None) -> None:
    found = opened(timer(time, unit))
    assert (found.trigger, found.due, found.times) == ("timer", due, times)


def test_the_instant_after_another() -> None:
    assert opened(timer("R/P1M", "timeCycle")).after(NOW) == dt.datetime(2025, 4, 3, 9, tzinfo=dt.UTC)
    assert opened(timer("P1D")).after(NOW) is None
    with pytest.raises(BpmnError) as caught:
        opened(timer("R/P9999Y", "timeCycle"), dt.datetime(1, 1, 1, tzinfo=dt.UTC)).after(NOW)
    assert caught.value.code == "bpmn.timer_failed"


def test_names_and_what_nobody_outside_can_tell() -> None:
    assert opened(message()) == Opening("s", "message", "m")
    assert opened(signal()) == Opening("s", "signal", "g")
    assert (opened(clock("legal")).due, opened(clock("legal")).times) == (None, None)
    receive = node("receiveTask", "r", messageRef="message_n", instantiate="true")
    body = node("startEvent", "s"), receive, task("a"), node("endEvent", "e"), chain("s", "a", "e"), chain("r", "a")
    assert openings(graph(*body), NOW) == (Opening("r", "message", "n"),)
