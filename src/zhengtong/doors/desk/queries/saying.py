"""Small things every page of the desk says: names in the reader's language, addresses with changed conditions."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.ui import writing


def locale() -> str:
    """The reader's language as packs and engines name it."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def named(chinese: str, english: str) -> str:
    """A name in the reader's language, Chinese where there is no other."""
    return english if english and locale() == "en" else chinese


def day_words(day: dt.date | None, style: str = "text") -> str:
    """3 月 19 日."""
    if day is None:
        return "—"
    return writing.day(day, this_year=clock.today().year, language=get_language() or "zh-hans", style=style)


def moment_words(instant: dt.datetime) -> str:
    """3 月 13 日 14:20."""
    local = clock.local(instant)
    return writing.moment(local, this_year=clock.today().year, language=get_language() or "zh-hans", style="text")


def grouped(number: str) -> str:
    """A case number with a gap where it is read: 110108 20250303 0001."""
    return f"{number[:6]} {number[6:14]} {number[14:]}" if len(number) >= 18 else number


def with_changed(request: HttpRequest, **changes: Any) -> str:
    """This page's address with conditions changed (None takes one away); the page begins anew."""
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    encoded = query.urlencode()
    return f"?{encoded}" if encoded else request.path


def at_case(request: HttpRequest, case: Any, **changes: Any) -> str:
    """The address of a case with conditions changed, wherever the page was drawn (also by a refused act)."""
    return reverse("desk:case", args=[case.token]) + with_changed(request, **changes).removeprefix(request.path)


def updated_words() -> str:
    """Thursday 13 March, updated 14:20."""
    now = clock.local(clock.now())
    return _("%(day)s, updated %(time)s") % {"day": day_words(now.date(), "weekday"), "time": f"{now.hour}:{now:%M}"}
