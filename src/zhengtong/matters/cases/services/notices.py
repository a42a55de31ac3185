"""Papers of a case: the row is written with the act, numbered without gaps; the PDF follows the commit."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from zhengtong.engines.documents import document_number
from zhengtong.foundation.core.identifiers import new_id, new_token
from zhengtong.foundation.core.sequences import ask_number
from zhengtong.foundation.core.statements import Insert
from zhengtong.matters.cases.choices import NoticeKind
from zhengtong.matters.cases.models import Notice
from zhengtong.matters.cases.services.work import Work

Serial = Callable[[], int]
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


def issue_notice(
    work: Work, kind: NoticeKind, data: Mapping[str, Any], *, on: dt.date | None = None, serial: Serial | None = None
) -> None:
    """Write a numbered paper of the case, within the act; the number is gap-free a kind, agency and year.

    `serial` is what `ask_serial` gave for the same kind and day, where it was asked for ahead.
    """
    day = on or work.today
    mark = work.spec.mark + _MARKS[kind]
    number = document_number(mark, day.year, (serial or ask_serial(work, kind, day))())
    work.rows.add(_insert, (new_id(), new_token(), work.case.id, kind.value, number, data, day))


def ask_serial(work: Work, kind: NoticeKind, day: dt.date) -> Serial:
    """Take the serial of a paper that will be issued, together with other numbers of the act."""
    return ask_number(f"notice:{work.case.agency_id}:{kind.value}:{day.year}")


_insert = Insert(Notice, "id", "token", "case_id", "kind", "number", "data", "issued_on")
