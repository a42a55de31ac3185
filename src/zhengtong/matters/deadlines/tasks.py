"""Background work of deadlines: after a year's notice, running clocks are counted on with it, a stretch at a time."""

import datetime as dt
import logging
import time

from django.db.models import F

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM, acting
from zhengtong.matters.deadlines import queries, services
from zhengtong.matters.deadlines.models import CalendarYear
from zhengtong.matters.deadlines.registry import Moved, followers

_log = logging.getLogger("zhengtong.deadlines")
ROUND_SECONDS = 2.0  # whoever else works in the background has his turn all the same
STRETCH = 50
PAUSE = dt.timedelta(minutes=10)
"""After a round in which some could not be counted, until the next."""


def redate_clocks(*, stretch: int = STRETCH, seconds: float = ROUND_SECONDS) -> int:
    """Count running clocks on with the notice that waits for it; answers how many subjects were looked at.

    Each subject is a write of its own, and after each stretch it is noted how far one has come: whoever is stopped
    goes on from there, and looking at a subject twice changes nothing. One that cannot be counted (a further year is
    missing, somebody acts on it just now) keeps none of the others back; the whole is tried again after a pause.
    """
    until, looked_at = time.monotonic() + seconds, 0
    with acting(SYSTEM):
        while (year := queries.redating()) is not None and (year.redating_due_at or clock.now()) <= clock.now():
            found = queries.resting_on(year.year, after=year.redating_cursor, limit=stretch)
            subjects = dict.fromkeys(subject for _number, subject in found)
            told = [_redate(subject, year.year) for subject in subjects]
            looked_at += len(told)
            last = found[-1][0] if found else year.redating_cursor
            _note(year, last, moved=told.count(True), failed=told.count(None))
            if len(found) < stretch:
                _settle(year.id, year.entered_at)
            if time.monotonic() >= until:
                break
    return looked_at


def _redate(subject: services.Subject, year: int) -> bool | None:
    """Whether anything of the subject moved; None where it could not be counted."""
    kind, number = subject
    moved: list[bool] = []

    def job() -> None:
        moved.clear()

        def recount() -> dict[str, Moved]:
            found = services.recount_clocks(subject)
            moved.append(bool(found))
            return found

        if kind in followers:
            followers.get(kind)(number, year, recount)
        else:
            recount()

    try:
        write(job, key="redate")
    except Exception:  # noqa: BLE001 whatever one subject raises, the others are counted
        _log.exception("the clocks of %s %s could not be counted on with the notice of %s", kind, number, year)
        return None
    return any(moved)


def _note(year: CalendarYear, last: int, *, moved: int, failed: int) -> None:
    """How far one has come, unless the notice was entered anew meanwhile: then all begins again."""
    same = CalendarYear.objects.filter(id=year.id, entered_at=year.entered_at)
    undated = failed + F("undated") if year.redating_cursor else failed  # a new round counts them anew
    write(lambda: same.update(redated=F("redated") + moved, undated=undated, redating_cursor=last))


def _settle(year_id: int, entered_at: dt.datetime) -> None:
    """The end is met: done and recorded, or, where some could not be counted, to be gone through again later."""

    def job() -> None:
        year = CalendarYear.objects.select_for_update().filter(id=year_id, entered_at=entered_at).first()
        if year is None:
            return
        if year.undated:
            later = clock.now() + PAUSE
            CalendarYear.objects.filter(id=year_id).update(redating_due_at=later, redating_cursor=0)
            return
        CalendarYear.objects.filter(id=year_id).update(redating_due_at=None)
        told = {"year": year.year, "subjects": year.redated}
        ledger.record(by=SYSTEM, type="calendar.redated", subject=("calendar_year", year_id), payload=told)

    write(job)
