"""The yearly notice: typed, looked at, entered, recorded; a limit refused before it is counted after."""

import datetime as dt

import pytest

from factories import cases as made
from zhengtong.doors.console.forms.notices import LineFault, read_holidays, read_workdays
from zhengtong.engines.calendars import CalendarError
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.models import CalendarYear
from zhengtong.matters.workflow.queries import open_task

HOLIDAYS = """2027-01-01 至 2027-01-03 元旦
2027-02-05 至 2027-02-11 春节
4月3日至5日 清明节
2027.5.1 - 2027.5.5 劳动节
6月9日 端午节
2027年9月15日 中秋节
2027-10-01 to 2027-10-07 国庆节
"""
WORKDAYS = "2027-02-14\n2027-02-20, 2027-10-09"
TYPED = {"year": "2027", "source": "国办发明电〔2026〕1 号", "holidays": HOLIDAYS, "workdays": WORKDAYS}


class TestReading:
    def test_lines_as_people_write_them(self):
        days = read_holidays(HOLIDAYS, 2027)
        assert len(days) == 3 + 7 + 3 + 5 + 1 + 1 + 7
        assert days[dt.date(2027, 4, 4)] == "清明节"
        assert days[dt.date(2027, 10, 7)] == "国庆节"
        assert read_workdays(WORKDAYS, 2027) == {dt.date(2027, 2, 14), dt.date(2027, 2, 20), dt.date(2027, 10, 9)}

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("元旦 2027-01-01", 1),
            ("2027-01-01 元旦\n2027-02-30 春节", 2),
            ("2027-01-01", 1),
            ("2027-01-01 元旦\n2027-01-01 元旦", 2),
            ("2027-01-03 至 2027-01-01 元旦", 1),
            ("2027-01-01 至 2027-12-01 元旦", 1),
            ("2027-02-05-2027-02-11 春节", 1),
        ],
    )
    def test_what_cannot_be_read_names_its_line(self, text, line):
        with pytest.raises(LineFault, match=rf"{line}"):
            read_holidays(text, 2027)

    @pytest.mark.parametrize("text", ["2027-02-15", "2027-02-14 春节", "星期六"])
    def test_a_worked_day_is_a_weekend_day_and_nothing_else(self, text):
        with pytest.raises(LineFault):
            read_workdays(text, 2027)


@pytest.mark.django_db
class TestPages:
    def test_the_years_that_came_with_the_software_are_listed(self, system):
        page = system.get("calendar/").content.decode()
        assert "2026" in page
        assert "/console/calendar/2026/" in page
        system.get("calendar/2027/", 404)

    def test_the_months_are_looked_at_before_anything_is_entered(self, system):
        answer = system.post("calendar/enter/", 200, **TYPED, _action="continue")
        assert answer.context["figures"] == {"working": 247, "holidays": 27, "adjusted": 3}
        assert sum(month["working"] for month in answer.context["months"]) == 247
        page = answer.content.decode()
        assert "春节" in page
        assert "国办发明电〔2026〕1 号" in page
        assert not CalendarYear.objects.exists()

    def test_it_is_entered_and_recorded(self, system):
        system.post("calendar/enter/", **TYPED, _action="enter")
        row = CalendarYear.objects.get(year=2027)
        entry = ledger.timeline(("calendar_year", row.pk))[0]
        assert (entry.type, entry.actor_id) == ("calendar.entered", system.account.pk)
        assert not deadlines.calendar().is_working(dt.date(2027, 2, 5))
        assert deadlines.calendar().is_working(dt.date(2027, 2, 14))
        assert "春节" in system.get("calendar/2027/").content.decode()
        assert "国办发明电〔2026〕1 号" in system.get("calendar/").content.decode()
        assert "4月" not in system.get("calendar/enter/?year=2027").content.decode()

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"holidays": "春节 2027-02-05"}, "holidays"),
            ({"holidays": "2028-01-01 元旦"}, "holidays"),
            ({"holidays": ""}, "holidays"),
            ({"workdays": "2027-02-06"}, "workdays"),
            ({"workdays": "2027-02-15"}, "workdays"),
            ({"year": "27"}, "year"),
            ({"year": "二〇二七"}, "year"),
            ({"source": ""}, "source"),
        ],
    )
    @pytest.mark.parametrize("action", ["continue", "enter"])
    def test_a_fault_is_told_beside_its_field_and_everything_typed_stays(self, system, changed, field, action):
        typed = TYPED | changed
        page = system.post("calendar/enter/", 422, **typed, _action=action).content.decode()
        assert f'id="f-{field}-error"' in page
        assert typed["holidays"].strip() in page
        assert typed["workdays"] in page
        assert not CalendarYear.objects.exists()

    def test_going_back_from_the_months_keeps_what_was_typed(self, system):
        page = system.post("calendar/enter/", 200, **TYPED, _action="change").content.decode()
        assert HOLIDAYS.strip() in page
        assert "zt-error-summary" not in page

    def test_an_acceptance_refused_for_want_of_the_notice_succeeds_after_it(self, system):
        world = made.world()
        with clock.frozen(dt.datetime(2026, 12, 21, 2, 0, tzinfo=dt.UTC)):
            receipt = services.submit_application(
                by=world.applicant, item_id=world.item.id, answers=made.answers(world.applicant)
            )
        with clock.frozen(dt.datetime(2026, 12, 25, 2, 0, tzinfo=dt.UTC)):
            task = open_task("case", receipt.case_id)
            with pytest.raises(CalendarError) as refused:
                services.act(by=world.clerk, task_id=task.id, outcome="accept", entry={})
            assert refused.value.code == "calendars.year_missing"
            assert Case.objects.get(id=receipt.case_id).state == "RECEIVED"
        system.post("calendar/enter/", **TYPED, _action="enter")
        with clock.frozen(dt.datetime(2026, 12, 25, 2, 0, tzinfo=dt.UTC)):
            services.act(by=world.clerk, task_id=task.id, outcome="accept", entry={})
        case = Case.objects.get(id=receipt.case_id)
        assert (case.state, case.promise_due) == ("ACCEPTED", dt.date(2027, 1, 11))


@pytest.mark.django_db
def test_the_names_of_holidays_are_in_the_reader_s_language(system):
    assert "中秋节" in system.get("calendar/2026/").content.decode()
    system.browser.cookies["django_language"] = "en"
    page = system.get("calendar/2026/").content.decode()
    assert "Mid-Autumn Festival" in page
    assert "中秋节" not in page
