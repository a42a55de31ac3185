"""What pages of the console are drawn from: the months of a calendar year, and the findings about the house."""

import calendar as weeks
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from zhengtong.engines.calendars import Calendar, DayKind
from zhengtong.foundation.core import clock
from zhengtong.foundation.files.fonts import font_health
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.messages import queries as messages
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.workflow import queries as workflow

LATE = dt.timedelta(minutes=10)
SILENT = dt.timedelta(minutes=1)
"""Background work seals every second; an older unsealed event says that nobody does it."""


def year_months(calendar: Calendar, year: int) -> list[dict[str, Any]]:
    """Twelve months as weeks of days {day, kind, name}, with the working days of each; Monday first."""
    return [_month(calendar, year, month) for month in range(1, 13)]


def _month(calendar: Calendar, year: int, month: int) -> dict[str, Any]:
    lines = [
        [_day(calendar, day) if day.month == month else None for day in week]
        for week in weeks.Calendar().monthdatescalendar(year, month)
    ]
    working = sum(1 for week in lines for day in week if day is not None and day["working"])
    return {"month": dt.date(year, month, 1), "weeks": lines, "working": working}


def _day(calendar: Calendar, day: dt.date) -> dict[str, Any]:
    kind = calendar.kind(day)
    return {
        "day": day,
        "kind": kind.value,
        "name": calendar.holiday(day),
        "working": kind in (DayKind.WORKDAY, DayKind.ADJUSTED_WORKDAY),
        "adjusted": kind is DayKind.ADJUSTED_WORKDAY,
    }


def year_figures(calendar: Calendar, year: int) -> dict[str, int]:
    """How many days of each kind a known year has."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    kinds = [calendar.kind(first + dt.timedelta(days=step)) for step in range((last - first).days + 1)]
    return {
        "working": sum(1 for kind in kinds if kind in (DayKind.WORKDAY, DayKind.ADJUSTED_WORKDAY)),
        "holidays": kinds.count(DayKind.HOLIDAY),
        "adjusted": kinds.count(DayKind.ADJUSTED_WORKDAY),
    }


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and a sentence."""

    title: object
    well: bool
    words: str


def findings() -> Iterator[Finding]:
    """Everything the health page looks at; a look that fails is a finding itself."""
    for title, look in _looks().items():
        try:
            well, words = look()
        except Exception as error:  # noqa: BLE001 a broken part must not hide the others
            well, words = False, _("could not be looked at: %(error)s") % {"error": type(error).__name__}
        yield Finding(title, well, words)


def _looks() -> dict[str, Callable[[], tuple[bool, str]]]:
    year, state = clock.today().year, ledger.health()
    return {
        _("Tables"): _tables,
        _("Ledger"): lambda: _ledger(state),
        _("Background work"): lambda: _background(state),
        _("Deliveries"): lambda: _deliveries(state),
        _("Messages"): _messages,
        _("Timers"): _timers,
        _("Fonts of papers"): _fonts,
        _("Calendar of %(year)d") % {"year": year}: lambda: _calendar(year),
        _("Calendar of %(year)d") % {"year": year + 1}: lambda: _calendar(year + 1),
    }


def _tables() -> tuple[bool, str]:
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except (CommandError, SystemExit):
        return False, _("Some migrations are not applied.")
    return True, _("All migrations are applied.")


def _ledger(state: ledger.Health) -> tuple[bool, str]:
    if state.held:
        return False, _("%(count)d events were not written by this house and are held back.") % {"count": state.held}
    return True, _("%(count)d events are sealed, none is held back.") % {"count": state.size}


def _background(state: ledger.Health) -> tuple[bool, str]:
    waits = state.oldest_unsealed
    if waits is not None and waits > SILENT:
        minutes = int(waits.total_seconds() // 60)
        return False, _("Nothing has been sealed for %(minutes)d minutes: it does not run.") % {"minutes": minutes}
    return True, _("Events are sealed as they come.")


def _deliveries(state: ledger.Health) -> tuple[bool, str]:
    late = state.oldest_due is not None and state.oldest_due > LATE
    if state.abandoned or late:
        return False, _("%(count)d deliveries were given up.") % {"count": state.abandoned} + (
            _(" Others are late.") if late else ""
        )
    return True, _("Everything has been delivered or is about to be.")


def _messages() -> tuple[bool, str]:
    stuck = len(messages.stuck()[:100])
    return not stuck, _("%(count)d messages cannot be sent.") % {"count": stuck} if stuck else _("None is stuck.")


def _timers() -> tuple[bool, str]:
    stuck = len(workflow.stuck_timers()[:100])
    return not stuck, _("%(count)d timers failed.") % {"count": stuck} if stuck else _("None is stuck.")


def _fonts() -> tuple[bool, str]:
    missing = font_health().missing
    return not missing, _("Missing: %(names)s.") % {"names": ", ".join(missing)} if missing else _("All are here.")


def _calendar(year: int) -> tuple[bool, str]:
    if deadlines.calendar().knows(year):
        return True, _("The notice is known.")
    return False, _("The yearly notice must be entered: limits that reach into this year are refused until then.")
