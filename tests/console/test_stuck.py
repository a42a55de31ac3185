"""Processes that stand still: seen with the reason, tried again, skipped with a reason, taken note of, ended."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import pytest

from engines.bpmn_drawing import chain, document, error, node, service, task, timer
from factories import desks
from factories import processes as made
from factories.processes import NOW, begin, complete, waiting
from zhengtong.engines.bpmn import read
from zhengtong.engines.bpmn.layout import drawn_whole
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotAllowed
from zhengtong.foundation.ledger.models import Event
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Process, Timer, Token, Trouble
from zhengtong.matters.workflow.queries import in_trouble

pytestmark = pytest.mark.django_db
START, END = node("startEvent", "s"), node("endEvent", "e")
MODEL = document(
    START, node("intermediateCatchEvent", "c", timer()), service("act"), task("z"), END,
    chain("s", "c", "act", "z", "e"), name="补贴发放",
)  # fmt: skip


@pytest.fixture
def fails() -> list[bool]:
    return [True]


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch, fails: list[bool]) -> Process:
    """A process whose action fails in the background while `fails` holds anything."""
    return stuck_process(monkeypatch, fails)


def stuck_process(monkeypatch: pytest.MonkeyPatch, fails: Sequence[bool] = (True,)) -> Process:
    """As the fixture."""

    def act(_call: Any) -> None:
        if fails:
            raise KeyError("张三 110108")

    made.offer(monkeypatch, "act", act)
    run = begin(MODEL)
    with clock.frozen(NOW + dt.timedelta(days=2)):
        tasks.fire_due_timers()
    return run


def recorded(kind: str, who: Any) -> Event:
    return Event.objects.get(type=kind, actor_id=who.account.pk)


def test_it_is_seen_with_where_and_why_and_nobody_s_data(system: Any, stuck: Process) -> None:
    for path in ("stuck/", f"stuck/{stuck.id}/", f"stuck/mend/{Trouble.objects.get().id}/"):
        page = system.get(path).content.decode()
        assert "KeyError" in page
        assert "动作出错" in page
        assert "张三" not in page
    page = system.get(f"stuck/{stuck.id}/").content.decode()
    assert f'href="/console/stuck/mend/{Trouble.objects.get().id}/"' in page.partition("<dl")[0], "what mends it first"
    assert page.index("出错之处") < page.index("data-zt-process")
    page = system.get("stuck/").content.decode()
    assert "补贴发放" in page
    assert "2025-03-05 10:00" in page, "two days later, by the clock on the wall"


def test_tried_again_in_vain_the_attempt_is_counted_and_the_reason_said(system: Any, stuck: Process) -> None:
    trouble = Trouble.objects.get()
    page = system.post(f"stuck/mend/{trouble.id}/", 409, how="retry").content.decode()
    assert "再次出错，稍后会自动重试：程序出错，详情见服务器日志。（KeyError）" in page
    trouble.refresh_from_db()
    assert (trouble.attempts, trouble.settled_at) == (2, None)
    assert waiting(stuck) == []
    assert not Event.objects.filter(type="workflow.retried").exists()


def test_tried_again_with_success_it_goes_on_and_is_recorded(system: Any, stuck: Process, fails: list[bool]) -> None:
    fails.clear()
    system.post(f"stuck/mend/{Trouble.objects.get().id}/", how="retry")
    assert waiting(stuck) == ["z"]
    assert Trouble.objects.get().settled_how == "retried"
    assert recorded("workflow.retried", system).subject_id == stuck.id
    assert "没有卡住的流程" in system.get("stuck/").content.decode()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("cases.life_cycle", "办件现在的状态不能进入这一步。（cases.life_cycle）"),
        ("cases.something_new", "办件现在不能这样办。（cases.something_new）"),
        ("KeyError", "程序出错，详情见服务器日志。（KeyError）"),
    ],
)
def test_why_is_said_in_words_with_the_code_beside(system: Any, stuck: Process, code: str, words: str) -> None:
    Trouble.objects.update(reason=code)
    for path in ("stuck/", f"stuck/{stuck.id}/", f"stuck/mend/{Trouble.objects.get().id}/"):
        assert words in system.get(path).content.decode()


def test_the_code_of_a_model_stands_as_it_was_drawn(system: Any, stuck: Process) -> None:
    Trouble.objects.update(reason="over_budget", kind="escalation")
    page = system.get(f"stuck/{stuck.id}/").content.decode()
    assert "over_budget" in page
    assert "服务器日志" not in page


def test_skipping_asks_for_a_reason_and_keeps_it(system: Any, stuck: Process) -> None:
    trouble = Trouble.objects.get()
    assert "zt-error-summary" in system.post(f"stuck/mend/{trouble.id}/", 422, how="skip").content.decode()
    assert waiting(stuck) == []
    system.post(f"stuck/mend/{trouble.id}/", how="skip", reason="款项已由银行发放")
    assert waiting(stuck) == ["z"]
    recorded("workflow.skipped", system)
    system.post(f"stuck/mend/{trouble.id}/", 404, how="skip", reason="再来一次")


def test_what_fails_behind_a_skipped_step_is_as_stuck_as_it_was(system: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def act(_call: Any) -> None:
        raise KeyError

    made.offer(monkeypatch, "act", act)
    actions = [service("act"), node("serviceTask", "act2", zt_action="tests.act@1")]
    drawn = document(
        START, node("intermediateCatchEvent", "c", timer()), *actions, END, chain("s", "c", "act", "act2", "e")
    )
    begin(drawn)
    with clock.frozen(NOW + dt.timedelta(days=2)):
        tasks.fire_due_timers()
    system.post(f"stuck/mend/{Trouble.objects.get().id}/", how="skip", reason="已由窗口办结")
    recorded("workflow.skipped", system)
    assert list(in_trouble().values_list("element", "reason")) == [("act2", "KeyError")]


def test_a_stuck_process_is_ended_and_one_that_is_not_stuck_is_not(system: Any, stuck: Process) -> None:
    sound = begin(document(START, task("a"), END, chain("s", "a", "e")))
    system.post(f"stuck/{sound.id}/end/", 409, reason="不应终结")
    assert waiting(sound) == ["a"]
    system.post(f"stuck/{stuck.id}/end/", 422, reason="")
    system.post(f"stuck/{stuck.id}/end/", reason="申请已撤销")
    stuck.refresh_from_db()
    assert stuck.state == "cancelled"
    assert not in_trouble()
    recorded("workflow.ended", system)


def test_an_error_that_ended_a_process_is_taken_note_of(system: Any) -> None:
    run = complete(begin(document(START, task("a"), node("endEvent", "e", error("x")), chain("s", "a", "e"))), "a")
    trouble = Trouble.objects.get(process_id=run.id)
    system.post(f"stuck/mend/{trouble.id}/", 422, how="retry", reason="试试")
    system.post(f"stuck/mend/{trouble.id}/", how="note", reason="已线下处理")
    assert not in_trouble()
    recorded("workflow.noted", system)


def test_the_other_administrators_may_neither_see_nor_mend(security: Any, audit: Any, stuck: Process) -> None:
    trouble = Trouble.objects.get()
    for other in (security, audit):
        other.get("stuck/", 403)
        other.post(f"stuck/mend/{trouble.id}/", 403, how="skip", reason="越权")
        other.post(f"stuck/{stuck.id}/end/", 403, reason="越权")
    assert waiting(stuck) == []


def test_what_is_not_there_is_not_there(system: Any) -> None:
    system.get("stuck/1/", 404)
    system.get("stuck/mend/1/", 404)


def test_in_english(system: Any, stuck: Process) -> None:
    page = system.browser.get(f"/console/stuck/{stuck.id}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "An action failed" in page
    assert "Where it stands" in page


def test_the_page_of_a_process_is_marked_where_it_is_stuck(system: Any, stuck: Process) -> None:
    page = system.get(f"stuck/{stuck.id}/").content.decode()
    trouble = Trouble.objects.get()
    assert f'data-zt-element="{trouble.element}"' in page
    assert 'data-zt-state="blocking"' in page
    assert drawn_whole(read(system.get(f"stuck/{stuck.id}/model.bpmn").content))


def test_a_place_is_told_by_its_name_and_a_case_by_its_number(system: Any) -> None:
    city = desks.desk()
    case = city.accepted()
    token = Token.objects.get(process_id=case.process_id, element="review", ended_at=None)
    now = clock.now()
    trouble = Trouble.objects.create(
        process_id=case.process_id,
        number=token.number,
        element="review",
        kind="action",
        reason="x",
        since=now,
        last_at=now,
    )
    for address in ("stuck/", f"stuck/{case.process_id}/", f"stuck/mend/{trouble.id}/"):
        assert "审查 (review)" in system.get(address).content.decode(), address
    page = system.get(f"stuck/{case.process_id}/").content.decode()
    words = re.sub(r"<[^>]+>", "", page)
    assert f"办件 {case.short_no}" in words
    assert f"case {case.id}" not in words


ELSEWHERE = document(
    START, task("first", name="初审"), node("parallelGateway", "f"), node("intermediateCatchEvent", "c", timer()),
    service("act"), task("w"), node("parallelGateway", "j"), task("z"), END,
    chain("s", "first", "f", "c", "act", "j", "z", "e"), chain("f", "w", "j"),
)  # fmt: skip


@pytest.fixture
def branched(monkeypatch: pytest.MonkeyPatch) -> Process:
    """Stuck at an action in one of two branches."""

    def act(_call: Any) -> None:
        raise KeyError("张三")

    made.offer(monkeypatch, "act", act)
    run = complete(begin(ELSEWHERE), "first")
    with clock.frozen(NOW + dt.timedelta(days=2)):
        tasks.fire_due_timers()
    return run


def test_it_goes_on_elsewhere_as_it_was_seen_and_the_ledger_keeps_it(system: Any, branched: Process) -> None:
    trouble = Trouble.objects.get()
    chosen = f"stuck/mend/{trouble.id}/elsewhere/"
    assert system.post(f"stuck/mend/{trouble.id}/", how="elsewhere").url.endswith(chosen)
    offered = system.get(chosen).content.decode()
    assert [f'value="{each}"' in offered for each in ("c", "act", "first", "f", "w", "z")] == [True, True] + [False] * 4
    system.post(chosen, 422)
    system.post(chosen, 422, to="z")
    looking = system.post(chosen, to="c").url.removeprefix("/console/")
    page = system.get(looking).content.decode()
    assert "将撤去" in page
    assert "现在还没有办" in page
    system.post(looking, 422, reason="")
    assert Event.objects.filter(type="workflow.redirected").count() == 0
    system.post(looking, reason="材料有误，重新等待到期")
    assert in_trouble().count() == 0
    assert Trouble.objects.get().settled_how == "redirected"
    told = recorded("workflow.redirected", system)
    assert (told.subject_kind, told.subject_id) == ("process", branched.id)
    live = Token.objects.filter(process_id=branched.id, ended_at=None).values_list("element", flat=True)
    assert sorted(live) == ["c", "w"]
    assert list(Timer.objects.filter(process_id=branched.id, fired_at=None).values_list("element", flat=True)) == ["c"]
    system.get(looking, 404)


def test_where_work_would_be_lost_or_doubled_it_does_not_go(system: Any, branched: Process) -> None:
    trouble = Trouble.objects.get()
    for to in ("z", "f", "w", "nowhere", ""):
        page = system.get(f"stuck/mend/{trouble.id}/elsewhere/look/?to={to}&at=3", 409).content.decode()
        assert "改到" in page
    before = list(Token.objects.order_by("id").values_list("number", "element", "ended_at"))
    for to in ("z", "f"):
        system.post(f"stuck/mend/{trouble.id}/elsewhere/look/?to={to}&at=3", 409, reason="试一试")
    assert list(Token.objects.order_by("id").values_list("number", "element", "ended_at")) == before


def test_what_has_moved_on_since_it_was_seen_is_looked_at_once_more(system: Any, branched: Process) -> None:
    trouble = Trouble.objects.get()
    looking = system.post(f"stuck/mend/{trouble.id}/elsewhere/", to="c").url.removeprefix("/console/")
    complete(branched, "w")
    page = system.post(looking, 409, reason="重新等待到期").content.decode()
    assert "流程又有变动" in page
    assert "重新等待到期" in page
    assert system.get(looking, 302).url != f"/console/{looking}"
    assert in_trouble().count() == 1


def test_nobody_else_sends_it_elsewhere(security: Any, audit: Any, branched: Process) -> None:
    trouble = Trouble.objects.get()
    for other in (security, audit):
        other.get(f"stuck/mend/{trouble.id}/elsewhere/", 403)
        other.post(f"stuck/mend/{trouble.id}/elsewhere/look/?to=c&at=2", 403, reason="越权")
        with pytest.raises(NotAllowed):
            services.go_on_elsewhere(by=other.actor, trouble_id=trouble.id, to="c", version=1, reason="越权")


def test_an_action_that_fails_there_too_is_stuck_again_and_seen(system: Any, branched: Process) -> None:
    first = Trouble.objects.get()
    version = Process.objects.get(id=branched.id).version
    services.go_on_elsewhere(by=system.actor, trouble_id=first.id, to="act", version=version, reason="再办一次")
    again = in_trouble().get()
    assert (again.element, again.reason, again.number > first.number) == ("act", "KeyError", True)
    assert waiting(branched) == ["w"]
