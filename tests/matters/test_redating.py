"""A year's notice entered or corrected: running clocks, lights, tasks and timers follow; nothing is counted twice."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import desks
from zhengtong.engines.calendars import CalendarError, derivation, package_calendar
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.health import Level, findings
from zhengtong.foundation.core.statements import Outgoing
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages.models import Message
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.deadlines import services as deadlines
from zhengtong.matters.deadlines import tasks
from zhengtong.matters.deadlines.models import CalendarYear, Clock
from zhengtong.matters.deadlines.queries import clock_of, clocks_of, engine_clock, suspensions_of
from zhengtong.matters.workflow import tasks as timers
from zhengtong.matters.workflow.models import Task, Timer
from zhengtong.matters.workflow.queries import open_task

pytestmark = pytest.mark.django_db
day = dt.date
EVE, NATIONAL_DAY = "2026-12-24 10:00", "2026-09-28 10:00"


def at(text: str) -> Any:
    return desks.at(text)


def enter(year: int, *, also_off: dt.date | None = None) -> None:
    """The notice of 2027 as it might come, or that of a known year with one more day off."""
    known = package_calendar().years.get(year)
    holidays = dict(known.holidays) if known else {day(year, 1, number): "元旦" for number in (1, 2, 3)}
    workdays = known.workdays if known else frozenset({day(year, 1, 10)})
    if also_off is not None:
        holidays[also_off] = "国庆节"
    deadlines.enter_calendar_year(by=SYSTEM, year=year, holidays=holidays, workdays=workdays, source="试验用")


@pytest.fixture
def desk() -> desks.Desk:
    return desks.desk()


def the_task(case: Case) -> Task:
    task = open_task("case", case.id)
    assert task is not None
    return task


def told(template: str) -> list[Any]:
    deliver_outbox(500)
    return [message.params for message in Message.objects.filter(template=template)]


class TestAYearThatIsNotKnown:
    def test_a_limit_that_ends_before_it_is_no_reason_to_refuse(self, desk: desks.Desk) -> None:
        """Five working days from 24 December end on the 31st; which day comes after it nobody knows yet."""
        with at(EVE):
            case = desk.case()
        notice = clock_of(("case", case.id), "correction_notice")
        assert (notice.due_on, notice.yellow_on, notice.red_on) == (day(2026, 12, 31), day(2026, 12, 30), None)
        assert (case.red_on, the_task(case).red_on) == (day(2027, 1, 1), day(2027, 1, 1)), "not earlier, in any case"
        assert Timer.objects.get().due_at == dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC)

    def test_one_that_ends_in_it_is_refused_as_before(self, desk: desks.Desk) -> None:
        with at(EVE):
            case = desk.case()
            with pytest.raises(CalendarError) as refused:
                desk.act("clerk", "accept", case)
        assert refused.value.code == "calendars.year_missing"

    def test_its_notice_fills_in_what_was_not_known(self, desk: desks.Desk) -> None:
        with at(EVE):
            case = desk.case()
            enter(2027)
            assert tasks.redate_clocks() == 1
        case.refresh_from_db()
        assert clock_of(("case", case.id), "correction_notice").red_on == day(2027, 1, 4)
        assert (case.red_on, the_task(case).red_on) == (day(2027, 1, 4), day(2027, 1, 4))
        year = CalendarYear.objects.get(year=2027)
        entry = ledger.timeline(("calendar_year", year.id))[0]
        assert (entry.type, entry.payload) == ("calendar.redated", {"year": 2027, "subjects": 1})
        assert "case.redated" not in {each.type for each in ledger.timeline(("case", case.id))}, "no last day moved"
        assert told("case.redated") == []


class TestANoticeThatIsCorrected:
    """8 October 2026 becomes a day off after the notice had been known for a year."""

    def correct(self) -> None:
        enter(2026, also_off=day(2026, 10, 8))
        tasks.redate_clocks()

    def test_the_last_days_of_a_case_in_hand_move_with_everything_that_waits_for_them(self, desk: desks.Desk) -> None:
        with at(NATIONAL_DAY):
            case = desk.accepted()
            services.take_task(by=desk.world.reviewer, task_id=the_task(case).id)
        case.refresh_from_db()
        assert (case.promise_due, case.legal_due) == (day(2026, 10, 16), day(2026, 10, 30))
        with at("2026-09-29 09:00"):
            self.correct()
            case.refresh_from_db()
            assert (case.promise_due, case.legal_due) == (day(2026, 10, 19), day(2026, 11, 2))
            rows = clocks_of(("case", case.id))
            assert (rows["promise"].yellow_on, rows["promise"].red_on) == (day(2026, 10, 15), day(2026, 10, 20))
            task = the_task(case)
            assert (
                (task.yellow_on, task.red_on) == (case.yellow_on, case.red_on) == (day(2026, 10, 15), day(2026, 10, 20))
            )
            assert rows["correction_notice"].due_on == day(2026, 10, 10), "what is met or ended stays as it was"
            days = derivation(engine_clock(rows["promise"], suspensions_of(("case", case.id))))
            assert (days[-1].date, days[-1].number) == (case.promise_due, 10)
            assert {each.date: each.number for each in days}[day(2026, 10, 8)] is None

    def test_it_is_recorded_and_told_with_both_days(self, desk: desks.Desk, settings: Any) -> None:
        settings.ZT_REQUIRE_STAFF_MFA = False
        with at(NATIONAL_DAY):
            case = desk.accepted()
            services.take_task(by=desk.world.reviewer, task_id=the_task(case).id)
        with at("2026-09-29 09:00"):
            self.correct()
            entry = ledger.timeline(("case", case.id))[0]
            (officer,), (applicant,) = told("case.redated.officer"), told("case.redated")
        assert entry.type == "case.redated"
        assert entry.payload is not None
        assert entry.payload["clocks"] == {
            "promise": {"from": "2026-10-16", "to": "2026-10-19"},
            "legal": {"from": "2026-10-30", "to": "2026-11-02"},
        }
        message = Message.objects.get(template="case.redated.officer")
        assert message.person_id == desk.world.reviewer.person_id
        assert "2026-10-16 → 2026-10-19" in officer["days"]
        assert (officer["year"], applicant["number"]) == (2026, case.short_no)
        page = desk.client("reviewer").get(f"/desk/cases/{case.token}/?side=history").content.decode()
        assert "期限重新计算" in page

    def test_acceptance_by_silence_waits_for_the_new_last_day(self, desk: desks.Desk) -> None:
        with at(NATIONAL_DAY):
            case = desk.case()
        assert clock.local(Timer.objects.get().due_at).date() == day(2026, 10, 11)
        with at("2026-10-09 09:00"):
            self.correct()
        with at("2026-10-11 00:00:01"):
            assert timers.fire_due_timers() == 0
        assert Case.objects.get().state == "RECEIVED"
        with at("2026-10-13 00:00:01"):
            assert timers.fire_due_timers() == 1
        case.refresh_from_db()
        assert (case.state, case.accepted_on) == ("ACCEPTED", day(2026, 9, 28))

    def test_a_clock_that_stands_still_is_counted_when_it_runs_again(self, desk: desks.Desk) -> None:
        with at(NATIONAL_DAY):
            case = desk.accepted()
            desk.act("reviewer", "suspend", case, procedure="TESTING", planned_days=3)
        with at("2026-09-29 09:00"):
            self.correct()
        assert clock_of(("case", case.id), "promise").due_on is None
        with at("2026-09-30 16:00"):
            desk.act("reviewer", "resume", case, result="检测合格")
        case.refresh_from_db()
        # 9, 10, 12 … 16 October are seven, then 19, 20 and 21: ten, for 8 October no longer counts.
        assert case.promise_due == day(2026, 10, 21)

    def test_entered_as_it_was_it_moves_nothing(self, desk: desks.Desk) -> None:
        with at(NATIONAL_DAY):
            case = desk.accepted()
        case.refresh_from_db()
        before = list(Clock.objects.order_by("id").values())
        with at("2026-09-29 09:00"):
            enter(2026)
            assert tasks.redate_clocks() == 1
            assert tasks.redate_clocks() == 0, "it is done"
        assert list(Clock.objects.order_by("id").values()) == before
        assert Case.objects.get(id=case.id).version == case.version
        assert CalendarYear.objects.get().redated == 0


class TestTheRound:
    """Many subjects: clocks alone, of a kind that nobody follows."""

    @pytest.fixture(autouse=True)
    def _autumn(self) -> Any:
        with at("2026-09-29 09:00"):
            yield

    def clocks(self, number: int) -> None:
        for subject in range(1, number + 1):
            limit = deadlines.engine.Limit(10)
            for name in (deadlines.ClockName.PROMISE, deadlines.ClockName.LEGAL):
                deadlines.start_clock(subject=("test", subject), name=name, start_on=day(2026, 9, 28), limit=limit)

    def moved(self) -> list[int]:
        rows = Clock.objects.filter(subject_kind="test", name="promise", due_on=day(2026, 10, 19))
        return sorted(rows.values_list("subject_id", flat=True))

    def correct(self) -> None:
        enter(2026, also_off=day(2026, 10, 8))

    def test_it_goes_on_stretch_by_stretch_from_where_it_was_stopped(self, monkeypatch: Any) -> None:
        self.clocks(7)
        self.correct()
        assert tasks.redate_clocks(stretch=4, seconds=0) == 2
        assert self.moved() == [1, 2]

        def killed(subject: Any) -> Any:
            if subject[1] == 4:
                raise SystemExit
            return usual(subject)

        usual = deadlines.recount_clocks
        with monkeypatch.context() as during:
            during.setattr(deadlines, "recount_clocks", killed)
            with pytest.raises(SystemExit):
                tasks.redate_clocks(stretch=4)
        assert self.moved() == [1, 2, 3]
        assert CalendarYear.objects.get().redating_due_at is not None
        tasks.redate_clocks(stretch=4)
        assert self.moved() == [1, 2, 3, 4, 5, 6, 7]
        year = CalendarYear.objects.get()
        assert (year.redating_due_at, year.undated) == (None, 0)

    def test_a_stretch_reads_no_more_when_there_is_more(self) -> None:
        def queries() -> int:
            self.correct()
            with CaptureQueriesContext(connection) as taken:
                tasks.redate_clocks(stretch=4, seconds=0)
            return len(taken)

        self.clocks(4)
        few = queries()
        Clock.objects.all().delete()
        CalendarYear.objects.all().delete()
        self.clocks(40)
        assert queries() <= few

    def test_one_that_cannot_be_counted_keeps_none_of_the_others_back(self, monkeypatch: Any) -> None:
        self.clocks(5)
        self.correct()

        def broken(subject: Any) -> Any:
            if subject[1] == 2:
                raise CalendarError("calendars.year_missing", position="2027", year=2027)
            return usual(subject)

        usual = deadlines.recount_clocks
        with monkeypatch.context() as during:
            during.setattr(deadlines, "recount_clocks", broken)
            tasks.redate_clocks(stretch=2)
            assert self.moved() == [1, 3, 4, 5]
            assert self.look() is Level.ILL
            assert tasks.redate_clocks() == 0, "not at once again"
            with at("2026-09-29 09:11"):
                tasks.redate_clocks()
                assert self.look() is Level.ILL, "still"
        with at("2026-09-29 09:30"):
            tasks.redate_clocks()
        assert self.moved() == [1, 2, 3, 4, 5]
        assert self.look() is Level.WELL

    def look(self) -> Level:
        (level,) = [each.level for each in findings() if each.name == "redating"]
        return level

    def test_a_notice_entered_anew_meanwhile_begins_again(self) -> None:
        self.clocks(5)
        self.correct()
        assert self.look() is Level.SOON
        tasks.redate_clocks(stretch=4, seconds=0)
        assert self.moved() == [1, 2]
        with at("2026-09-29 09:01"):
            enter(2026)  # the correction is taken back
            tasks.redate_clocks()
        assert self.moved() == []
        assert CalendarYear.objects.get().redated == 2
        assert self.look() is Level.WELL

    def test_what_does_not_rest_on_the_year_is_not_looked_at(self) -> None:
        deadlines.start_clock(
            subject=("test", 9),
            name=deadlines.ClockName.PROMISE,
            start_on=day(2025, 3, 3),
            limit=deadlines.engine.Limit(5),
        )
        self.clocks(2)
        done = deadlines.Clocks(("test", 2), Outgoing())
        done.stop_all(day(2026, 9, 29))
        done.send()
        self.correct()
        assert tasks.redate_clocks() == 1
