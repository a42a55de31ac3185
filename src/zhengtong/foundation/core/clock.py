"""The only place that asks what time it is, so that tests, seeding and replays can hold time still."""

import contextvars
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
_frozen: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar("frozen_clock", default=None)


def now() -> dt.datetime:
    """The current instant, aware, in UTC."""
    return _frozen.get() or dt.datetime.now(dt.UTC)  # noqa: TID251 the one clock


def wall() -> dt.datetime:
    """The current instant whatever is frozen: when imported history is really written down."""
    return dt.datetime.now(dt.UTC)  # noqa: TID251 the one clock


def local(instant: dt.datetime | None = None) -> dt.datetime:
    """`instant` (default: now) as local time of the jurisdiction, Asia/Shanghai."""
    return (instant or now()).astimezone(LOCAL_ZONE)


def today() -> dt.date:
    """The legal date: the local date of now."""
    return local().date()


@contextmanager
def frozen(instant: dt.datetime) -> Iterator[None]:
    """Hold time still at `instant` (aware) within the block, for this context only."""
    if instant.tzinfo is None:
        raise ValueError("a frozen instant must be aware")
    token = _frozen.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
