"""When timers are due: spans, instants and repetitions, written or computed."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from engines.bpmn_drawing import NOW, chain, graph, node, task, timer
from engines.bpmn_instance import Instance, refused
from zhengtong.engines.bpmn import BpmnError, CancelTimer, ProcessEnded, StartTimer, TimerFired, start
from zhengtong.engines.bpmn.instants import Cycle, Duration, parse_cycle

START, END = node("startEvent", "s"), node("endEvent", "e")
DAY = Duration(0, timedelta(days=1))


def _waiting(time: str, unit: str, **data: object) -> Instance:
    body = START + node("intermediateCatchEvent", "t", timer(time, unit)) + END + chain("s", "t", "e")
    return Instance(graph(body), **data)


DUE = [
    ("P1DT1H", "timeDuration", NOW + timedelta(days=1, hours=1)),
    ("P1M", "timeDuration", datetime(2025, 4, 3, 9, tzinfo=UTC)),
    ("2025-03-05T08:00:00+08:00", "timeDate", datetime(2025, 3, 5, tzinfo=UTC)),
    ("R3/PT2H", "timeCycle", NOW + timedelta(hours=2)),
    ("R/2025-04-01T09:00:00+08:00/P1W", "timeCycle", datetime(2025, 4, 1, 1, tzinfo=UTC)),
    ('duration("P2D")', "timeDuration", NOW + timedelta(days=2)),
    ('duration("P1M")', "timeDuration", datetime(2025, 4, 3, 9, tzinfo=UTC)),
    ("days", "timeDuration", NOW + timedelta(days=5)),
    ("limit", "timeDuration", NOW + timedelta(days=4)),
    ("hearing", "timeDate", datetime(2025, 3, 20, 14, tzinfo=UTC)),
    ("hearing - limit", "timeDate", datetime(2025, 3, 16, 14, tzinfo=UTC)),
    ("day", "timeDate", datetime(2025, 3, 9, tzinfo=UTC)),
    ("written", "timeDate", datetime(2025, 3, 1, 1, tzinfo=UTC)),
    ("now() + limit", "timeDate", NOW + timedelta(days=4)),
    ('"R" + string(times) + "/PT1H"', "timeCycle", NOW + timedelta(hours=1)),
]
DATA: dict[str, object] = {
    "days": "P5D",
    "limit": timedelta(days=4),
    "hearing": datetime(2025, 3, 20, 14, tzinfo=UTC),
    "day": date(2025, 3, 9),
    "written": "2025-03-01T09:00:00+08:00",
    "times": 3,
}


@pytest.mark.parametrize(("time", "unit", "due"), DUE)
def test_a_timer_is_due(time: str, unit: str, due: datetime) -> None:
    run = _waiting(time, unit, **DATA)
    assert run.outcome.commands == (StartTimer(1, "t", due, ""),)
    assert run.send(TimerFired(1)).commands == (ProcessEnded(),)


@pytest.mark.parametrize(
    ("time", "unit"),
    [("nothing", "timeDuration"), ("3", "timeDate"), ('"soon"', "timeCycle"), ("true", "timeDuration")],
)
def test_what_is_no_time_is_named(time: str, unit: str) -> None:
    with pytest.raises(BpmnError) as caught:
        _waiting(time, unit)
    assert (caught.value.code, caught.value.position) == ("bpmn.timer_failed", "t")


def test_a_date_without_a_zone_is_one_of_the_zone_of_now() -> None:
    shanghai = timezone(timedelta(hours=8))
    compiled = graph(START + node("intermediateCatchEvent", "t", timer("day", "timeDate")) + END + chain("s", "t", "e"))
    (token,) = start(compiled, {"day": date(2025, 3, 9)}, NOW.astimezone(shanghai)).state.tokens
    assert token.due == datetime(2025, 3, 9, tzinfo=shanghai)


CYCLES = [
    ("R3/PT10H", Cycle(3, None, Duration(0, timedelta(hours=10)))),
    ("R/P1D", Cycle(None, None, DAY)),
    ("R1/2025-03-03T09:00:00Z/P1D", Cycle(1, NOW, DAY)),
    ("R0/P1D", None),
    ("R-1/P1D", None),
    ("R3", None),
    ("R3/", None),
    ("R3/P1D/2025-03-03T09:00:00Z", None),
    ("R3/2025-03-03T09:00:00/P1D", None),
    ("R/PT0S", None),
    ("P1D", None),
    ("0 0 9 * * MON", None),
]


@pytest.mark.parametrize(("text", "cycle"), CYCLES)
def test_repetitions(text: str, cycle: Cycle | None) -> None:
    assert parse_cycle(text) == cycle


def _reminded(time: str, cancel: str = "false") -> Instance:
    bell = node("boundaryEvent", "x", timer(time, "timeCycle"), attachedToRef="a", cancelActivity=cancel)
    body = START + task("a") + bell + task("z") + END + chain("s", "a", "e") + chain("x", "z")
    return Instance(graph(body))


def test_a_reminder_beside_a_task_comes_again_as_often_as_it_says() -> None:
    run = _reminded("R3/P1D")
    dues = []
    for _ in range(3):
        bell = run.at("x")
        dues.append(next(token.due for token in run.state.tokens if token.id == bell))
        fired = run.send(TimerFired(bell))
        assert [token.id for token in fired.change.completed] == [bell]
    assert dues == [NOW + timedelta(days=days) for days in (1, 2, 3)]
    assert run.places == ["a", "z", "z", "z"]


def test_the_next_turn_is_counted_from_the_last_one_however_late_that_fired() -> None:
    run = _reminded("R/P1D")
    run.now = NOW + timedelta(days=1, hours=20)
    run.send(TimerFired(run.at("x")))
    assert next(token.due for token in run.state.tokens if token.element == "x") == NOW + timedelta(days=2)
    assert run.done("a").commands == (CancelTimer(run.outcome.change.cancelled[0].id, "x"),)


def test_a_repetition_that_interrupts_fires_once() -> None:
    run = _reminded("R3/P1D", "true")
    run.send(TimerFired(run.at("x")))
    assert run.places == ["z"]


def test_a_timer_fires_once() -> None:
    run = _reminded("R1/P1D")
    bell = run.at("x")
    run.send(TimerFired(bell))
    assert refused(run, TimerFired(bell)) == "bpmn.timer_not_running"
    assert run.places == ["a", "z"]
