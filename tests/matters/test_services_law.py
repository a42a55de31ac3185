"""The law in services.md §10 as the verbs keep it: corrections, silence, separation, withdrawal, reasons, grades."""

import dataclasses
import datetime as dt
import pathlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

import migrated
from factories import cases as made
from faults import house
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.models import Case, Decision, Evaluation, Notice
from zhengtong.matters.workflow import tasks
from zhengtong.matters.workflow.queries import open_task

pytestmark = pytest.mark.django_db
OPINION = "材料齐全，建议准予许可。"


def at(text: str) -> AbstractContextManager[None]:
    """Hold time still at a local instant."""
    return clock.frozen(dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE))


@pytest.fixture
def world() -> made.World:
    return made.world()


def submitted(world: made.World) -> Case:
    answers = made.answers(world.applicant)
    receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    return Case.objects.get(id=receipt.case_id)


def act(world: made.World, case: Case, who: str, outcome: str, **entry: object) -> None:
    task = open_task("case", case.id)
    assert task is not None
    services.act(by=getattr(world, who), task_id=task.id, outcome=outcome, entry=entry)
    case.refresh_from_db()


def decided(world: made.World, outcome: str = "approve", **entry: object) -> Case:
    case = proposed(world)
    act(world, case, "decider", outcome, **entry)
    return case


def closed(world: made.World) -> Case:
    case = decided(world)
    act(world, case, "clerk", "issue")
    assert case.state == "CLOSED"
    return case


def proposed(world: made.World) -> Case:
    case = submitted(world)
    act(world, case, "clerk", "accept")
    act(world, case, "reviewer", "propose_approve", opinion=OPINION)
    return case


def refusals(case: Case) -> list[str]:
    """The codes of what was refused and recorded."""
    entries = ledger.timeline(("case", case.id))
    return [str(entry.payload["code"]) for entry in entries if entry.type == "case.act.refused"]


class TestCorrection:
    """Everything that is missing is asked for at once, and once (行政许可法 第32条; §10 test 3)."""

    def test_a_second_request_is_refused_recorded_and_changes_nothing(self, world: made.World) -> None:
        case = submitted(world)
        act(world, case, "clerk", "request_correction", gaps=["平面布局图未标面积"])
        services.submit_correction(by=world.applicant, case_id=case.id, answers=made.answers(world.applicant))
        with pytest.raises(Conflict) as second:
            act(world, case, "clerk", "request_correction", gaps=["再补一份"])
        case.refresh_from_db()
        assert (second.value.code, case.state) == ("cases.second_correction", "RECEIVED")
        assert Notice.objects.filter(case_id=case.id, kind="correction").count() == 1
        assert refusals(case) == ["cases.second_correction"]

    @pytest.mark.parametrize("gaps", [[], ["", "  "], None])
    def test_a_request_that_lists_nothing_is_refused(self, world: made.World, gaps: Any) -> None:
        case = submitted(world)
        with pytest.raises(Invalid) as refusal:
            act(world, case, "clerk", "request_correction", gaps=gaps)
        assert list(refusal.value.by_path()) == ["gaps"]


class TestSilence:
    """Nobody says anything for five working days: accepted from the day of receipt (第32条; §10 test 4)."""

    # the day of receipt, the last of the five working days (services.md §4.1)
    DAYS = (("2025-01-20", "2025-01-26"), ("2025-04-25", "2025-05-06"), ("2025-09-26", "2025-10-10"))

    @pytest.mark.parametrize(("received", "last"), DAYS)
    def test_not_before_the_end_of_the_fifth_day(self, world: made.World, received: str, last: str) -> None:
        with at(f"{received} 10:00"):
            case = submitted(world)
        with at(f"{last} 23:59:59"):
            assert tasks.fire_due_timers() == 0
        with clock.frozen(dt.datetime.fromisoformat(f"{last} 23:59:59+08:00") + dt.timedelta(seconds=1)):
            assert tasks.fire_due_timers() == 1
        case.refresh_from_db()
        assert (case.state, case.accepted_on) == ("ACCEPTED", dt.date.fromisoformat(received))

    def test_a_word_in_time_and_silence_means_nothing(self, world: made.World) -> None:
        with at("2025-01-20 10:00"):
            case = submitted(world)
        with at("2025-01-26 16:59"):
            act(world, case, "clerk", "request_correction", gaps=["缺进货查验制度"])
        with at("2025-01-27 10:00"):
            assert tasks.fire_due_timers() == 0
        case.refresh_from_db()
        assert case.state == "CORRECTION"


