"""Gathering the materials of a submission: files the answers name, and what the government itself supplies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.files.queries import ask_file_ids
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.choices import MaterialSource, MaterialStatus
from zhengtong.matters.cases.services.specs import Material, Spec


@dataclass(frozen=True)
class Obtained:
    """A material that needs no paper from the applicant: the licence or the fact answer that stands for it."""

    source: MaterialSource
    licence_id: int | None = None
    found: bool = True


Rows = list[dict[str, Any]]
Files = Callable[[], dict[str, int]]


def ask_files(by: Actor, spec: Spec, answers: Mapping[str, Any]) -> Files:
    """Ask for the files that the answers name, together with other reads; `gather` fetches them."""
    return ask_file_ids(by, [token for asked in spec.form.files for token in answers.get(asked.key) or ()])


def gather(spec: Spec, answers: Mapping[str, Any], given: Files, obtained: Mapping[str, Obtained]) -> Rows:
    """Rows of case materials without case and number; `Invalid` for a file that is not the actor's.

    `given` is what `ask_files` answered for the same answers.
    """
    rows: Rows = []
    uploaded: set[str] = set()
    questions, files = spec.form.files, given()
    named = {material.code: material for material in spec.materials}
    for asked in questions:
        code = asked.material or asked.key
        for token in answers.get(asked.key) or ():
            name, name_en = _names(named.get(code), asked.label)
            file_id = files.get(token)
            if file_id is None:
                raise _missing(asked.pointer)
            rows.append(_row(code, name, name_en, MaterialSource.UPLOAD, MaterialStatus.PENDING, file_id=file_id))
            uploaded.add(code)
    for material in spec.materials:
        if material.code not in uploaded and material.how != "upload":
            rows.append(_supplied(material, obtained.get(material.code)))
    return rows


def _names(material: Material | None, label: Mapping[str, str]) -> tuple[str, str]:
    if material is not None and material.name:
        return material.name, material.name_en
    return label["zh-hans"], label["en"]


def _supplied(material: Material, obtained: Obtained | None) -> dict[str, Any]:
    if material.how == "online":
        source, status, licence = MaterialSource.FORM, MaterialStatus.QUALIFIED, None
    elif obtained is None or not obtained.found:
        source, status, licence = MaterialSource.REGISTER, MaterialStatus.PENDING, None
    else:
        source, status, licence = obtained.source, MaterialStatus.QUALIFIED, obtained.licence_id
    return _row(material.code, material.name, material.name_en, source, status, licence_id=licence)


def _row(
    code: str,
    name: str,
    name_en: str,
    source: MaterialSource,
    status: MaterialStatus,
    *,
    file_id: int | None = None,
    licence_id: int | None = None,
) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "name_en": name_en,
        "source": source,
        "status": status,
        "file_id": file_id,
        "licence_id": licence_id,
        "remark": "",
    }


def _missing(pointer: str) -> Invalid:
    sentence = str(_("This file is no longer here; upload it again."))
    return Invalid("cases.file", _("A file is missing."), [(pointer, "file_missing", sentence)])
