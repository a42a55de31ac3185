"""Putting a closed case on file (归档): once its papers are all there and nothing more is asked of anybody."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import Notice
from zhengtong.matters.cases.services.work import take


def archive_case(*, case_id: int) -> None:
    """Put a case on file; the system does it by time, as the archivist's hand (services.md §5.2: catalogue complete).

    Raises Conflict where the life cycle forbids it, or a paper of the case has not been drawn yet.
    """

    def job() -> None:
        work = take(case_id, by=SYSTEM)
        papers = list(Notice.objects.filter(case_id=case_id).values_list("file_id", flat=True))
        if None in papers:
            raise Conflict("cases.papers_missing", _("A paper of the case has not been drawn yet."))
        work.happen(Event.ARCHIVE, {"papers": len(papers)})
        work.flush()

    write(job, key="archive")
