"""What lies with somebody who left comes back to whoever holds the work now, and is listed for him no longer."""

import datetime as dt
from collections.abc import Iterator

import pytest

from factories import access as roles
from factories import desks
from factories import identity as people
from factories.rounds import Round
from zhengtong.foundation.core.errors import NotAllowed
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.matters.cases import services as cases
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.models import Process, Task
from zhengtong.people.access.models import Absence, RoleGrant
from zhengtong.people.access.services import revoke_grant
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account, Tenure
from zhengtong.people.identity.services import change_account_state, end_tenure

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = dt.date(2025, 3, 13), "2025-03-14 09:00"


@pytest.fixture
def desk() -> Iterator[desks.Desk]:
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def reviewer(desk: desks.Desk, name: str = "李雷") -> Account:
    """An official whose post, and nothing else, makes him a reviewer."""
    post = people.post(desk.agency, name_zh=f"{name}岗")
    roles.grant(roles.role("case.read", "task.reviewer"), post=post, organisation=desk.agency)
    return people.officer(post, holder=people.person(name=name))


def actor(account: Account) -> Actor:
    return identity.actor_for(Account.objects.get(pk=account.pk))


def leave(account: Account, last_day: dt.date = TODAY) -> None:
    for tenure in Tenure.objects.filter(person=account.person):
        end_tenure(by=SYSTEM, tenure=tenure, last_day=last_day, reason="调任")


def asked(desk: desks.Desk, who: Account, way: Asked = Asked.BEFORE) -> tuple[Case, Task]:
    """A case about whose review an official was asked, and the task in which he was."""
    case = desk.accepted()
    task = desks.task_of(case).id
    cases.ask_colleagues(by=desk.world.reviewer, task_id=task, account_ids=[who.pk], reason="消防条件如何？", way=way)
    return case, Task.objects.get(who_id=who.pk)


@pytest.mark.parametrize("way", [Asked.BEFORE, Asked.DELEGATED])
def test_a_question_to_who_left_goes_back_to_who_asked(desk: desks.Desk, way: Asked) -> None:
    left = reviewer(desk)
    case, task = asked(desk, left, way)
    leave(left)
    assert services.bring_back() == 0, "until the end of his last day it is his"
    with desks.at(TOMORROW):
        assert services.bring_back() == 1
        task.refresh_from_db()
        (mine,) = workflow.open_tasks("case", case.id)
        assert (task.state, mine.held, mine.assignee_id) == ("cancelled", False, desk.world.reviewer.account_id)
        desk.act("reviewer", "propose_approve", case, opinion="符合条件")
        assert services.bring_back() == 0
        deliver_outbox()
    told = messages.visible_to(desk.world.reviewer).filter(template="workflow.task_came_back")
    assert [each.params["giver"] for each in told] == ["李雷"]
    history = ledger.timeline(("process", case.process_id or 0))
    entry = next(each for each in history if each.type == "workflow.task_came_back")
    assert (entry.payload["from"], entry.payload["to"]) == ("李雷", desk.world.reviewer.name)


def test_who_left_has_nothing_listed_even_before_it_comes_back(desk: desks.Desk) -> None:
    left = reviewer(desk)
    case, task = asked(desk, left)
    assert [each.id for each in workflow.asked_of(actor(left))] == [task.id]
    leave(left)
    with desks.at(TOMORROW):
        gone = actor(left)
        assert list(workflow.asked_of(gone)) == list(workflow.visible_to(gone)) == []
        assert not workflow.asked_in_person(gone, "case", case.id)
        assert not workflow.in_reach(gone, task)
        with pytest.raises(NotAllowed):
            cases.give_opinion(by=gone, task_id=task.id, words="合格。")


def test_who_serves_there_in_another_post_keeps_what_he_was_asked(desk: desks.Desk) -> None:
    moved = reviewer(desk)
    case, _task = asked(desk, moved)
    leave(moved)
    with desks.at(TOMORROW):
        assert moved.person is not None
        people.tenure(moved.person, people.post(desk.agency), valid_from=dt.date(2025, 3, 14))
        assert services.bring_back() == 0
        assert workflow.asked_in_person(actor(moved), "case", case.id)


