"""Processes that begin of themselves: by a message, a signal, at an instant; what cannot is refused with the reason."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from engines.bpmn_drawing import chain, clock, condition, document, message, node, signal, task, timer
from factories import desks
from factories import identity as people
from factories.processes import NOW, Trial, begin, complete, waiting
from zhengtong.foundation.core import clock as time
from zhengtong.foundation.core.errors import Invalid, NotFound
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services as cases
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Errand, Message, Process, Start, Task
from zhengtong.matters.workflow.queries import in_trouble
from zhengtong.matters.workflow.queries.starts import failing_starts
from zhengtong.matters.workflow.services import delivering

pytestmark = pytest.mark.django_db
END = node("endEvent", "e")


def begun_by(trigger: str, *more: str, **attributes: str) -> bytes:
    """One task behind a start with this trigger."""
    return document(node("startEvent", "s", trigger), task("a"), END, chain("s", "a", "e"), *more, **attributes)


def sender(thrown: str = "", name: str = "q") -> bytes:
    body = (
        node("startEvent", "s"), node("intermediateThrowEvent", "t", thrown or message()), task("y"),
        node("intermediateCatchEvent", "r", message("n")), task("z"), END, chain("s", "t", "y", "r", "z", "e"),
    )  # fmt: skip
    return document(*body).replace(b'id="p"', f'id="{name}"'.encode())


def timed(time: str, unit: str, **attributes: str) -> bytes:
    return begun_by(timer(time, unit), zt_agency=people.agency().uscc or "", **attributes)


def put(xml: bytes, at: dt.datetime = NOW) -> int:
    with time.frozen(at):
        return services.put_in_force(by=SYSTEM, xml=xml)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def worked(moment: dt.datetime) -> None:
    with time.frozen(moment):
        tasks.wake()


def errands() -> list[dt.datetime | None]:
    return list(Errand.objects.order_by("id").values_list("due_at", flat=True))


def faults(xml: bytes, moment: dt.datetime = NOW) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        put(xml, moment)
    assert not Start.objects.filter(closed_at=None)
    assert all(text for _place, _code, text in caught.value.errors)
    return [(place, code) for place, code, _text in caught.value.errors]


def test_a_message_begins_a_process_about_the_matter_of_its_sender() -> None:
    number = put(begun_by(message()))
    first = begin(sender(), Trial())
    worked(NOW)
    second = Process.objects.get(definition_id=number)
    assert (second.subject_kind, second.subject_id) == ("trial", first.subject_id)
    assert waiting(second) == ["a"]
    worked(NOW)
    assert Process.objects.filter(definition_id=number).count() == 1
    assert Message.objects.get().delivered_at is not None
    assert Event.objects.filter(type="workflow.begun").count() == 1


def test_its_answer_finds_the_way_back() -> None:
    answers = document(
        node("startEvent", "s", message()), task("a"), node("endEvent", "e", message("n")), chain("s", "a", "e")
    )
    put(answers)
    first, other = begin(sender(), Trial()), begin(sender(name="q2"), Trial())
    worked(NOW)
    for run in (first, other):
        complete(run, "y")
    begun = Process.objects.exclude(id__in=[first.id, other.id]).get(subject_id=first.subject_id)
    complete(begun, "a")
    worked(NOW)
    assert (waiting(first), waiting(other)) == (["z"], [])


def test_who_awaits_a_message_has_it_before_anything_begins() -> None:
    put(begun_by(message()))
    subject = Trial()
    receive = node("receiveTask", "r", messageRef="message_m")
    run = begin(document(node("startEvent", "s"), receive, task("b"), chain("s", "r", "b")), subject)
    begin(sender(), Trial(subject.id))
    worked(NOW)
    assert waiting(run) == ["b"]
    assert Process.objects.count() == 2


def test_a_process_does_not_begin_others_of_its_own_kind_for_ever() -> None:
    put(document(
        node("startEvent", "s", message()), node("intermediateThrowEvent", "t", message()), END, chain("s", "t", "e")
    ))  # fmt: skip
    services.send_message(by=SYSTEM, name="m", data={})
    for _ in range(3):
        worked(time.now())
    assert Process.objects.count() == 1
    assert Message.objects.filter(delivered_at=None, ready=False).count() == 1, "kept, not lost"


def test_what_was_closed_while_a_message_was_on_its_way_begins_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    put(begun_by(message()))
    number = services.send_message(by=SYSTEM, name="m", data={})
    found = delivering.starts_for

    def closed_meanwhile(sent: Message) -> Any:
        seen = found(sent).first()
        Start.objects.update(closed_at=NOW)
        return SimpleNamespace(first=lambda: seen)

    with monkeypatch.context() as patch:
        patch.setattr(delivering, "starts_for", closed_meanwhile)
        worked(time.now())
    assert not Process.objects.exists()
    assert Message.objects.get(id=number).ready, "looked at again: its successor may be open"
    put(begun_by(message(), zt_agency=people.agency().uscc or ""))
    worked(time.now())
    assert Process.objects.count() == 1


def test_a_message_from_outside_begins_an_errand_with_its_data() -> None:
    agency = people.agency()
    put(begun_by(message(), zt_agency=agency.uscc or "", name="接收通报"))
    services.send_message(by=SYSTEM, name="m", data={"kind": "urgent"})
    worked(time.now())
    run = Process.objects.get()
    assert (run.subject_kind, run.data) == ("errand", {"kind": "urgent"})
    row = Task.objects.get()
    assert (row.title, row.agency_id, row.queue, row.element) == ("接收通报", agency.pk, f"{agency.pk}:clerk", "a")


def test_a_signal_begins_every_process_that_begins_by_it() -> None:
    put(begun_by(signal()))
    put(begun_by(signal()).replace(b'id="p"', b'id="p2"'))
    begin(sender(signal()), Trial())
    for _ in range(2):
        worked(NOW)
    assert Task.objects.filter(element="a").count() == 2
    assert not Message.objects.filter(delivered_at=None)


def test_a_date_begins_once_and_not_before() -> None:
    put(timed("2025-03-10T09:00:00+08:00", "timeDate"))
    worked(at("2025-03-10T00:59:59+00:00"))
    assert not Process.objects.exists()
    for moment in ("2025-03-10T01:00:00+00:00", "2025-04-01T00:00:00+00:00"):
        worked(at(moment))
        assert errands() == [at("2025-03-10T01:00:00+00:00")]
    assert Process.objects.count() == 1


def test_a_duration_counts_from_when_it_is_put_in_force() -> None:
    put(timed("P2D", "timeDuration"))
    worked(NOW + dt.timedelta(days=1, hours=23))
    assert errands() == []
    worked(NOW + dt.timedelta(days=2))
    assert errands() == [NOW + dt.timedelta(days=2)]


def test_a_cycle_begins_at_each_instant_also_at_those_slept_through() -> None:
    put(timed("R4/2025-03-01T00:00:00+00:00/P2D", "timeCycle"))
    first = at("2025-03-05T00:00:00+00:00")
    worked(first)
    assert errands() == [first], "what was over when it was put in force begins nothing"
    worked(first + dt.timedelta(days=400))
    assert errands() == [first, first + dt.timedelta(days=2)], "the third and the fourth of four"
    assert Start.objects.get().due_at is None


def test_a_new_version_goes_on_where_the_old_one_stood() -> None:
    xml = timed("R/P1D", "timeCycle", name="日报")
    put(xml)
    worked(NOW + dt.timedelta(days=1))
    put(xml.replace("日报".encode(), "每日报表".encode()), NOW + dt.timedelta(days=1, hours=12))
    assert Start.objects.get(closed_at=None).due_at == NOW + dt.timedelta(days=2)
    worked(NOW + dt.timedelta(days=2))
    assert list(Errand.objects.order_by("id").values_list("title", flat=True)) == ["日报", "每日报表"]


def test_a_new_version_without_it_begins_no_longer_nor_one_that_was_closed() -> None:
    put(begun_by(message()))
    put(document(node("startEvent", "s"), task("a"), chain("s", "a")))
    services.send_message(by=SYSTEM, name="m", data={})
    put(timed("R/P1D", "timeCycle"))
    services.close_starts(by=SYSTEM, key="p", reason="停办")
    worked(time.now())
    worked(time.now() + dt.timedelta(days=3))
    assert not Process.objects.exists()
    with pytest.raises(NotFound):
        services.close_starts(by=SYSTEM, key="p", reason="再停")


PAST = timer("2025-03-01T00:00:00Z", "timeDate")


@pytest.mark.parametrize(
    ("trigger", "code"),
    [
        (PAST, "workflow.start_past"),
        (timer("R3/2024-01-01T00:00:00Z/P1D", "timeCycle"), "workflow.start_past"),
        (timer("R/PT10S", "timeCycle"), "workflow.start_often"),
        (clock("legal"), "workflow.start_clock"),
        (condition("x = 1"), "workflow.start_untold"),
    ],
)
def test_what_cannot_begin_so_is_refused_with_element_and_reason(trigger: str, code: str) -> None:
    assert ("s", code) in faults(begun_by(trigger))


def test_an_errand_needs_an_agency_and_neither_rules_nor_clocks() -> None:
    assert faults(begun_by(timer("R/P1D", "timeCycle"))) == [("p", "workflow.start_agency")]
    unknown = begun_by(timer("R/P1D", "timeCycle"), zt_agency="91110108MA00000000")
    assert faults(unknown) == [("p", "workflow.start_agency_unknown")]
    waits = document(
        node("startEvent", "s", timer("P1D")), node("intermediateCatchEvent", "c", clock("legal")), END,
        chain("s", "c", "e"),
    )  # fmt: skip
    assert faults(waits) == [("c", "workflow.start_matterless")]


def test_two_processes_do_not_begin_by_one_message() -> None:
    put(begun_by(message()))
    with pytest.raises(Invalid) as caught:
        put(begun_by(message()).replace(b'id="p"', b'id="p2"'))
    assert [code for _place, code, _text in caught.value.errors] == ["workflow.start_taken"]
    put(begun_by(message(), name="第二版"))
    assert Start.objects.filter(closed_at=None).count() == 1


def test_what_cannot_begin_is_tried_again_and_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    put(timed("R2/P1D", "timeCycle"))
    due = NOW + dt.timedelta(days=1)

    def fails(**_given: Any) -> bool:
        raise KeyError("no")

    with monkeypatch.context() as during:
        during.setattr(tasks.services, "begin_due", fails)
        worked(due)
    row = Start.objects.get()
    assert (row.due_at, row.wake_at, row.attempts, row.last_error) == (
        due,
        due + dt.timedelta(minutes=1),
        1,
        "KeyError",
    )
    assert failing_starts() == 1
    worked(due)
    assert errands() == []
    worked(due + dt.timedelta(minutes=1))
    assert (errands(), failing_starts()) == ([due], 0)


def test_a_message_whose_process_cannot_begin_is_kept_and_seen() -> None:
    put(begun_by(message()))  # no agency: whose task would it be?
    services.send_message(by=SYSTEM, name="m", data={})
    moment = time.now()
    worked(moment)
    assert not Process.objects.exists()
    assert Message.objects.get().last_error == "workflow.errand_agency"
    assert failing_starts() == 1
    put(begun_by(message(), zt_agency=people.agency().uscc or ""))
    worked(moment + dt.timedelta(minutes=5))
    assert (Process.objects.count(), failing_starts()) == (1, 0)


@pytest.mark.parametrize("name", ["licences.issue@1", "cases.accept@1", "cases.inform_applicant@1"])
def test_what_asks_for_a_case_says_so_where_there_is_none(name: str) -> None:
    act = node("serviceTask", "act", zt_action=name)
    body = (node("startEvent", "s", message()), act, END, chain("s", "act", "e"))
    put(document(*body, zt_agency=people.agency().uscc or ""))
    services.send_message(by=SYSTEM, name="m", data={})
    worked(time.now())
    assert in_trouble().get().reason == "cases.no_case"


def test_a_case_that_is_terminated_ends_what_its_messages_began() -> None:
    with desks.at("2025-03-13 14:20"):
        city = desks.desk()
        case, other = city.accepted(), city.accepted()
        put(begun_by(message()), time.now())
        for each in (case, other):
            services.send_message(by=SYSTEM, name="m", data={}, about=("case", each.id))
        tasks.wake()
        begun = Process.objects.get(subject_id=case.id, definition_id=Start.objects.get().definition_id)
        assert waiting(begun) == ["a"]
        assert Task.objects.get(process_id=begun.id).title == case.item_name
        cases.terminate_case(by=city.world.head, case_id=case.id, reason="申请人已不存在，终止办理")
    states = dict(Process.objects.values_list("id", "state"))
    assert (states[begun.id], states[case.process_id]) == ("cancelled", "cancelled")
    assert sorted(Process.objects.filter(subject_id=other.id).values_list("state", flat=True)) == ["running"] * 2
    assert not Task.objects.filter(subject_id=case.id, state__in=("open", "claimed"))
