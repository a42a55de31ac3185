"""加签 and 减签 at the same moment: one wins or both hold, and no signature is lost, doubled, or asked for twice."""

from collections.abc import Callable
from typing import Any

import pytest

from factories import cases as made
from factories import desks, versions
from factories.rounds import Round
from faults.house import at_once
from zhengtong.engines.bpmn import verify
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Refusal
from zhengtong.matters.cases import services
from zhengtong.matters.cases.choices import State
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Task, Token
from zhengtong.matters.workflow.services import rows

OPEN = ("open", "claimed")


@pytest.fixture
def round_(world_on_both: made.World) -> Round:
    """Rows are locked otherwise on PostgreSQL than behind the gate: both must end the same."""
    return Round(desks.Desk(world_on_both))


def sound(round_: Round) -> None:
    """The rows are a state that the engine can have, and each open task stands for one live token of the process."""
    process = versions.process_of(round_.case)
    _running, state = rows.take(process.id)
    verify(graph_of(process.definition_id), state)
    live = Token.objects.filter(process_id=process.id, ended_at=None, wait="task")
    tasks = Task.objects.filter(process_id=process.id, state__in=OPEN)
    assert sorted(live.values_list("number", flat=True)) == sorted(tasks.values_list("number", flat=True))
    hosts = set(live.exclude(host=0).values_list("host", flat=True))
    assert set(tasks.filter(held=True).values_list("number", flat=True)) == hosts


def refusals(told: list[Any]) -> list[str]:
    """The codes of what was refused; anything else that was raised is a fault."""
    raised = [each for each in told if isinstance(each, Exception)]
    strange = [each for each in raised if not isinstance(each, Refusal | EngineError)]
    assert strange == []
    return sorted(each.code for each in raised)


def who(round_: Round, task: Task) -> Any:
    """Who signs an open task: whom it is for, else whoever of the two has not signed."""
    people = {each.account_id: each for each in (round_.one, round_.two, round_.three)}
    if task.assignee_id is not None:
        return people[task.assignee_id]
    signed = set(Task.objects.filter(process_id=task.process_id, state="done").values_list("assignee_id", flat=True))
    return next(each for each in (round_.one, round_.two) if each.account_id not in signed)


def finish(round_: Round) -> None:
    """Everybody signs what is his; then the case waits for its decision, and nobody has signed twice."""
    for _time in range(6):
        if round_.state == State.DECIDING:
            break
        task = round_.open[0]
        round_.sign(who(round_, task), task)
    assert round_.state == State.DECIDING
    done = Task.objects.filter(subject_id=round_.case.id, element="review", state="done")
    signers = list(done.values_list("assignee_id", flat=True))
    assert len(signers) == len(set(signers)), signers
    sound(round_)


def in_hand(round_: Round) -> tuple[Task, Task]:
    round_.begin(count=2)
    first, second = round_.open
    services.take_task(by=round_.now(round_.one), task_id=first.id)
    services.take_task(by=round_.now(round_.two), task_id=second.id)
    return first, second


def test_two_who_add_the_same_colleague_add_him_once(round_: Round) -> None:
    first, second = in_hand(round_)
    told = at_once([
        lambda: round_.add(round_.one, round_.three, task=first),
        lambda: round_.add(round_.two, round_.three, task=second),
        lambda: round_.add(round_.two, round_.three, task=second),
    ])  # fmt: skip
    assert refusals(told) == ["workflow.signs_already"] * 2
    assert Task.objects.filter(subject_id=round_.case.id, who_id=round_.three.account_id, state__in=OPEN).count() == 1
    sound(round_)
    finish(round_)


def test_two_who_add_two_colleagues_add_both(round_: Round) -> None:
    first, second = in_hand(round_)
    four = round_.serving("何静")
    told = at_once([
        lambda: round_.add(round_.one, round_.three, task=first),
        lambda: round_.add(round_.two, four, task=second),
    ])  # fmt: skip
    assert refusals(told) == []
    assert sorted(round_.holders) == sorted(["赵敏", "郑洁", "吴远", "何静"])
    sound(round_)


def test_taken_away_twice_at_once_he_is_taken_away_once(round_: Round) -> None:
    first, _second = in_hand(round_)
    round_.add(round_.one, round_.three, task=first)
    added = Task.objects.get(who_id=round_.three.account_id, state="claimed", subject_id=round_.case.id).id
    take = lambda: services.ask_no_longer(by=round_.now(round_.one), task_id=added)  # noqa: E731 the same three times
    assert refusals(at_once([take, take, take])) == ["workflow.task_gone"] * 2
    sound(round_)
    finish(round_)


def test_who_signs_while_he_is_taken_away_has_signed_or_is_gone(round_: Round) -> None:
    first, _second = in_hand(round_)
    round_.add(round_.one, round_.three, task=first)
    added = Task.objects.get(who_id=round_.three.account_id, state="claimed", subject_id=round_.case.id)
    told = at_once([
        lambda: services.ask_no_longer(by=round_.now(round_.one), task_id=added.id),
        lambda: round_.sign(round_.three, added),
    ])  # fmt: skip
    assert len(refusals(told)) == 1
    added.refresh_from_db()
    assert added.state == ("cancelled" if told[0] is None else "done")
    sound(round_)
    finish(round_)


def test_who_is_added_while_the_last_vote_is_given_signs_or_is_not_added(round_: Round) -> None:
    first, second = in_hand(round_)
    round_.sign(round_.one, first)
    told = at_once([
        lambda: round_.add(round_.two, round_.three, task=second),
        lambda: round_.sign(round_.two, second),
    ])  # fmt: skip
    assert len(refusals(told)) <= 1
    assert told[1] is None or isinstance(told[1], int), "whoever votes is hindered by no question"
    added = Task.objects.filter(subject_id=round_.case.id, who_id=round_.three.account_id, state__in=OPEN).count()
    assert (round_.state, added) == ((State.DECIDING, 0) if isinstance(told[0], Exception) else (State.REVIEWING, 1))
    finish(round_)


@pytest.mark.parametrize("in_turn", [False, True])
def test_asked_taken_away_added_and_signed_at_once_leave_one_way_on(round_: Round, in_turn: bool) -> None:
    """In some order, each whole or not at all; everybody left signs once, and the case goes on."""
    round_.begin(round_.one, round_.two, in_turn=in_turn)
    first = round_.open[0]
    four = round_.serving("何静")
    acts: list[Callable[[], Any]] = [
        lambda: round_.add(round_.one, round_.three, task=first),
        lambda: round_.add(round_.one, round_.three, way=Asked.AFTER, task=first),
        lambda: round_.add(round_.one, four, way=Asked.BEFORE, task=first),
        lambda: round_.sign(round_.one, first),
    ]
    refusals(at_once(acts))
    sound(round_)
    asked = Task.objects.filter(subject_id=round_.case.id, who_id=round_.three.account_id, state__in=OPEN)
    assert asked.count() <= 1
    for question in Task.objects.filter(subject_id=round_.case.id, asked=Asked.BEFORE, state__in=OPEN):
        services.give_opinion(by=round_.now(four), task_id=question.id, words="同意。")
    finish(round_)
