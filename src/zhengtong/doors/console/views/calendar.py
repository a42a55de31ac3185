"""Calendar years: what is known, and the yearly notice entered after a look at the months it makes."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.forms import Field, Sheet, read_number
from zhengtong.doors.console.forms.notices import LineFault, read_holidays, read_workdays
from zhengtong.doors.console.queries import year_figures, year_months
from zhengtong.doors.console.views.gate import actor_of, crumbs, found_or_404, open_to, sheet_for, state, table
from zhengtong.engines.calendars import Calendar, CalendarError, YearNotice
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines import services

PART = "calendar"


@open_to(PART)
def years(request: HttpRequest) -> HttpResponse:
    """The years whose notice is known, newest first, and where each comes from."""
    known = deadlines.calendar()
    entered = {row.year for row in deadlines.entered_years()}
    lines = [_line(known, year, entered=year in entered) for year in sorted(known.years, reverse=True)]
    columns = (
        pgettext("of a calendar", "Year"),
        _("Working days"),
        _("Days off by law"),
        _("Weekend days worked"),
        _("Entered"),
        _("Notice"),
    )
    coming = max(known.years) + 1
    context: dict[str, Any] = {
        "title": _("Calendar years"),
        "part": PART,
        "table": table(_("Years"), columns, lines, _("No year.")),
    }
    label = _("Enter the notice of %(year)d") % {"year": coming}
    context["actions"] = [{"label": label, "url": f"{reverse('console:enter_year')}?year={coming}"}]
    context["lead"] = _("A limit that reaches into a year without notice is refused, never guessed.")
    return render(request, "console/list.html", context)


def _line(known: Calendar, year: int, *, entered: bool) -> tuple[str, tuple[object, ...]]:
    figures = year_figures(known, year)
    origin = state(_("by hand"), "azure") if entered else state(_("with the software"), "line")
    cells = (str(year), figures["working"], figures["holidays"], figures["adjusted"], origin, known.years[year].source)
    return reverse("console:year", args=[year]), cells


@open_to(PART)
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The months of one known year."""
    known = deadlines.calendar()
    found_or_404(year if known.knows(year) else None)
    context: dict[str, Any] = {
        "title": _("Calendar of %(year)d") % {"year": year},
        "part": PART,
        "source": known.years[year].source,
    }
    context["actions"] = [{"label": _("Correct it"), "url": f"{reverse('console:enter_year')}?year={year}"}]
    return render(request, "console/year.html", context | crumbs(PART) | _drawn(known, year))


def _drawn(known: Calendar, year: int) -> dict[str, Any]:
    return {"months": year_months(known, year), "figures": year_figures(known, year), "year": year}


def _fields() -> tuple[Field, ...]:
    dates = _("One line a holiday: first day, “to”, last day, name. For example: 2027-01-01 to 2027-01-03 New Year")
    worked = _("Saturdays and Sundays that are worked, one a line. Leave empty where there are none.")
    return (
        Field("year", pgettext("of a calendar", "Year"), "integer", width=4),
        Field("source", _("Notice"), help=_("Its number or title, as published."), most=200),
        Field("holidays", _("Days off"), "textarea", rows=10, help=dates, most=4000),
        Field("workdays", _("Weekend days worked"), "textarea", rows=4, required=False, help=worked, most=4000),
    )


@open_to(PART, methods=("GET", "HEAD", "POST"))
def enter(request: HttpRequest) -> HttpResponse:
    """Type the notice, look at the months it makes, enter it; nothing typed is ever lost."""
    asked = request.GET.get("year", "")
    number = read_number(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else clock.today().year + 1
    sheet = sheet_for(request, _fields(), _given(number))
    if request.method != "POST" or request.POST.get("_action") == "change":
        sheet.faults.clear()
        return _form(request, sheet)
    notice = _notice(request, sheet) if sheet.sound else None
    if notice is None:
        return _form(request, sheet, status=422)
    if request.POST.get("_action") == "enter":
        return _enter(request, sheet, notice)
    known = deadlines.calendar().add(notice, replace=True)
    context: dict[str, Any] = {
        "title": _("Check the notice of %(year)d") % {"year": notice.year},
        "part": PART,
        "typed": sheet.typed,
    }
    context["source"] = notice.source
    context["replaced"] = deadlines.calendar().knows(notice.year)
    return render(request, "console/year_check.html", context | crumbs(PART) | _drawn(known, notice.year))


def _given(year: int) -> dict[str, Any]:
    """What stands in the fields at first: the known notice, else the year alone."""
    known = deadlines.calendar().years.get(year)
    if known is None:
        return {"year": year}
    holidays = "\n".join(f"{day} {name}" for day, name in sorted(known.holidays.items()))
    worked = "\n".join(str(day) for day in sorted(known.workdays) if day.weekday() >= 5)
    return {"year": year, "source": known.source, "holidays": holidays, "workdays": worked}


def _notice(request: HttpRequest, sheet: Sheet) -> YearNotice | None:
    """The notice that was typed; faults are put beside their fields."""
    number = sheet.values["year"]
    holidays: dict[dt.date, str] = {}
    workdays: frozenset[dt.date] = frozenset()
    try:
        holidays = read_holidays(sheet.values["holidays"], number)
    except LineFault as fault:
        sheet.blame("holidays", str(fault))
    try:
        workdays = read_workdays(sheet.values["workdays"] or "", number)
    except LineFault as fault:
        sheet.blame("workdays", str(fault))
    if not sheet.sound:
        return None
    try:
        return YearNotice(number, holidays, workdays, sheet.values["source"])
    except CalendarError as error:
        sheet.blame(str(error.position or ""), error.text(actor_of(request).locale))
        return None


def _enter(request: HttpRequest, sheet: Sheet, notice: YearNotice) -> HttpResponse:
    try:
        services.enter_calendar_year(
            by=actor_of(request),
            year=notice.year,
            holidays=notice.holidays,
            workdays=notice.workdays,
            source=notice.source,
        )
    except Invalid as refusal:
        for path, _code, sentence in refusal.errors:
            sheet.blame(path, sentence)
        return _form(request, sheet, status=refusal.status)
    messages.success(request, _("The notice of %(year)d has been entered.") % {"year": notice.year})
    return HttpResponseRedirect(reverse("console:year", args=[notice.year]))


def _form(request: HttpRequest, sheet: Sheet, status: int = 200) -> HttpResponse:
    back = reverse("console:calendar")
    page = sheet.page(submit=_("Look at the months"), back=back, back_label=_("Go back, change nothing"))
    context: dict[str, Any] = {
        "title": _("Enter a yearly notice"),
        "part": PART,
        "page": page,
        "faulty": not sheet.sound,
    }
    return render(request, "console/form.html", context | crumbs(PART), status=status)