class TestSeparation:
    """Whoever reviewed a case does not decide it (审核分离; §10 test 5)."""

    @pytest.mark.parametrize(
        ("outcome", "entry"),
        [("approve", {}), ("refuse", {"reasons": "不符合规定的条件"}), ("send_back", {"reasons": "请补充说明"})],
    )
    def test_the_reviewer_decides_nothing(self, world: made.World, outcome: str, entry: Any) -> None:
        case = proposed(world)
        both = dataclasses.replace(world, decider=dataclasses.replace(world.reviewer, grants=world.decider.grants))
        with pytest.raises(NotAllowed) as refusal:
            act(both, case, "decider", outcome, **entry)
        case.refresh_from_db()
        assert (refusal.value.code, case.state) == ("cases.same_person", "DECIDING")
        assert not Decision.objects.exists()
        assert refusals(case) == ["cases.same_person"]

    def test_who_only_took_the_review_in_hand_has_reviewed(self, world: made.World) -> None:
        case = submitted(world)
        act(world, case, "clerk", "accept")
        task = open_task("case", case.id)
        assert task is not None
        services.take_task(by=world.reviewer, task_id=task.id)
        case.refresh_from_db()
        assert (case.state, case.reviewer_id) == ("REVIEWING", world.reviewer.account_id)


class TestWithdrawal:
    """The applicant takes the case back as long as nothing was decided (§5.2; §10 test 6)."""

    REACHED: tuple[tuple[str, Callable[[made.World], Case]], ...] = (
        ("RECEIVED", submitted),
        ("DECIDING", proposed),
    )

    @pytest.mark.parametrize(("state", "reach"), REACHED)
    def test_before_a_decision(self, world: made.World, state: str, reach: Callable[[made.World], Case]) -> None:
        case = reach(world)
        assert case.state == state
        services.withdraw_case(by=world.applicant, case_id=case.id, reason="不开店了")
        case.refresh_from_db()
        assert (case.state, case.close_type) == ("CLOSED", "withdrawn")
        assert open_task("case", case.id) is None

    @pytest.mark.parametrize(("outcome", "entry"), [("approve", {}), ("refuse", {"reasons": "不符合规定的条件"})])
    def test_after_a_decision_it_is_too_late(self, world: made.World, outcome: str, entry: Any) -> None:
        case = decided(world, outcome, **entry)
        before = (case.state, case.close_type, case.version)
        with pytest.raises(Conflict) as refusal:
            services.withdraw_case(by=world.applicant, case_id=case.id)
        case.refresh_from_db()
        assert refusal.value.code == "cases.life_cycle"
        assert (case.state, case.close_type, case.version) == before
        assert refusals(case) == ["cases.life_cycle"]


class TestRefusal:
    """A refusal states its reasons and the remedies against it (第38条; §10 test 7)."""

    @pytest.mark.parametrize("reasons", ["", "   ", "否", None])
    def test_without_reasons_it_is_no_refusal(self, world: made.World, reasons: str | None) -> None:
        case = proposed(world)
        with pytest.raises(Invalid) as refusal:
            act(world, case, "decider", "refuse", reasons=reasons)
        case.refresh_from_db()
        assert list(refusal.value.by_path()) == ["reasons"]
        assert case.state == "DECIDING"
        assert not Decision.objects.exists()

    def test_an_item_without_remedies_cannot_refuse(self, world: made.World, monkeypatch: Any) -> None:
        case = proposed(world)
        from zhengtong.matters.cases.services import work

        bare = dataclasses.replace(work.spec_of(world.item.id), remedies={})
        monkeypatch.setattr(work, "spec_of", lambda _item: bare)
        with pytest.raises(Invalid) as refusal:
            act(world, case, "decider", "refuse", reasons="不符合规定的条件")
        assert refusal.value.code == "cases.refusal_without_reason"
        assert not Decision.objects.exists()

    def test_reasons_and_remedies_stand_in_decision_and_letter(self, world: made.World) -> None:
        case = decided(world, "refuse", reasons="经营场所距垃圾场不足规定距离。")
        decision = Decision.objects.get(case_id=case.id)
        letter = Notice.objects.get(case_id=case.id, kind="refusal").data
        assert decision.reasons == letter["reasons"][0]["text"] == "经营场所距垃圾场不足规定距离。"
        assert decision.remedies == letter["remedies"]
        assert (decision.remedies["review_days"], decision.remedies["suit_months"]) == (60, 6)