def _leave_post(account: Account) -> None:
    leave(account, dt.date(2025, 3, 12))


def _disable(account: Account) -> None:
    change_account_state(by=SYSTEM, account=account, state="disabled", reason="离职")


def _revoke(account: Account) -> None:
    revoke_grant(by=SYSTEM, grant=RoleGrant.objects.get(post__tenures__person=account.person), reason="调整分工")


@pytest.mark.parametrize("go", [_leave_post, _disable, _revoke])
def test_what_he_had_in_hand_lies_in_the_queue_again(desk: desks.Desk, go) -> None:
    left = reviewer(desk)
    case = desk.accepted()
    task = desks.task_of(case)
    cases.take_task(by=actor(left), task_id=task.id)
    assert not workflow.in_reach(desk.world.reviewer, desks.task_of(case))
    go(left)
    assert services.bring_back() == 1
    task.refresh_from_db()
    assert (task.state, task.assignee_id, task.holder) == ("open", None, "")
    assert workflow.in_reach(desk.world.reviewer, task)
    assert services.bring_back() == 0


def test_a_locked_account_keeps_its_tasks(desk: desks.Desk) -> None:
    locked = reviewer(desk)
    case = desk.accepted()
    cases.take_task(by=actor(locked), task_id=desks.task_of(case).id)
    change_account_state(by=SYSTEM, account=locked, state="locked", reason="连续输错密码")
    assert services.bring_back() == 0


def test_what_a_substitute_took_comes_back_to_who_was_away(desk: desks.Desk) -> None:
    absent, substitute = reviewer(desk), people.officer(people.post(desk.agency), holder=people.person(name="韩梅梅"))
    case = desk.accepted()
    task = desks.task_of(case)
    cases.take_task(by=actor(absent), task_id=task.id)
    days = {"begins_on": TODAY, "ends_on": TODAY}
    Absence.objects.create(account=absent, substitute=substitute, organisation=desk.agency, **days)
    cases.take_task(by=actor(substitute), task_id=task.id)
    assert services.bring_back() == 0
    with desks.at(TOMORROW):
        assert services.bring_back() == 1
        task.refresh_from_db()
        assert (task.assignee_id, task.holder) == (absent.pk, "李雷")
        assert workflow.in_reach(actor(absent), task)
        assert services.bring_back() == 0


def test_what_is_suspended_waits_and_one_that_fails_keeps_no_other_back(
    desk: desks.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = reviewer(desk)
    held, failing, good = (asked(desk, left)[0] if place < 1 else desk.accepted() for place in range(3))
    for case in (failing, good):
        cases.take_task(by=actor(left), task_id=desks.task_of(case).id)
    Process.objects.filter(id=held.process_id).update(suspended=True)
    _leave_post(left)
    from zhengtong.matters.workflow.services import coming_back

    real = coming_back.subject_of

    def fails_once(process: Process, now: dt.datetime):
        if process.id == failing.process_id:
            raise RuntimeError("its matter cannot be read")
        return real(process, now)

    monkeypatch.setattr(coming_back, "subject_of", fails_once)
    assert services.bring_back() == 1
    monkeypatch.undo()
    assert services.bring_back() == 1
    Process.objects.filter(id=held.process_id).update(suspended=False)
    assert services.bring_back() == 1
    assert not Task.objects.filter(assignee_id=left.pk, state="claimed").exists()


@pytest.mark.parametrize("in_turn", [False, True])
def test_who_left_among_several_signers_is_replaced_by_another_of_the_post(in_turn: bool) -> None:
    with desks.at("2025-03-13 14:20"):
        round_ = Round()
        round_.begin(round_.one, round_.two, in_turn=in_turn)
        _disable(Account.objects.get(id=round_.two.account_id))
        assert services.bring_back() == (0 if in_turn else 1)
        round_.sign(round_.one)
        assert services.bring_back() == (1 if in_turn else 0)
        assert round_.state == State.REVIEWING, "no signature is lost"
        assert (round_.holders, Task.objects.filter(who_id=round_.two.account_id).count()) == ([""], 0)
        round_.sign(round_.three)
        assert round_.state == State.DECIDING
