"""The yearly notice of holidays as it is typed: lines of dates and stretches of dates, with their names."""

import datetime as dt
import re

from django.utils.translation import gettext as _

LONGEST_STRETCH = 40
_DATE = r"(?:(?P<{0}y>\d{{4}})\s*[-./年]\s*)?(?P<{0}m>\d{{1,2}})\s*[-./月]\s*(?P<{0}d>\d{{1,2}})\s*[日号]?"
_END = r"(?:(?:(?P<by>\d{4})\s*[-./年]\s*)?(?P<bm>\d{1,2})\s*[-./月]\s*)?(?P<bd>\d{1,2})\s*[日号]?"
_STRETCH = re.compile(_DATE.format("a") + r"(?:\s*(?:至|到|~|～|—+|–|to|(?<=[\s日号])-)\s*" + _END + r")?")


class LineFault(ValueError):
    """A line that cannot be read; the sentence names the line."""


def read_holidays(text: str, year: int) -> dict[dt.date, str]:
    """Days off with the holiday's name, from lines such as `2027-02-05 至 2027-02-12 春节` or `1月1日 元旦`.

    Raises LineFault naming the line: no date, no such date, no name, a day named twice.
    """
    found: dict[dt.date, str] = {}
    for number, line in _lines(text):
        days, rest = _stretch(line, year, number)
        if not rest or re.search(r"\d", rest):
            raise LineFault(_("Line %(line)d: write the name of the holiday behind its dates.") % {"line": number})
        for day in days:
            if day in found:
                raise LineFault(_("Line %(line)d: %(day)s is listed twice.") % {"line": number, "day": day})
            found[day] = rest[:30]
    return found


def read_workdays(text: str, year: int) -> frozenset[dt.date]:
    """Weekend days that are worked, one or more a line. Raises LineFault naming the line; a weekday is refused."""
    found: set[dt.date] = set()
    for number, line in _lines(text):
        for piece in re.split(r"[,，、;；]|\s{2,}", line):
            if not piece.strip():
                continue
            days, rest = _stretch(piece.strip(), year, number)
            if rest:
                said = _("Line %(line)d: “%(text)s” is no date.")
                raise LineFault(said % {"line": number, "text": rest[:20]})
            for day in days:
                if day.weekday() < 5:
                    raise LineFault(_("Line %(line)d: %(day)s is no weekend day.") % {"line": number, "day": day})
                found.add(day)
    return frozenset(found)


def _lines(text: str) -> list[tuple[int, str]]:
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _stretch(line: str, year: int, number: int) -> tuple[list[dt.date], str]:
    """The days a line names, and what is written behind them."""
    match = _STRETCH.match(line)
    if match is None:
        said = _("Line %(line)d: “%(text)s” does not begin with a date such as %(year)d-01-01.")
        raise LineFault(said % {"line": number, "text": line[:20], "year": year})
    first = _date(match["ay"] or year, match["am"], match["ad"], number)
    last = first
    if match["bd"]:
        last = _date(match["by"] or first.year, match["bm"] or first.month, match["bd"], number)
    length = (last - first).days
    if not 0 <= length < LONGEST_STRETCH:
        said = _("Line %(line)d: from %(first)s to %(last)s is no stretch of days off.")
        raise LineFault(said % {"line": number, "first": first, "last": last})
    rest = re.sub(r"^[\s:：,，、]+", "", line[match.end() :]).strip()
    return [first + dt.timedelta(days=step) for step in range(length + 1)], rest


def _date(year: int | str, month: int | str, day: int | str, number: int) -> dt.date:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        said = _("Line %(line)d: there is no day %(day)s.")
        raise LineFault(said % {"line": number, "day": f"{year}-{month}-{day}"}) from None
