"""Whatever the engine asks for is done or refused aloud: data, messages, signals, conditions, errors, calls."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any, get_args

import pytest

from engines.bpmn_drawing import (
    chain,
    condition,
    document,
    error,
    escalation,
    flow,
    message,
    node,
    script,
    service,
    signal,
    sub,
    task,
    timer,
)
from factories import processes as made
from factories.processes import NOW, Trial, begin, complete, waiting
from zhengtong.engines.bpmn import Command, ModelRefused
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import definitions, services, tasks
from zhengtong.matters.workflow.models import Definition, Message, Process, Token, Trouble
from zhengtong.matters.workflow.queries import history, in_trouble
from zhengtong.matters.workflow.services import following, rows, stepping

pytestmark = pytest.mark.django_db
START, END = node("startEvent", "s"), node("endEvent", "e")
LISTENER = (
    START + node("receiveTask", "r", messageRef="message_m") + task("heard") + END + chain("s", "r", "heard", "e")
)


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.frozen(NOW):
        yield


def sender(before: str = "a") -> bytes:
    throw = node("intermediateThrowEvent", "t", message())
    return document(START, task(before), throw, task("z"), END, chain("s", before, "t", "z", "e"))


def test_every_command_of_the_engine_is_followed() -> None:
    asked = {do.__name__ for do in get_args(Command)}
    handled = {do.__name__ for do in following._WAYS} | {"CallAction", "Decide"}
    assert asked == handled


def test_an_unknown_command_is_refused() -> None:
    @dataclasses.dataclass
    class Run:
        orders: list[object]

    with pytest.raises(TypeError, match="Surprise"):
        following.follow(Run([type("Surprise", (), {})()]), None)  # type: ignore[arg-type] # a stranger


class TestData:
    def test_what_a_script_gives_is_kept_with_its_type_for_later_steps(self) -> None:
        add = script("c", "x + 0.1", zt_result="x")
        gate = node("exclusiveGateway", "g", default="g_no")
        xml = document(
            START, add, task("a"), gate, task("yes"), task("no"), END,
            chain("s", "c", "a", "g"), flow("g", "yes", "x = 1.3"), flow("g", "no"), flow("yes", "e"), flow("no", "e"),
        )  # fmt: skip
        run = begin(xml, x=Decimal("1.2"))
        assert run.data == {"x": Decimal("1.3")}
        complete(run, "a")
        assert waiting(run) == ["yes"]

    def test_dates_and_spans_survive_the_database(self) -> None:
        gives = script("c", '{d: date("2025-03-03"), p: duration("PT36H"), t: time("10:30:00")}')
        run = begin(document(START, gives, task("a"), END, chain("s", "c", "a", "e")))
        assert run.data["d"] == dt.date(2025, 3, 3)
        assert run.data["p"] == dt.timedelta(hours=36)
        assert run.data["t"] == dt.time(10, 30)

    def test_a_mapping_that_only_looks_like_a_mark_stays_one(self) -> None:
        run = begin(document(START, task("a"), END, chain("s", "a", "e")), x={"$number": "many"})
        assert run.data == {"x": {"$number": "many"}}


class TestMessages:
    def test_it_reaches_the_other_process_of_the_subject_once(self) -> None:
        subject, other = Trial(), Trial()
        listens, stranger = begin(document(LISTENER), subject), begin(document(LISTENER), other)
        complete(begin(sender(), subject), "a")
        assert waiting(listens) == []
        assert tasks.deliver_messages() == 1
        assert tasks.deliver_messages() == 0
        assert (waiting(listens), waiting(stranger)) == (["heard"], [])

    def test_one_sent_too_early_is_kept_until_it_is_awaited(self) -> None:
        subject = Trial()
        complete(begin(sender(), subject), "a")
        assert [tasks.deliver_messages(), tasks.deliver_messages()] == [0, 0]
        assert not Message.objects.get().ready, "nobody looks at it again and again"
        late = begin(document(START + task("first") + LISTENER.replace(START, "") + chain("s", "first", "r"))
                     .replace(b'<sequenceFlow id="s_r" sourceRef="s" targetRef="r"/>', b""), subject)  # fmt: skip
        assert tasks.deliver_messages() == 0
        complete(late, "first")
        assert tasks.deliver_messages() == 1
        assert waiting(late) == ["heard"]

    def test_two_are_two(self) -> None:
        subject = Trial()
        for _ in range(2):
            complete(begin(sender(), subject), "a")
        runs = [begin(document(LISTENER), subject) for _ in range(2)]
        assert tasks.deliver_messages() == 2
        assert [waiting(run) for run in runs] == [["heard"], ["heard"]]

    def test_a_process_does_not_hear_itself(self) -> None:
        throw = node("intermediateThrowEvent", "t", message())
        fork = node("parallelGateway", "f")
        xml = document(
            START, fork, task("a"), throw, node("receiveTask", "r", messageRef="message_m"), task("heard"),
            node("endEvent", "e1"), END,
            chain("s", "f", "a", "t", "e1"), chain("f", "r", "heard", "e"),
        )  # fmt: skip
        run = begin(xml)
        complete(run, "a")
        assert tasks.deliver_messages() == 0
        assert waiting(run) == []

    def test_who_cannot_take_it_in_is_seen_and_has_it_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fails = [True]

        def act(_call: object) -> None:
            if fails[0]:
                raise KeyError("private words")

        made.offer(monkeypatch, "act", act)
        subject = Trial()
        gate = node("exclusiveGateway", "g")
        xml = document(
            START, node("receiveTask", "r", messageRef="message_m"), gate, task("x"), END,
            chain("s", "r", "g"), flow("g", "x", "ok"), flow("x", "e"),
        )  # fmt: skip
        run = begin(xml, subject)
        complete(begin(sender(), subject), "a")
        assert tasks.deliver_messages() == 0
        trouble = in_trouble().get()
        assert (trouble.kind, trouble.element, trouble.reason) == ("message", "r", "bpmn.no_true_condition")
        assert tasks.deliver_messages() == 0, "not at once"
        with pytest.raises(Exception, match="workflow.failed_again"):
            services.retry(by=SYSTEM, trouble_id=trouble.id)
        Process.objects.filter(id=run.id).update(data={"ok": True})
        services.retry(by=SYSTEM, trouble_id=trouble.id)
        assert waiting(run) == ["x"]
        assert not in_trouble()


class TestSignals:
    def test_all_who_await_it_have_it_once_and_nobody_who_came_later(self) -> None:
        catch = node("intermediateCatchEvent", "c", signal())
        listener = document(START, catch, task("heard"), END, chain("s", "c", "heard", "e"))
        throw = node("intermediateThrowEvent", "t", signal())
        caller = document(START, throw, task("z"), END, chain("s", "t", "z", "e"))
        before = [begin(listener) for _ in range(3)]
        begin(caller)
        later = begin(listener)
        assert sum(tasks.deliver_messages() for _ in range(6)) == 3
        assert [waiting(run) for run in before] == [["heard"]] * 3
        assert waiting(later) == []
        assert Message.objects.get().delivered_at is not None

    def test_one_that_does_not_interrupt_is_still_heard_once(self) -> None:
        bound = node("boundaryEvent", "b", signal(), attachedToRef="a", cancelActivity="false")
        listener = document(START, task("a"), bound, task("heard"), END, chain("s", "a", "e"), chain("b", "heard", "e"))
        throw = node("intermediateThrowEvent", "t", signal())
        run = begin(listener)
        begin(document(START, throw, task("z"), END, chain("s", "t", "z", "e")))
        for _ in range(4):
            tasks.deliver_messages()
        assert waiting(run) == ["a", "heard"]


class TestConditions:
    def test_data_that_change_from_outside_wake_a_condition(self) -> None:
        catch = node("intermediateCatchEvent", "c", condition("amount > 10"))
        run = begin(document(START, catch, task("big"), END, chain("s", "c", "big", "e")), amount=5)

        def change(amount: int) -> None:
            services.change_data(
                by=SYSTEM, process_id=run.id, subject=Trial(run.subject_id), data={"amount": amount}, now=NOW
            )

        write(lambda: change(9))
        assert waiting(run) == []
        write(lambda: change(11))
        assert waiting(run) == ["big"]
        assert Process.objects.get(id=run.id).data == {"amount": 11}


class TestEnds:
    def test_an_error_that_nothing_catches_is_told_and_taken_note_of(self) -> None:
        run = begin(document(START, task("a"), node("endEvent", "e", error("x")), chain("s", "a", "e")))
        run = complete(run, "a")
        assert (run.state, run.error) == ("failed", "x")
        trouble = in_trouble().get()
        assert (trouble.kind, trouble.reason) == ("error", "x")
        services.take_note(by=SYSTEM, trouble_id=trouble.id, reason="已另案处理")
        assert not in_trouble()

    def test_an_escalation_that_nothing_catches_is_seen_and_the_process_goes_on(self) -> None:
        throw = node("intermediateThrowEvent", "t", escalation("x"))
        run = begin(document(START, throw, task("a"), END, chain("s", "t", "a", "e")))
        assert waiting(run) == ["a"]
        assert in_trouble().get().kind == "escalation"


class TestCalls:
    CALLED = START + task("inside", "yes no") + END + chain("s", "inside", "e")

    def caller(self, key: str = "other") -> bytes:
        return document(START, node("callActivity", "c", calledElement=key), task("z"), END, chain("s", "c", "z", "e"))

    def other(self, body: str) -> bytes:
        return document(body).replace(b'<process id="p"', b'<process id="other"')

    def test_another_definition_runs_inside_and_its_tasks_have_their_own_names(self) -> None:
        services_before = definitions.define(self.other(self.CALLED.replace('id="inside"', 'id="inside" name="核对"')))
        run = begin(self.caller())
        assert Definition.objects.get(id=run.definition_id).calls == {"other": services_before}
        assert waiting(run) == ["inside"]
        assert run.task_set.get(element="inside").name == "核对"
        complete(run, "inside", outcome="yes")
        assert waiting(run) == ["z"]

    def test_what_is_called_never_changes_under_a_running_process(self) -> None:
        definitions.define(self.other(self.CALLED))
        first = begin(self.caller())
        definitions.define(self.other(self.CALLED.replace("inside", "newer")))
        definitions.graph_of.cache_clear()
        complete(first, "inside", outcome="no")
        second = begin(self.caller())
        assert (waiting(first), waiting(second)) == (["z"], ["newer"])
        assert first.definition_id != second.definition_id

    def test_what_is_not_stored_is_refused_by_name(self) -> None:
        with pytest.raises(ModelRefused) as refused:
            begin(self.caller("nobody"))
        assert [finding.code for finding in refused.value.findings if finding.blocking] == ["bpmn.call_unknown"]


class TestHistory:
    def test_every_token_stays_with_how_it_ended_and_the_line_of_descent_is_whole(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made.offer(monkeypatch, "act", lambda _call: {"n": 1})
        fork, join = node("parallelGateway", "f"), node("parallelGateway", "j")
        xml = document(
            START, service("act"), fork, task("a"), task("b"), join, task("z"), END,
            script("c", "n + 1", zt_result="n"),
            chain("s", "act", "f", "a", "j", "c", "z", "e"), chain("f", "b", "j"),
        )  # fmt: skip
        run = begin(xml)
        complete(run, "a")
        complete(run, "b")
        run = complete(run, "z")
        assert run.state == "ended"
        assert not Token.objects.filter(process_id=run.id, ended_at=None)
        rows = {row.number: row for row in history(run.id) if row.number}
        assert [row.element for row in rows.values()] == ["act", "a", "b", "j", "j", "z"]
        assert {row.end for row in rows.values()} == {"completed", "passed"}
        assert {row.element for row in history(run.id) if not row.number} == {"c"}
        for row in rows.values():
            assert all(int(origin) in rows for origin in row.origins.split()), row.element
        z = next(row for row in rows.values() if row.element == "z")
        ancestors, stack = set(), [z.number]
        while stack:
            stack += [int(origin) for origin in rows[stack.pop()].origins.split() if int(origin) not in ancestors]
            ancestors |= set(stack)
        assert {rows[number].element for number in ancestors} == {"act", "a", "b", "j"}

    def test_what_was_taken_away_says_so(self) -> None:
        inside = sub("q", task("a"), chain("q_s", "a"))
        bound = node("boundaryEvent", "b", message(), attachedToRef="q")
        run = begin(document(START, inside, bound, task("late"), END, chain("s", "q", "e"), chain("b", "late", "e")))

        def job() -> None:
            services.deliver(by=SYSTEM, process_id=run.id, message="m", subject=Trial(run.subject_id), data={}, now=NOW)

        write(job)
        ended = {row.element: row.end for row in history(run.id) if row.ended_at}
        assert ended == {"q": "cancelled", "a": "cancelled", "b": "completed"}
        assert waiting(run) == ["late"]

    def test_the_engine_can_look_back_with_it(self) -> None:
        from zhengtong.engines.bpmn import SendBack

        run = begin(document(START, task("a"), task("b"), task("z"), END, chain("s", "a", "b", "z", "e")))
        complete(run, "a")
        complete(run, "b")
        token = run.task_set.get(element="z").number

        def back() -> None:
            event = SendBack(token, "a", services.past_of(run.id))
            held = stepping.run_of(rows.take(run.id), Trial(run.subject_id), SYSTEM, NOW)
            stepping.advance(held, event)

        write(back)
        assert waiting(run) == ["a"]


class TestSuspension:
    def test_timers_and_messages_wait_until_it_is_resumed(self) -> None:
        subject = Trial()
        fork = node("parallelGateway", "f")
        catch = node("intermediateCatchEvent", "t", timer())
        listen = node("intermediateCatchEvent", "c", signal())
        xml = document(
            START, fork, catch, task("later"), node("receiveTask", "r", messageRef="message_m"), task("heard"),
            listen, task("seen"), END,
            chain("s", "f", "t", "later", "e"), chain("f", "r", "heard", "e"), chain("f", "c", "seen", "e"),
        )  # fmt: skip
        run = begin(xml, subject)

        def turn(verb: Any, **more: Any) -> None:
            write(lambda: verb(by=SYSTEM, process_id=run.id, subject=Trial(subject.id), now=NOW, **more))

        turn(services.suspend, reason="等待上级答复")
        complete(begin(sender(), subject), "a")
        begin(document(START, node("intermediateThrowEvent", "t", signal()), task("z"), END, chain("s", "t", "z", "e")))
        with clock.frozen(NOW + dt.timedelta(days=2)):
            for _ in range(3):
                assert (tasks.fire_due_timers(), tasks.deliver_messages()) == (0, 0)
            assert waiting(run) == []
            assert not in_trouble()
            turn(services.resume)
            assert tasks.fire_due_timers() == 1
            assert sum(tasks.deliver_messages() for _ in range(3)) == 2
        assert sorted(waiting(run)) == ["heard", "later", "seen"]


class TestActionsThatFail:
    XML = document(
        START, node("intermediateCatchEvent", "c", "<timerEventDefinition><timeDuration>P1D</timeDuration>"
        "</timerEventDefinition>"), service("good"), service("act"), task("z"), END,
        chain("s", "c", "good", "act", "z", "e"),
    )  # fmt: skip

    def test_in_the_background_the_step_is_kept_up_to_it_and_it_is_tried_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []
        fails = [True]

        def act(_call: object) -> None:
            if fails[0]:
                raise KeyError("private words")
            done.append("act")

        made.offer(monkeypatch, "good", lambda _call: {"seen": True})
        made.offer(monkeypatch, "act", act)
        run = begin(self.XML)
        with clock.frozen(NOW + dt.timedelta(days=2)):
            assert tasks.fire_due_timers() == 1
            trouble = Trouble.objects.get()
            assert (trouble.kind, trouble.element, trouble.reason, trouble.attempts) == ("action", "act", "KeyError", 1)
            assert Process.objects.get(id=run.id).data == {"seen": True}
            assert tasks.retry_stalled() == 0
        with clock.frozen(NOW + dt.timedelta(days=2, minutes=2)):
            assert tasks.retry_stalled() == 0
            assert Trouble.objects.get().attempts == 2
            fails.clear()
            fails.append(False)
        with clock.frozen(NOW + dt.timedelta(days=3)):
            assert tasks.retry_stalled() == 1
        assert (done, waiting(run)) == (["act"], ["z"])
        assert not in_trouble()

    def test_in_a_person_s_act_the_whole_act_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def act(_call: object) -> None:
            raise KeyError("no")

        made.offer(monkeypatch, "act", act)
        run = begin(document(START, task("a"), service("act"), END, chain("s", "a", "act", "e")))
        with pytest.raises(KeyError):
            complete(run, "a")
        assert waiting(run) == ["a"]
        assert not Trouble.objects.exists()
