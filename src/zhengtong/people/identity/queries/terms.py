"""What is valid in time, on a day."""

import datetime as dt

from django.db.models import Q

from zhengtong.foundation.core import clock


def on(day: dt.date | None = None, prefix: str = "") -> Q:
    """Valid on a local date (default: today), both ends included."""
    day = day or clock.today()
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )
