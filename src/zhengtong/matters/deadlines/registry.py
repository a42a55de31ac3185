"""Permissions that deadlines ask for, and who follows when the dates of a subject move."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.registry import Shelf, registry
from zhengtong.foundation.policy import declare_permission

ENTER_CALENDAR = declare_permission("calendar.enter", _("Enter the yearly notice of holidays"), kind="sys")


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock whose dates moved or became known: the last day it had, and what it says now."""

    due_before: dt.date | None
    due_on: dt.date | None
    yellow_on: dt.date | None
    red_on: dt.date | None

    @property
    def later(self) -> bool:
        """Whether the last day itself is another (a light alone may have become known)."""
        return self.due_before != self.due_on


Recount = Callable[[], Mapping[str, Moved]]
"""Counts the running clocks of a subject on the calendar as it now stands and writes them; answers those that moved."""
Follower = Callable[[int, int, Recount], None]
"""Takes a subject in hand (its id; the year of the notice), calls the recount, carries the dates to what it keeps."""
followers: Shelf[Follower] = registry.shelf("followers_of_clocks")
