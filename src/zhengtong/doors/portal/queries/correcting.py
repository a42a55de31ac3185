"""The correction of a case: what was asked for and where, and which files a corrected one takes the place of."""

import datetime as dt
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from zhengtong.doors.portal.queries.places import ASKED, Place, group_of, place_of
from zhengtong.engines.forms import Form, Page
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.catalog import queries as catalog


class Gap(NamedTuple):
    """One thing asked for: what was written, what it is about in the reader's language, and where in the form that is
    (`page` None where the notice does not say); `done` once the draft says something else there than the case."""

    text: str
    name: str = ""
    page: Page | None = None
    question: str = ""
    done: bool = False


class Correction(NamedTuple):
    """What a draft that corrects a case stands on: gaps told at once, the files before by question, the last day."""

    gaps: list[Gap]
    files: Mapping[str, list[str]]
    due_on: dt.date | None = None
    same: bool = False  # nothing at all differs from what was handed in

    def untouched(self) -> list[str]:
        """What was asked for by name and still stands as it was handed in."""
        return list(dict.fromkeys(gap.name for gap in self.gaps if gap.page is not None and not gap.done))

    def of_question(self, key: str) -> list[str]:
        """What was asked for of one question."""
        return [gap.text for gap in self.gaps if gap.question == key]


NOTHING = Correction([], {})


def correction_of(by: Actor, draft: Any, form: Form, locale: str = "") -> Correction:
    """What is corrected; nothing where the draft begins a case."""
    if draft.case_id is None:
        return NOTHING
    case = cases.case_by_id(by, draft.case_id)
    notice = cases.notices_of(case).filter(kind="correction").last()
    before = cases.latest_submission(case).answers
    due_on = dt.date.fromisoformat(notice.data["due_on"]) if notice and notice.data.get("due_on") else None
    gaps = [_marked(gap, form, before, draft.answers) for gap in gaps_of(notice, draft.item_id, locale)]
    files = {field.key: list(before.get(field.key) or ()) for field in form.files}
    return Correction(gaps, files, due_on, same=before == draft.answers)


def gaps_of(notice: Any, item_id: int, locale: str) -> list[Gap]:
    """What a correction notice lists, named as the reader's form names it."""
    listed = notice.data.get("gaps", ()) if notice is not None else ()
    spec = catalog.item_spec(item_id)
    return [_gap(each, spec, "en" if locale == "en" else "zh-hans") for each in listed]


def _gap(kept: Mapping[str, str], spec: catalog.ItemSpec, tag: str) -> Gap:
    form, question = spec.form, kept.get("question", "")
    page = next((page for page in form.pages if page.key == kept.get("page")), None)
    if question in form.fields:
        page = next((page for page in form.pages if form.fields[question] in form.fields_of(page)), None)
        return Gap(kept["text"], form.fields[question].label[tag], page, question)
    if page is not None:
        return Gap(kept["text"], page.title[tag], page)
    named = spec.say(f"materials.{kept['material']}.name", tag) if kept.get("material") else ""
    return Gap(kept["text"], named or kept.get("name", ""))


def _keys_of(page: Page) -> list[str]:
    return [page.key, *(key for section in page.sections for key in section.fields)]


def _marked(gap: Gap, form: Form, before: Mapping[str, Any], now: Mapping[str, Any]) -> Gap:
    """The gap, done where what it is about is no longer as it was handed in."""
    if gap.page is None:
        return gap
    keys = [gap.question] if gap.question else [field.key for field in form.fields_of(gap.page)]
    return gap._replace(done=any(before.get(key) != now.get(key) for key in keys))


def place_asked(form: Form, answers: Mapping[str, Any], gap: Gap, *, elder: bool) -> Place:
    """Where a gap is mended; only of one that has a page."""
    assert gap.page is not None
    part = group_of(gap.page, gap.question)
    return place_of(form, gap.page.key, answers, elder=elder, part=part, then=ASKED)


def gap_address(draft: Any, form: Form, gap: Gap, *, elder: bool) -> str:
    """The address of what a gap asks for, at its question; empty where the notice does not say what it is about."""
    if gap.page is None:
        return ""
    address = place_asked(form, draft.answers, gap, elder=elder).address(draft.token)
    return address + (f"#f-{gap.question}" if gap.question else "")


def next_gap(
    form: Form, answers: Mapping[str, Any], gaps: Iterable[Gap], here: Place | None, *, elder: bool
) -> Gap | None:
    """The first thing asked that is as it was, in the order of the form; behind what is asked `here`, where somebody
    is somewhere."""
    rank = {key: number for number, key in enumerate(key for page in form.pages for key in _keys_of(page))}
    ranked = [(rank[gap.question or gap.page.key], gap) for gap in gaps if gap.page is not None]
    placed = [gap for _rank, gap in sorted(ranked, key=itemgetter(0))]
    stops = [place_asked(form, answers, gap, elder=elder).stop for gap in placed]
    behind = max((number for number, stop in enumerate(stops) if here is not None and stop == here.stop), default=-1)
    return next((gap for gap in placed[behind + 1 :] if not gap.done), None)


def shown_gaps(draft: Any, form: Form, correction: Correction, *, elder: bool) -> list[dict[str, Any]]:
    """The gaps as pages list them, each with a way to where it is mended."""
    return [
        {"text": gap.text, "name": gap.name, "url": gap_address(draft, form, gap, elder=elder), "done": gap.done}
        for gap in correction.gaps
    ]


def replaced(earlier: Mapping[str, list[str]], answers: Mapping[str, Any], key: str) -> list[str]:
    """The files handed in before for a question that the answers no longer hold."""
    now = answers.get(key) or ()
    return [token for token in earlier.get(key, ()) if token not in now]
