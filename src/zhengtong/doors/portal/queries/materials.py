"""What was handed in with a case: what counts now, and the files that a correction has replaced, each to be opened."""

from typing import Any

from django.urls import reverse

from zhengtong.engines.forms import summary
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import MaterialSource
from zhengtong.matters.catalog.queries import item_spec

Shown = dict[str, Any]


def given_rows(by: Actor, case: Any, locale: str) -> list[Shown]:
    """A row a material: its name, its file, how it came, and what stands in the place of one that was replaced.

    A file that the actor may not open by himself is shown by name of the material only.
    """
    given = cases.materials_given(case)
    ids = [row.material.file_id for row in given if row.material.file_id]
    held = {stored.id: stored for stored in files.visible_to(by).filter(id__in=ids)} if ids else {}
    return [_row(row, held, locale) for row in given]


def _row(given: cases.Given, held: dict[int, Any], locale: str) -> Shown:
    material = given.material
    return {
        "label": (material.name_en or material.name) if locale == "en" else material.name,
        "source": MaterialSource(material.source).label,
        "file": _file(material, held),
        "corrected": given.corrected,
        "replaced": given.replaced_by is not None,
        "by": [file for file in (_file(later, held) for later in given.replaced_by or ()) if file],
    }


def _file(material: Any, held: dict[int, Any]) -> Shown | None:
    stored = held.get(material.file_id or 0)
    return None if stored is None else {"label": stored.name, "url": reverse("portal:file", args=[stored.token])}


def correction_given(by: Actor, case: Any, submissions: list[Any], locale: str) -> Shown:
    """What a receipt of a correction says: when it came, the files new in it, the answers given otherwise."""
    rows = given_rows(by, case, locale)
    return {
        "at": submissions[-1].submitted_at,
        "corrected": [row for row in rows if row["corrected"] or row["replaced"]],
        "answers": changed_answers(case, submissions, locale),
    }


def changed_answers(case: Any, submissions: list[Any], locale: str) -> list[str]:
    """The questions that the newest submission answers otherwise than the one before it, files left out."""
    form = item_spec(case.item_id).form
    before, now = ({row["key"]: row for row in _answers(form, each, locale)} for each in submissions[-2:])
    return [row["label"] for key, row in now.items() if row["value"] != before.get(key, {}).get("value", "")]


def _answers(form: Any, submission: Any, locale: str) -> list[Shown]:
    return [row for page in summary(form, submission.answers, locale) for row in page["rows"] if row["kind"] != "files"]
