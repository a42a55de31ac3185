"""What the applicant stated and handed in: rows with their sources, what a correction changed, materials."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.saying import day_words, locale, named
from zhengtong.foundation.core import clock
from zhengtong.foundation.files.queries import files_by_id
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import MaterialSource, MaterialStatus

Row = dict[str, Any]
_LIGHTS = {
    MaterialStatus.QUALIFIED: "green",
    MaterialStatus.PENDING: "yellow",
    MaterialStatus.MISSING: "red",
    MaterialStatus.TOLERATED: "paused",
}
_ICONS = {"application/pdf": "file-text", "image/png": "file-image", "image/jpeg": "file-image"}


def answer_pages(case: Any, submissions: list[Any], *, full: bool = False) -> list[Row]:
    """Pages of answers of the latest submission; each row with its source and, after a correction, what it was."""
    latest = submissions[-1]
    pages = cases.shown_answers(case, latest, locale(), full=full)
    before = _before(case, submissions, full=full)
    for page in pages:
        page["rows"] = [_row(row, latest.sources, before) for row in page["rows"] if _shown(row)]
    return [page for page in pages if page["rows"]]


def _shown(row: Row) -> bool:
    return row["kind"] != "files" and row["value"] != ""


def _before(case: Any, submissions: list[Any], *, full: bool) -> dict[str, str] | None:
    if len(submissions) < 2:
        return None
    pages = cases.shown_answers(case, submissions[-2], locale(), full=full)
    return {row["key"]: row["value"] for page in pages for row in page["rows"]}


def _row(row: Row, sources: Mapping[str, Any], before: dict[str, str] | None) -> Row:
    source = sources.get(row["key"])
    row["source"], row["altered"] = source_words(source)
    row["from"] = (source or {}).get("name")
    row["was"] = None
    if before is not None and before.get(row["key"], "") != row["value"]:
        row["was"] = before.get(row["key"]) or _("left empty")
    return row


def source_words(source: Mapping[str, Any] | None) -> tuple[str, bool]:
    """Where an answer came from in words, and whether the applicant altered it."""
    if not source:
        return "", False
    name = named(str(source.get("name", "")), str(source.get("name_en", "")))
    state = source.get("state")
    if state == "changed":
        return _("changed by the applicant, %(source)s says %(original)s") % {
            "source": name,
            "original": source.get("original", ""),
        }, True
    if state != "fresh":
        return "", False
    when = str(source.get("at", ""))[:10]
    return (f"{name}，{_day(when)}" if locale() != "en" else f"{name}, {_day(when)}"), False


def _day(iso: str) -> str:
    try:
        return day_words(dt.date.fromisoformat(iso))
    except ValueError:
        return iso


def material_rows(case: Any, submissions: list[Any], chosen: int, address: Callable[[int], str]) -> list[Row]:
    """The materials that count now, in order; `chosen` is the place of the one on show."""
    every = list(cases.materials_of(case))
    found = [each for each in every if each.submission == submissions[-1].number]
    came = {each.file_id: each.submission for each in reversed(every)}
    handed_in = {each.number: each for each in submissions}
    stored = files_by_id([each.file_id for each in found if each.file_id])
    sources = submissions[-1].sources
    rows = []
    for place, each in enumerate(found):
        file = stored.get(each.file_id or 0)
        rows.append(
            {
                "id": each.id,
                "code": each.code,
                "name": named(each.name, each.name_en),
                "note": _note(each, handed_in[came[each.file_id]], sources),
                "state": _LIGHTS[MaterialStatus(each.status)],
                "state_words": _state(each),
                "icon": _ICONS.get(file.media_type, "file") if file else "file-check",
                "current": place == chosen,
                "url": address(place),
                "file": file,
                "source": sources.get(f"material:{each.code}"),
            }
        )
    return rows


def _state(material: Any) -> str:
    if material.status == MaterialStatus.QUALIFIED:
        return _("matches")
    return _("to look at") if material.status == MaterialStatus.PENDING else str(MaterialStatus(material.status).label)


def _note(material: Any, handed_in: Any, sources: Mapping[str, Any]) -> str:
    """Where a material comes from; an upload with the day on which its file came, `handed_in` first."""
    source = sources.get(f"material:{material.code}") or {}
    if source.get("name"):
        return source_words(source)[0] or _("the source did not answer")
    words = str(MaterialSource(material.source).label)
    if material.source != MaterialSource.UPLOAD:
        return words
    day = day_words(clock.local(handed_in.submitted_at).date())
    if handed_in.number > 1:
        return _("%(words)s, corrected %(day)s") % {"words": words, "day": day}
    return f"{words}，{day}" if locale() != "en" else f"{words}, {day}"


def earlier_files(case: Any, submissions: list[Any], code: str) -> list[Any]:
    """What was handed in for a material before the correction."""
    if len(submissions) < 2:
        return []
    earlier = cases.materials_of(case, submissions[-2].number)
    return [each for each in earlier if each.code == code and each.file_id]
