"""Letters shown before they are sent: composed from the same facts, numbered only when they are."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from zhengtong.engines import calendars
from zhengtong.engines.documents import Letter, compose_letter
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.choices import NoticeKind
from zhengtong.matters.cases.models import Case, Notice
from zhengtong.matters.cases.queries import case_by_id
from zhengtong.matters.cases.services.gaps import Gap, listed
from zhengtong.matters.cases.services.papers import notice_facts
from zhengtong.matters.cases.services.specs import spec_of
from zhengtong.matters.deadlines.queries import calendar

UNNUMBERED = "（文号送达时编定）"


def preview_correction(*, by: Actor, case_id: int, gaps: Sequence[Gap]) -> Letter:
    """The one-off correction notice as it would leave today."""
    case = case_by_id(by, case_id)
    spec = spec_of(case.item_id)
    due = calendars.last_day(calendar(), clock.today(), calendars.Limit(spec.correction_days))
    return _preview(case, NoticeKind.CORRECTION, {"gaps": listed(gaps, spec), "due_on": due.isoformat()})


def preview_acceptance(*, by: Actor, case_id: int) -> Letter:
    """The notice of acceptance as it would leave today, with both last days (行政许可法 第32, 42条)."""
    case = case_by_id(by, case_id)
    spec, today = spec_of(case.item_id), clock.today()
    return _preview(
        case,
        NoticeKind.ACCEPTANCE,
        {
            "manner": "accepted",
            "accepted_on": today.isoformat(),
            "promise_limit": _limit(spec.promise),
            "promise_due": _due(today, spec.promise),
            "legal_limit": _limit(spec.legal),
            "legal_due": _due(today, spec.legal),
        },
    )


def _preview(case: Case, kind: NoticeKind, data: Mapping[str, Any]) -> Letter:
    notice = Notice(
        token="preview",  # noqa: S106 a name
        case_id=case.id,
        kind=kind,
        number=UNNUMBERED,
        data=dict(data),
        issued_on=clock.today(),
    )
    return compose_letter(kind.value, notice_facts(notice, case), "zh-hans")


def _limit(limit: calendars.Limit) -> dict[str, object]:
    return {"number": limit.number, "unit": limit.unit.value}


def _due(start: dt.date, limit: calendars.Limit) -> str:
    return calendars.last_day(calendar(), start, limit).isoformat()
