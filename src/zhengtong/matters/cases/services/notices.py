"""Papers of a case: the row is written with the act, numbered without gaps; the PDF follows the commit."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhengtong.engines.documents import document_number
from zhengtong.foundation.core.identifiers import new_id, new_token
from zhengtong.foundation.core.sequences import next_number
from zhengtong.matters.cases.choices import NoticeKind
from zhengtong.matters.cases.models import Notice
from zhengtong.matters.cases.services.work import Work

_MARKS = {
    NoticeKind.RECEIPT: "收",
    NoticeKind.ACCEPTANCE: "受",
    NoticeKind.NON_ACCEPTANCE: "不受",
    NoticeKind.CORRECTION: "补",
    NoticeKind.SPECIAL_PROCEDURE: "特",
    NoticeKind.EXTENSION: "延",
    NoticeKind.APPROVAL: "准",
    NoticeKind.REFUSAL: "不准",
    NoticeKind.DELIVERY: "送",
}


def issue_notice(work: Work, kind: NoticeKind, data: Mapping[str, Any], *, on: dt.date | None = None) -> Notice:
    """Write a numbered paper of the case, within the act; the number is gap-free a kind, agency and year."""
    day = on or work.today
    mark = work.spec.mark + _MARKS[kind]
    serial = next_number(f"notice:{work.case.agency_id}:{kind.value}:{day.year}")
    notice = Notice(
        id=new_id(),
        token=new_token(),
        case_id=work.case.id,
        kind=kind,
        number=document_number(mark, day.year, serial),
        data=dict(data),
        issued_on=day,
    )
    notice.save(force_insert=True)
    return notice
