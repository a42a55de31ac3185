"""The day ruler: the engine's derivation of a clock, one cell a day, with words for each."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhengtong.doors.portal.queries.following import kind_words
from zhengtong.engines.calendars import DerivedKind, derivation
from zhengtong.foundation.core import clock
from zhengtong.foundation.ui import writing

Shown = dict[str, Any]
COUNTED = (DerivedKind.COUNTED, DerivedKind.ADJUSTED_WORKDAY, DerivedKind.LAST)


def ruler(counting: Any, seen: Any, locale: str) -> Shown:
    """The days from the start to the last day; while the clock stands still, to today."""
    today = clock.today()
    stopped = seen.case.decided_on
    days = derivation(counting, None if counting.deadline is not None else max(today, counting.start))
    cells = [_cell(day, today, stopped, counting.deadline, locale) for day in days]
    if seen.case.accepted_on is None:
        cells[0]["mark"] = pgettext("ruler, before acceptance", "S")
    return {
        "days": cells,
        "legend": _legend(cells, days, seen, locale),
        "rule": writing.sentences(
            seen.later(),
            _("The first day does not count; counting begins on the day after (Civil Code, article 201)."),
            language=locale,
        ),
        "note": _note(counting, min(today, stopped) if stopped else today),
    }


def _cell(day: Any, today: dt.date, stopped: dt.date | None, last: dt.date | None, locale: str) -> Shown:
    done = day.date <= min(today, stopped or today)
    if day.kind is DerivedKind.START:
        kind, mark = "accepted", pgettext("ruler", "S")
    elif day.kind in COUNTED:
        kind, mark = ("used" if done else "left"), str(day.number or "")
    elif day.kind is DerivedKind.SUSPENDED:
        kind, mark = "paused", pgettext("ruler", "P")
    else:
        kind, mark = "rest", pgettext("ruler", "–")
    words = day.text(locale)
    if day.article:
        cited = writing.article(day.article, language=locale)
        words += f" ({cited})" if locale == "en" else f"（{cited}）"
    return {
        "date": day.date,
        "kind": kind,
        "mark": mark,
        "today": day.date == today,
        "last": last is not None and day.date == last,
        "words": words,
    }


def _legend(cells: list[Shown], days: Any, seen: Any, locale: str) -> list[Shown]:
    kinds = {cell["kind"] for cell in cells}
    article = next((day.article for day in days if day.kind is DerivedKind.SUSPENDED), "")
    reason = kind_words(seen.procedures[-1].kind) if seen.procedures else ""
    holiday = any(day.kind is DerivedKind.HOLIDAY for day in days)
    words = {
        "used": _("Used"),
        "left": _("Not used yet"),
        "paused": _("%(reason)s: not counted (%(article)s)")
        % {"reason": reason or _("Special procedure"), "article": writing.article(article, language=locale)},
        "rest": _("Weekend or holiday") if holiday else _("Weekend"),
    }
    return [{"kind": kind, "label": label} for kind, label in words.items() if kind in kinds]


def _note(counting: Any, on: dt.date) -> str:
    """承诺 10 个工作日，已用 4 日，暂停 2 日."""
    used = counting.used(on)
    paused = sum(
        (min(pause.resumed or on, on) - pause.suspended).days for pause in counting.suspensions if pause.suspended <= on
    )
    said = ngettext(
        "%(total)d working day in all, %(used)d used", "%(total)d working days in all, %(used)d used", counting.total
    ) % {
        "total": counting.total,
        "used": used,
    }
    return said + (_(", paused %d days") % paused if paused else "")
