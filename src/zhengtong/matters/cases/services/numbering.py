"""Numbers of cases: gap-free a sequence key, never reused (services.md §2.3)."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings

from zhengtong.engines import codes
from zhengtong.foundation.core.sequences import ask_number


def ask_short_no(region: str, day: dt.date) -> Callable[[], str]:
    """The citizen-facing number: division, day, serial of the day; asked for together with others."""
    serial = ask_number(f"short:{region}:{day:%Y%m%d}")
    return lambda: codes.short_number(region, day, serial(), template=settings.ZT_SHORT_NO_TEMPLATE)


def ask_exchange_number(implement_code: str, day: dt.date) -> Callable[[], str]:
    """The number for exchange: item, day, serial of the item on that day; asked for together with others."""
    serial = ask_number(f"case:{implement_code}:{day:%y%m%d}")
    return lambda: codes.exchange_number(implement_code, day, serial(), template=settings.ZT_CASE_NO_TEMPLATE)
