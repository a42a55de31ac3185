"""The correction of a case: what the authority asked for, and which files a corrected one takes the place of."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from zhengtong.engines.forms import Form
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases


class Correction(NamedTuple):
    """What a draft that corrects a case stands on: gaps told at once, the files before by question, the last day."""

    gaps: list[str]
    files: Mapping[str, list[str]]
    due_on: dt.date | None = None


NOTHING = Correction([], {})


def correction_of(by: Actor, draft: Any, form: Form) -> Correction:
    """What is corrected; nothing where the draft begins a case."""
    if draft.case_id is None:
        return NOTHING
    case = cases.case_by_id(by, draft.case_id)
    notice = cases.notices_of(case).filter(kind="correction").last()
    gaps = [gap["text"] for gap in notice.data.get("gaps", ())] if notice else []
    before = cases.latest_submission(case).answers
    due_on = dt.date.fromisoformat(notice.data["due_on"]) if notice and notice.data.get("due_on") else None
    return Correction(gaps, {field.key: list(before.get(field.key) or ()) for field in form.files}, due_on)


def replaced(earlier: Mapping[str, list[str]], answers: Mapping[str, Any], key: str) -> list[str]:
    """The files handed in before for a question that the answers no longer hold."""
    now = answers.get(key) or ()
    return [token for token in earlier.get(key, ()) if token not in now]
