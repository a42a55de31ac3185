"""A case read once for the page that follows it."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.engines.calendars import OfficeHours
from zhengtong.engines.documents import letter_title
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ui import writing
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import ProcedureKind, State
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.people.identity import queries as identity

Shown = dict[str, Any]
HANDLING = (State.ACCEPTED, State.REVIEWING, State.SUSPENDED, State.DECIDING)
OWN_CLOCK = {
    State.RECEIVED: ClockName.CORRECTION_NOTICE,
    State.CORRECTION: ClockName.CORRECTION_DUE,
    State.APPROVED: ClockName.SERVE,
}


class Following:
    """Everything read once for a progress page; each part of the page is made from it."""

    def __init__(self, case: Any, locale: str) -> None:
        self.case, self.locale = case, locale
        self.state = State(case.state)
        self.english = locale == "en"
        self.subject = ("case", case.id)
        self.events = ledger.timeline(self.subject)
        self.papers = list(cases.notices_of(case))
        self.procedures = list(cases.procedures_of(case))
        self.clocks = deadlines.clocks_of(self.subject)
        self.pauses = list(deadlines.suspensions_of(self.subject))
        self.calendar = deadlines.calendar()
        agency = identity.organisation(case.agency_id)
        self.agency = agency.name if agency is not None else ""
        spec = catalog.item_spec(case.item_id)
        self.matter, self.instant = spec.matter, spec.instant

    def counting(self) -> Any:
        """The clock that counts now, as the engine knows it; None before receipt or where none was started."""
        name = OWN_CLOCK.get(self.state, ClockName.PROMISE)
        row = self.clocks.get(name)
        return None if row is None else deadlines.engine_clock(row, self.pauses, self.calendar)

    def counts_later(self, event: Any) -> str:
        """Why what was handed in (a receipt, or a correction) counts from a later working day; empty where it does not.

        An office that takes it up before that day has received it then.
        """
        payload = event.payload or {}
        if event.imported or not payload.get("received_on"):
            return ""
        handed, counts = clock.local(event.recorded_at), dt.date.fromisoformat(payload["received_on"])
        taken_up = event == self.last_receipt() and self.case.received_on != counts
        if counts <= handed.date() or taken_up:
            return ""
        day = self.said(counts, "weekday")
        if not self.calendar.is_working(handed.date()):
            return _("Handed in on a day off: it counts as received on %s, and days count from the day after.") % day
        return _(
            "Handed in after office hours (%(closes)s): it counts as received on %(day)s, and days count from the day "
            "after."
        ) % {"closes": f"{OfficeHours().closes:%H:%M}", "day": day}

    def last_receipt(self) -> Any:
        """The event by which what counts now came in; None before the first."""
        return next((event for event in self.events if event.type in ("case.receive", "case.resubmit")), None)

    def why_ended(self) -> str:
        """Why the office handed the application back or ended it, in its own words; or that the time to correct passed.

        Neither sends a paper of its own, which would say it.
        """
        for event in self.events:
            payload = event.payload or {}
            if event.type == "case.correction_timeout":
                return _("the correction did not come in time.")
            if event.type in ("case.return", "case.terminate"):
                return closed_off(str(payload.get("reasons") or payload.get("reason") or "").strip())
        return ""

    def later(self) -> str:
        """Why the days of what counts now begin later, while nobody has accepted it yet."""
        last = self.last_receipt()
        return self.counts_later(last) if last is not None and self.case.accepted_on is None else ""

    def title_of(self, paper: Any) -> str:
        """What a paper of the case is called."""
        if self.matter == "licence":
            return str(paper.get_kind_display())
        return letter_title(paper.kind, self.matter, self.locale)

    def said(self, day: dt.date | None, style: str = "text") -> str:
        """A date in the reader's words."""
        if day is None:
            return "—"
        return writing.day(day, this_year=clock.today().year, language=self.locale, style=style)


def kind_words(kind: str) -> str:
    """What a special procedure is called."""
    return str(ProcedureKind(kind).label)


def when(event: Any) -> dt.datetime:
    """When an event happened to the reader: as the ledger wrote it, imported history as it counts."""
    instant: dt.datetime = event.effective_at if event.imported else event.recorded_at
    return instant


def closed_off(words: str) -> str:
    """What somebody wrote, as a sentence that others may follow."""
    return words if not words or words[-1] in "。.！!？?；;" else words + ("。" if not words.isascii() else ".")
