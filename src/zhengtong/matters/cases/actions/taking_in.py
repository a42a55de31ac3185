"""An application is taken in: received, completed, accepted, or handed back."""

import datetime as dt
from typing import cast

from django.utils.translation import gettext_lazy as _

from zhengtong.engines import calendars
from zhengtong.foundation.core.errors import Conflict
from zhengtong.matters.cases.actions.sharing import (
    ARTICLE_32,
    ARTICLE_42,
    iso,
    limit_words,
    opening,
    work_of,
)
from zhengtong.matters.cases.choices import CloseResult, CloseType, NoticeKind
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.services.closing import close_case
from zhengtong.matters.cases.services.gaps import entered, listed
from zhengtong.matters.cases.services.notices import ask_serial, issue_notice
from zhengtong.matters.cases.services.numbering import ask_exchange_number
from zhengtong.matters.cases.services.work import Work
from zhengtong.matters.deadlines import services as deadlines
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.workflow.registry import Call, action


@action("cases.receive@1")
def receive(call: Call) -> None:
    """Take the application in: day of receipt, exchange number, receipt, and five working days to examine it."""
    work = work_of(call)
    day = work.today if work.spec.instant else calendars.received_on(work.calendar, work.now)
    later = day > work.today
    case_no = ask_exchange_number(work.spec.implement_code, work.today)
    serial = ask_serial(work, NoticeKind.RECEIPT, day)
    work.change(received_on=day, case_no=case_no())
    work.happen(
        Event.RECEIVE,
        {"case_no": work.case.case_no, "received_on": day.isoformat()},
        effective_at=opening(day) if later else None,
        reason="received outside working hours" if later else "",
    )
    dates = work.clocks.start(ClockName.CORRECTION_NOTICE, day, calendars.Limit(5), article=ARTICLE_32)
    work.urgency(dates)
    told = {"received_on": day.isoformat(), "notice_due": iso(dates.due_on)}
    if later:
        told["handed_in"] = "after_hours" if work.calendar.is_working(work.today) else "day_off"
    issue_notice(work, NoticeKind.RECEIPT, told, on=day, serial=serial)


@action("cases.request_correction@1")
def request_correction(call: Call) -> None:
    """Ask once for everything that is missing (一次性告知, 行政许可法 第32条)."""
    work = work_of(call)
    if work.case.correction_requested_at is not None:
        raise Conflict(
            "cases.second_correction",
            _("Correction was already requested once; everything had to be listed then (Article 32)."),
        )
    _taken_up(work)
    gaps = listed(entered(work.entry), work.spec)
    work.clocks.stop(ClockName.CORRECTION_NOTICE, work.today)
    dates = work.clocks.start(ClockName.CORRECTION_DUE, work.today, calendars.Limit(work.spec.correction_days))
    due = cast(dt.date, dates.due_on)
    work.urgency(dates)
    work.change(correction_requested_at=work.now)
    work.happen(Event.REQUEST_CORRECTION, {"gaps": len(gaps), "due_on": due.isoformat()})
    issue_notice(work, NoticeKind.CORRECTION, {"gaps": gaps, "due_on": due.isoformat()})


@action("cases.resubmit@1")
def resubmit(call: Call) -> None:
    """The complete papers are in: the day of receipt is now that day (services.md §5.2)."""
    work = work_of(call)
    day = calendars.received_on(work.calendar, work.now)
    work.change(received_on=day)
    work.happen(Event.RESUBMIT, {"received_on": day.isoformat(), "submission": work.entry.get("submission")})
    work.clocks.stop(ClockName.CORRECTION_DUE, work.today)
    work.settle()
    work.urgency(deadlines.restart_clock(subject=work.subject, name=ClockName.CORRECTION_NOTICE, start_on=day))


@action("cases.correction_timeout@1")
def correction_timeout(call: Call) -> None:
    """The applicant let the time for correction pass: the application is handed back."""
    work = work_of(call)
    work.happen(Event.CORRECTION_TIMEOUT)
    close_case(work, CloseType.RETURNED, CloseResult.OTHER)


def _taken_up(work: Work) -> None:
    """An office that handles an application before the day it would count as received has received it today."""
    if work.case.received_on is not None and work.case.received_on > work.today:
        work.change(received_on=work.today)


@action("cases.accept@1")
def accept(call: Call) -> None:
    """Accept: the handling clocks start on this day (行政许可法 第32, 42条)."""
    work = work_of(call)
    _taken_up(work)
    _accept(work, Event.ACCEPT, work.today)


@action("cases.deem_accepted@1")
def deem_accepted(call: Call) -> None:
    """Five working days passed without a word: accepted from the day of receipt (行政许可法 第32条)."""
    work = work_of(call)
    _accept(work, Event.DEEM_ACCEPTED, cast(dt.date, work.case.received_on))


def _accept(work: Work, event: Event, day: dt.date) -> None:
    work.clocks.stop(ClockName.CORRECTION_NOTICE, work.today)
    promise = work.clocks.start(ClockName.PROMISE, day, work.spec.promise)
    article = ARTICLE_42 if work.spec.licence else ""
    legal = work.clocks.start(ClockName.LEGAL, day, work.spec.legal, article=article)
    work.change(accepted_on=day, promise_due=promise.due_on, legal_due=legal.due_on)
    work.urgency(promise)
    work.happen(
        event,
        {
            "accepted_on": day.isoformat(),
            "promise_due": iso(promise.due_on),
            "legal_due": iso(legal.due_on),
        },
        effective_at=opening(day) if day != work.today else None,
        reason=f"deemed accepted ({ARTICLE_32})" if day != work.today else "",
    )
    issue_notice(
        work,
        NoticeKind.ACCEPTANCE,
        {
            "manner": "deemed" if event is Event.DEEM_ACCEPTED else "accepted",
            "promise_limit": limit_words(work.spec.promise),
            "promise_due": iso(promise.due_on),
            "legal_limit": limit_words(work.spec.legal),
            "legal_due": iso(legal.due_on),
        },
    )


@action("cases.refuse_acceptance@1")
def refuse_acceptance(call: Call) -> None:
    """Do not accept: say why, and which organ is competent (行政许可法 第32条)."""
    work = work_of(call)
    work.happen(Event.REFUSE_ACCEPTANCE, {"reason_code": work.entry["reason_code"]})
    issue_notice(
        work,
        NoticeKind.NON_ACCEPTANCE,
        {
            "reason_code": work.entry["reason_code"],
            "reason": work.entry["reasons"],
            "right_organ": work.entry.get("right_organ", ""),
            "remedies": dict(work.spec.remedies),
        },
    )
    close_case(work, CloseType.NOT_ACCEPTED, CloseResult.NOT_PASSED)


@action("cases.return@1")
def return_case(call: Call) -> None:
    """Hand the application back: a duplicate, or the wrong service was chosen."""
    work = work_of(call)
    work.happen(Event.RETURN, {"reasons": str(work.entry["reasons"])})
    close_case(work, CloseType.RETURNED, CloseResult.OTHER)
