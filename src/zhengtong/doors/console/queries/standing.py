"""How far a process is, as administrators see it: its steps without the names of people, and what failed in it."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhengtong.matters.workflow.progress import NOW, STATES, WAITS, Place, lasting, progress_of

Row = dict[str, Any]


def steps(process_id: int, failed: Collection[str], now: dt.datetime) -> list[Row]:
    """A row for each step; those where something failed are told so first."""
    found = progress_of(process_id)
    return [_row(place, place.element in failed, now) for place in found.places] if found is not None else []


def _row(place: Place, failed: bool, now: dt.datetime) -> Row:
    english = (get_language() or "").startswith("en")
    stands = failed and place.state == NOW
    took = place.lasted
    if took is None and place.state == NOW and place.since is not None:
        took = max(now - place.since, dt.timedelta())
    words = lasting(took) if took is not None else ""
    return {
        "element": place.element,
        "name": (place.name_en if english else "") or place.name or place.element,
        "state": "blocking" if stands else place.state,
        "state_words": _("Stuck") if stands else STATES[place.state],
        "badge": _("Stuck") if stands else words or STATES[place.state],
        "detail": WAITS.get(place.wait, "") if place.wait else "",  # type: ignore[call-overload] # a Wait is its text
        "took": words,
    }
