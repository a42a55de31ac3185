"""What the actions share: the work in hand, days and limits as papers write them."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhengtong.engines import calendars
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.matters.cases.services.work import Work
from zhengtong.matters.workflow.registry import Call

ARTICLE_32 = "行政许可法 第32条"
ARTICLE_42 = "行政许可法 第42条"
ARTICLE_44 = "行政许可法 第44条"
ARTICLE_45 = "行政许可法 第45条"


def work_of(call: Call) -> Work:
    """The case in hand; Conflict for a process that is about none, as one that a message began may be."""
    if not isinstance(call.subject, Work):
        raise Conflict("cases.no_case", _("This step is about a case, and the process handles none."))
    return call.subject


def reasons_of(work: Work) -> str:
    """Why it was so decided: what was entered as reasons, or said in disagreeing at a plain step."""
    return str(work.entry.get("reasons") or work.entry.get("opinion") or "").strip()


def opening(day: dt.date) -> dt.datetime:
    """The instant at which offices open on a day."""
    return dt.datetime.combine(day, dt.time(9), clock.LOCAL_ZONE)


def limit_words(limit: calendars.Limit) -> dict[str, object]:
    """A limit as a paper states it."""
    return {"number": limit.number, "unit": limit.unit.value}


def iso(day: dt.date | None) -> str | None:
    """A day as payloads hold it."""
    return day.isoformat() if day else None
