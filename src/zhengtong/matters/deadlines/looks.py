"""What of deadlines can be looked at: the notices of the years that limits are counted in."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.health import Answer, ill, look, soon, well
from zhengtong.matters.deadlines.queries import calendar, redating

LAST_MONTH = 12
"""From its first day on, limits of twenty working days and more reach into the next year."""


@look("calendar", _("Calendar of this year"))
def this_year() -> Answer:
    """Whether this year's days off are known."""
    year = clock.today().year
    return _known(year) if calendar().knows(year) else ill(_missing(year))


@look("next_calendar", _("Calendar of next year"))
def next_year() -> Answer:
    """Whether next year's are, in time: the notice comes in the autumn."""
    today = clock.today()
    year = today.year + 1
    if calendar().knows(year):
        return _known(year)
    return ill(_missing(year)) if today.month == LAST_MONTH else soon(_missing(year))


def _known(year: int) -> Answer:
    return well(_("The notice of %(year)d is known.") % {"year": year})


def _missing(year: int) -> object:
    words = _("The notice of %(year)d must be entered: limits that end in that year are refused until then.")
    return words % {"year": year}


@look("redating", _("Clocks after a notice"))
def redated() -> Answer:
    """Whether running clocks have been counted on with every notice entered."""
    year = redating()
    if year is None:
        return well(_("Running clocks are counted with every notice entered."))
    if year.undated:
        said = _("%(count)d could not be counted with the notice of %(year)d; they are tried again.")
        return ill(said % {"count": year.undated, "year": year.year})
    return soon(_("Running clocks are being counted with the notice of %(year)d.") % {"year": year.year})
