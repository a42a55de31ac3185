"""Composing a letter: what can lack, beside each material and page of answers, and how the letter would look."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.panels import asked_once, place_words
from zhengtong.doors.desk.queries.saying import grouped, locale, named
from zhengtong.engines.documents import DocumentError, Letter, Paragraph
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services
from zhengtong.matters.catalog.queries import item_spec
from zhengtong.matters.workflow.queries import open_task

Row = dict[str, Any]
FREE_LINES = 3


def composer(actor: Actor, case: Any, typed: Mapping[str, str]) -> Row:
    """The form of the correction notice with what is typed so far, and why it cannot be sent where it cannot."""
    task = open_task("case", case.id)
    spec = item_spec(case.item_id)
    return {
        "case": case,
        "number": grouped(case.short_no),
        "task_id": task.id if task else 0,
        "once": new_token(),
        "place": place_words(task),
        "materials": [_line(f"m-{each.code}", named(each.name, each.name_en), typed) for each in _materials(case)],
        "answers": [_page_lines(page, typed) for page in _answers(case)],
        "free": [_line(f"f-{place}", "", typed) for place in range(1, FREE_LINES + 1)],
        "days": spec.correction_days,
        "forbidden": _forbidden(actor, case, task),
    }


def _materials(case: Any) -> list[Any]:
    found = cases.materials_of(case, cases.latest_submission(case).number)
    return list({each.code: each for each in found}.values())


def _answers(case: Any) -> list[Row]:
    return cases.shown_answers(case, cases.latest_submission(case), locale())


def _page_lines(page: Row, typed: Mapping[str, str]) -> Row:
    """A line for the page as a whole, and one for each of its questions but the files, which stand among the
    materials."""
    questions = [
        _line(f"q-{row['key']}", row["label"], typed) | {"given": row["value"]}
        for row in page["rows"]
        if row["kind"] != "files"
    ]
    begun = any(line["value"] for line in questions)
    return _line(f"a-{page['key']}", page["title"], typed) | {"questions": questions, "open": begun}


def _line(key: str, label: str, typed: Mapping[str, str]) -> Row:
    return {"key": key, "label": label, "value": typed.get(f"gap.{key}", "")}


def _forbidden(actor: Actor, case: Any, task: Any) -> str:
    if case.correction_requested_at is not None:
        return asked_once(case)
    if task is None or "request_correction" not in task.outcomes or not may(actor, f"task.{task.role}", task):
        return _("This is not the step at which corrections are asked for.")
    return ""


def preview(actor: Actor, case: Any, gaps: Sequence[Mapping[str, str]]) -> Row:
    """The letter, or what it still lacks."""
    if not gaps:
        return {"errors": [{"id": "", "message": _("Write at least one gap.")}]}
    try:
        letter = services.preview_correction(by=actor, case_id=case.id, gaps=gaps)
    except DocumentError as error:
        return {"errors": [{"id": "", "message": error.text(locale())}]}
    return {"paper": _paper(letter)}


def acceptance(actor: Actor, case: Any) -> Row:
    """The notice of acceptance."""
    return {"paper": _paper(services.preview_acceptance(by=actor, case_id=case.id))}


def _paper(letter: Letter) -> Row:
    """A letter as the sheet component draws it."""
    paragraphs = [block.text for block in letter.body if isinstance(block, Paragraph)]
    return {
        "authority": letter.issuer,
        "title": letter.title,
        "number": letter.number,
        "addressee": letter.addressee,
        "paragraphs": paragraphs,
        "date": letter.date,
        "seal_number": letter.seal.code if letter.seal else "",
        "address": letter.verification.address if letter.verification else "",
        "proof": [],
    }
