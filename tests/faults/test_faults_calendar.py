"""The end of the year, in a calendar nobody has entered yet: refused with the way out, nothing changed, then done."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from factories import cases as made
from faults.house import browser, counts, half_made
from zhengtong.engines.calendars import CalendarError, derivation
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.deadlines.queries import clock_of, engine_clock
from zhengtong.matters.deadlines.services import enter_calendar_year
from zhengtong.matters.workflow import tasks
from zhengtong.matters.workflow.models import Trouble
from zhengtong.matters.workflow.queries import open_task

NEW_YEAR = {dt.date(2027, 1, day): "元旦" for day in (1, 2, 3)}


def at(text: str) -> Any:
    return clock.frozen(dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE))


def enter_2027() -> None:
    """A notice as it might come: New Year's days off, paid for on Sunday the 10th."""
    worked = frozenset({dt.date(2027, 1, 10)})
    enter_calendar_year(
        by=SYSTEM, year=2027, holidays=NEW_YEAR, workdays=worked, source="国办发明电〔2026〕1 号（示例）"
    )


def submitted(world: made.World, when: str) -> Case:
    with at(when):
        answers = made.answers(world.applicant)
        receipt = services.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    return Case.objects.get(id=receipt.case_id)


def act(world: made.World, case: Case, who: str, outcome: str, **entry: object) -> None:
    task = open_task("case", case.id)
    assert task is not None
    services.act(by=getattr(world, who), task_id=task.id, outcome=outcome, entry=entry)


def test_acceptance_in_the_last_week_of_the_year(world: made.World) -> None:
    case = submitted(world, "2026-12-22 10:00")
    before = counts()
    with at("2026-12-25 09:30"):
        with pytest.raises(CalendarError) as refusal:
            act(world, case, "clerk", "accept")
        assert (refusal.value.code, refusal.value.params["year"]) == ("calendars.year_missing", 2027)
        assert "年度日历" in refusal.value.text("zh-hans")
        told = next(entry for entry in ledger.timeline(("case", case.id)) if entry.type == "case.act.refused")
        assert told.payload["code"] == "calendars.year_missing"
        assert counts() == before | {"Event": before["Event"] + 1}
        assert (Case.objects.get().state, Case.objects.get().version) == (case.state, case.version)
        enter_2027()
        act(world, case, "clerk", "accept")
    case.refresh_from_db()
    # 28–31 December, then 4–8 January and Sunday the 10th, which is worked: ten.
    assert (case.promise_due, case.legal_due) == (dt.date(2027, 1, 10), dt.date(2027, 1, 22))
    promise = engine_clock(clock_of(("case", case.id), "promise"), ())
    days = {day.date: day for day in derivation(promise)}
    assert days[dt.date(2027, 1, 10)].number == 10
    assert days[dt.date(2027, 1, 1)].number is None


def test_an_official_reads_what_to_do(world: made.World, settings: Any) -> None:
    settings.ZT_REQUIRE_STAFF_MFA = False
    case = submitted(world, "2026-12-22 10:00")
    with at("2026-12-25 09:30"):
        desk = browser(world.clerk)
        task = open_task("case", case.id)
        assert task is not None
        typed = {"task": task.id, "outcome": "accept", "once": "k1"}
        said = desk.post(reverse("desk:act", args=[case.token]), typed)
    assert said.status_code in (409, 422)
    assert "年度日历" in said.content.decode()
    assert Case.objects.get().state == "RECEIVED"


def test_handing_in_on_the_last_evening_of_the_year(world: made.World, settings: Any) -> None:
    """Received on the next working day, which nobody can count to yet: the draft waits."""
    settings.ALLOWED_HOSTS = ["localhost"]
    draft = services.start_draft(by=world.applicant, item_id=world.item.id, answers=made.answers(world.applicant))
    with at("2026-12-31 18:00"):
        before = counts()
        said = browser(world.applicant).post(reverse("portal:apply_check", args=[draft.token]), {"_key": "one"})
        assert said.status_code == 503
        assert "年度日历" in said.content.decode()
        assert counts() == before
        assert Draft.objects.get().answers == draft.answers
        enter_2027()
        done = services.hand_in_draft(by=world.applicant, token=draft.token, key="one")
    case = Case.objects.get()
    assert (case.token, case.received_on, half_made()) == (done.case_token, dt.date(2027, 1, 4), [])
    assert case.short_no == "110108202612310001"


def test_a_timer_that_cannot_count_waits_for_the_calendar(world: made.World) -> None:
    case = submitted(world, "2026-12-16 10:00")
    with at("2026-12-24 00:00:01"):
        assert tasks.fire_due_timers() == 1  # once; what it led to stands still until it can be counted
        stuck = Trouble.objects.get()
        assert (stuck.attempts, stuck.settled_at) == (1, None)
        assert "calendars.year_missing" in stuck.reason
        assert Case.objects.get().state == "RECEIVED"
        assert tasks.retry_stalled() == 0
    with at("2026-12-24 00:01:02"):
        enter_2027()
        assert tasks.retry_stalled() == 1
    case.refresh_from_db()
    assert (case.state, case.accepted_on) == ("ACCEPTED", dt.date(2026, 12, 16))
