"""The clock beside a case: the ring, its words, and the derivation of every day."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhengtong.doors.desk.queries.rows import share
from zhengtong.doors.desk.queries.saying import day_words, locale
from zhengtong.engines.calendars import CalendarError, derivation
from zhengtong.foundation.core import clock
from zhengtong.foundation.ui import writing
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.choices import ClockName, ClockState
from zhengtong.matters.deadlines.queries import Standing
from zhengtong.matters.workflow.queries import light_of

Row = dict[str, Any]
KIND = "case"
_ACCEPTED = (ClockName.PROMISE, ClockName.LEGAL)
_KINDS = {"start": "accepted", "rest": "rest", "holiday": "rest", "suspended": "paused"}


def ring(case: Any, token: str) -> Row | None:
    """The clock that now counts, None where none does."""
    standing = deadlines.standings(KIND, [case.id], clock.today()).get(case.id)
    if standing is None:
        return None
    light = light_of(clock.today(), case.yellow_on, case.red_on, paused=standing.paused)
    return {
        "days": abs(standing.remaining),
        "share": share(standing),
        "state": light,
        "words": _words(standing, light),
        "last_day": _last_day(standing, case),
        "pause": _pauses(case),
        "url": reverse("desk:days", args=[token]),
    }


def _words(standing: Standing, light: str) -> str:
    name = {
        ClockName.CORRECTION_NOTICE: _("to decide on acceptance"),
        ClockName.CORRECTION_DUE: _("for the applicant to correct"),
        ClockName.SERVE: _("to serve the licence"),
    }.get(ClockName(standing.name), _("of the promise"))
    lights = {"green": _("Green"), "yellow": _("Yellow"), "red": _("Red"), "paused": _("Paused")}
    left = standing.remaining
    if standing.paused:
        words = ngettext(
            "Paused by law, %(count)s working day left", "Paused by law, %(count)s working days left", left
        )
        return words % {"count": left}
    if left < 0:
        words = ngettext(
            "%(count)s working day over the limit %(name)s", "%(count)s working days over the limit %(name)s", -left
        )
        return _("%(light)s, %(words)s") % {"light": lights[light], "words": words % {"count": -left, "name": name}}
    words = ngettext("%(count)s working day left %(name)s", "%(count)s working days left %(name)s", left)
    return _("%(light)s, %(words)s") % {"light": lights[light], "words": words % {"count": left, "name": name}}


def _last_day(standing: Standing, case: Any) -> str:
    if standing.due_on is None:
        return _("The last day is set when the procedure ends.")
    if standing.name == ClockName.PROMISE and case.legal_due:
        return _("due %(day)s, by law %(legal)s") % {
            "day": day_words(standing.due_on),
            "legal": day_words(case.legal_due),
        }
    return _("due %s") % day_words(standing.due_on)


def _pauses(case: Any) -> str:
    ended = [(pause, pause.end_on) for pause in deadlines.suspensions_of((KIND, case.id)) if pause.end_on]
    if not ended:
        return ""
    calendar = deadlines.calendar()
    days = sum(calendar.working_days(pause.start_on, end) for pause, end in ended)
    reasons = [str(pause.reason) for pause, _end in ended]
    if not days:
        return ""
    return ngettext("%(count)s day of %(reason)s does not count", "%(count)s days of %(reason)s do not count", days) % {
        "count": days,
        "reason": "、".join(dict.fromkeys(reasons)),
    }


def derivations(case: Any) -> list[Row]:
    """Each clock of the case with its ruler: every day, counted or not, why, by which article."""
    suspensions = list(deadlines.suspensions_of((KIND, case.id)))
    rulers = []
    for row in deadlines.clocks_of((KIND, case.id)).values():
        counted = deadlines.engine_clock(row, suspensions)
        until = None if counted.deadline else max(clock.today(), row.start_on)
        try:
            days = derivation(counted, until)
        except CalendarError as error:
            rulers.append({"name": ClockName(row.name).label, "problem": error.text(locale()), "days": []})
            continue
        rule = row.article or counted.counting
        rulers.append(
            {
                "name": ClockName(row.name).label,
                "state": ClockState(row.state).label,
                "due_on": row.due_on,
                "ruler": _ruler(row.name, days, rule),
                "days": [_told(day) for day in days],
            }
        )  # fmt: skip
    return rulers


def _ruler(name: str, days: Sequence[Any], rule: str) -> Row:
    cells = [_day(day) for day in days]
    cells[0]["mark"] = pgettext("ruler", "S") if name in _ACCEPTED else pgettext("ruler, before acceptance", "S")
    kinds = {"last", *(cell["kind"] for cell in cells)}
    return {"days": cells, "legend": [each for each in legend() if each["kind"] in kinds], "rule": _cited(rule)}


def _told(day: Any) -> Row:
    return {"date": day.date, "text": day.text(locale()), "article": _cited(day.article)}


def _cited(article: str) -> str:
    """An article as the reader's language writes it; other words stay as they are."""
    return writing.article(article, language=locale())


def _day(day: Any) -> Row:
    kind = str(day.kind)
    marks = {"suspended": pgettext("ruler", "P"), "rest": pgettext("ruler", "–"), "holiday": pgettext("ruler", "–")}
    return {
        "date": day.date,
        "kind": _KINDS.get(kind, "used" if day.date <= clock.today() else "left"),
        "mark": str(day.number) if day.number else marks.get(kind, ""),
        "today": day.date == clock.today(),
        "last": kind == "last",
        "words": day.text(locale()),
    }


def legend() -> list[Row]:
    """What the cells of the ruler mean."""
    return [
        {"kind": "used", "label": _("counted")},
        {"kind": "rest", "label": _("day off")},
        {"kind": "paused", "label": _("paused by law")},
        {"kind": "last", "label": _("last day")},
    ]
