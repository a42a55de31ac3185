"""What applicants are asked for: nothing that government holds, nothing beyond the list, and the same under the same
conditions in the guide and in the form."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from zhengtong.engines.feel import FeelError, compile_expression
from zhengtong.engines.forms import Form
from zhengtong.engines.forms.model import Field
from zhengtong.matters.catalog import choices
from zhengtong.matters.catalog.packs.findings import Finding
from zhengtong.matters.catalog.packs.loading import Pack


def material_findings(pack: Pack, form: Form | None, facts: Collection[str] | None) -> Iterator[Finding]:
    """Each material by itself, then against the questions of the form; what is None is not looked at."""
    for index, material in enumerate(pack.service["materials"]):
        place = pack.source.at(f"/materials/{index}")
        yield from _supplied(material, place, facts)
        if form is not None:
            yield from _condition(material, place, form)
    if form is not None:
        yield from _asked(pack, {field.material: field for field in form.files if field.material}, form)


def _supplied(material: Mapping[str, Any], place: str, facts: Collection[str] | None) -> Iterator[Finding]:
    """国务院令第716号 第7条: what government issued and shares may not be demanded again; somebody must supply it."""
    code, exempt = material["code"], material["how"] == choices.MaterialHow.EXEMPT
    shared = material["source"] == choices.MaterialSource.GOVERNMENT and material.get("licence_type_code")
    if shared and not exempt:
        yield Finding("packs.material_demanded", place, {"material": code})
    if exempt and not material.get("from"):
        yield Finding("packs.material_unsupplied", place, {"material": code})
    elif material.get("from") and facts is not None and material["from"] not in facts:
        params = {"material": code, "found": material["from"][:60], "known": ", ".join(sorted(facts))}
        yield Finding("packs.material_source", place, params)


def _condition(material: Mapping[str, Any], place: str, form: Form) -> Iterator[Finding]:
    if not material.get("when"):
        return
    params: dict[str, object] = {"material": material["code"]}
    try:
        asked_for = compile_expression(material["when"], strict=True).names
    except FeelError as fault:
        yield Finding("packs.material_condition", place, {**params, "cause": fault})
        return
    for name in sorted(asked_for - form.fields.keys()):
        yield Finding("packs.material_when_unasked", place, {**params, "question": name})


def _asked(pack: Pack, asked: Mapping[str, Field], form: Form) -> Iterator[Finding]:
    """Uploads of the form and materials of the service are the same ones, asked for under the same condition."""
    uploads = {
        material["code"]: (index, material)
        for index, material in enumerate(pack.service["materials"])
        if material["how"] == choices.MaterialHow.UPLOAD
    }
    for code in sorted(asked.keys() - uploads.keys()):
        yield Finding("packs.material_beyond", pack.source.at("/materials"), {"material": code})
    for code in sorted(uploads.keys() - asked.keys()):
        yield Finding("packs.material_unasked", pack.source.at(f"/materials/{uploads[code][0]}"), {"material": code})
    for code, (index, material) in uploads.items():
        if code in asked:
            yield from _agrees(material, asked[code], form, pack.source.at(f"/materials/{index}"))


def _agrees(material: Mapping[str, Any], field: Field, form: Form, place: str) -> Iterator[Finding]:
    section = form.section_of[field.key].visible
    conditions = [each.text for each in (section, field.visible) if each is not None]
    params = {"material": material["code"], "question": field.key}
    if len(conditions) < 2 and _plain(material.get("when") or "") != _plain("".join(conditions)):
        yield Finding("packs.material_when_differs", place, {**params, "condition": "".join(conditions) or "—"})
    needed = material["necessity"] == choices.Necessity.REQUIRED
    if needed and not field.required and field.required_when is None:
        yield Finding("packs.material_not_required", place, params)


def _plain(condition: str) -> str:
    return " ".join(condition.split())
