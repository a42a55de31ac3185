"""Background work of cases: what has been closed long enough is put on file."""

import datetime as dt
import logging

from django.conf import settings

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Refusal
from zhengtong.matters.cases.queries import to_archive
from zhengtong.matters.cases.services import archive_case

_log = logging.getLogger(__name__)
AT_ONCE = 200


def archive_due(limit: int = AT_ONCE) -> int:
    """Put on file what was closed more than `ZT_ARCHIVE_DAYS` days ago, oldest first, each in a write of its own.

    Answers how many. The days are natural ones after the day of closing, through the last of which people may be
    waiting for an evaluation (services.md §7). A case that is refused keeps none of the others back.
    """
    first = clock.today() - dt.timedelta(days=settings.ZT_ARCHIVE_DAYS)
    before = dt.datetime.combine(first, dt.time(), clock.LOCAL_ZONE)
    archived = 0
    for case_id in to_archive(before, limit=limit):
        try:
            archive_case(case_id=case_id)
        except (Refusal, EngineError) as refusal:
            _log.warning("case %s is not put on file: %s", case_id, refusal.code)
        else:
            archived += 1
    return archived