class TestEvaluation:
    """Grades are not changed, and silence is not praise (§7; §10 test 12)."""

    def test_one_grade_one_supplement_and_no_third(self, world: made.World) -> None:
        case = closed(world)
        with pytest.raises(Invalid) as long:
            services.evaluate_case(by=world.applicant, case_id=case.id, grade=2, remark="等" * 1001)
        assert [fault[:2] for fault in long.value.errors] == [("remark", "too_long")]
        services.evaluate_case(by=world.applicant, case_id=case.id, grade=2, remark="等得久")
        services.evaluate_case(by=world.applicant, case_id=case.id, grade=4, remark="后来解释清楚了")
        with pytest.raises(Conflict) as third:
            services.evaluate_case(by=world.applicant, case_id=case.id, grade=5)
        assert third.value.code == "cases.evaluated"
        assert [(row.round, row.grade) for row in queries.evaluations_of(case)] == [(1, 2), (2, 4)]

    def test_silence_leaves_no_grade_however_long(self, world: made.World) -> None:
        case = closed(world)
        with clock.frozen(clock.now() + dt.timedelta(days=400)):
            tasks.fire_due_timers()
            assert not queries.evaluations_of(case).exists()

    @pytest.mark.parametrize("grade", [0, 6, -1])
    def test_only_five_grades_exist_in_the_verb_and_in_the_table(self, world: made.World, grade: int) -> None:
        case = closed(world)
        with pytest.raises(Invalid):
            services.evaluate_case(by=world.applicant, case_id=case.id, grade=grade)
        with pytest.raises(IntegrityError), transaction.atomic():
            Evaluation.objects.create(case_id=case.id, grade=grade, given_at=clock.now())

    def test_a_case_that_is_not_closed_has_nothing_to_be_graded(self, world: made.World) -> None:
        with pytest.raises(Conflict):
            services.evaluate_case(by=world.applicant, case_id=submitted(world).id, grade=5)


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_under_concurrent_requests(
    tmp_path: pathlib.Path, settings: Any, request: pytest.FixtureRequest
) -> None:
    """§10 test 13: thirty-two at once, a third of them undone after they had drawn their number."""
    if connection.vendor == "sqlite":
        own = migrated.copy(request.getfixturevalue("migrated_file"), tmp_path / "records.sqlite3")
        with house.database_at(str(own), tmp_path):
            _submit_at_once()
    else:
        settings.ZT_WRITES_INLINE = False
        house.definitions._kept.clear()
        _submit_at_once()


def _submit_at_once() -> None:
    from zhengtong.foundation.core.writes import write

    world = made.world()
    answers = made.answers(world.applicant)

    def one(bad: bool) -> services.Receipt:
        def job() -> services.Receipt:
            receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
            if bad:
                raise Conflict("test.no", "no")
            return receipt

        return write(job)

    told = house.at_once([lambda bad=place % 3 == 0: one(bad) for place in range(32)])
    done = [receipt for receipt in told if isinstance(receipt, services.Receipt)]
    assert [answer.code for answer in told if isinstance(answer, Conflict)] == ["test.no"] * 11
    assert house.half_made() == []
    assert {receipt.short_no for receipt in done} == set(Case.objects.values_list("short_no", flat=True))
    assert sorted(int(receipt.short_no[14:]) for receipt in done) == list(range(1, 22))
    services.withdraw_case(by=world.applicant, case_id=done[0].case_id)
    later = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    assert later.short_no.endswith("0022"), "a withdrawn case keeps its number"
