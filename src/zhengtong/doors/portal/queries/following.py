"""A case read once for the page that follows it."""

import datetime as dt
from typing import Any

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
