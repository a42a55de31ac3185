"""What is missing in an application: as officials enter it, and as the correction notice keeps it."""

from collections.abc import Iterable, Mapping
from typing import Any

from zhengtong.engines.forms import Form
from zhengtong.matters.cases.services.specs import Material, Spec

Gap = str | Mapping[str, Any]
ABOUT = ("question", "page", "material")


def entered(entry: Mapping[str, Any]) -> list[Gap]:
    """The gaps of an entry; what is no list holds none."""
    gaps = entry.get("gaps")
    return [gap for gap in gaps if gap_text(gap)] if isinstance(gaps, list | tuple) else []


def gap_text(gap: Gap) -> str:
    """What an official wrote of one gap."""
    return str((gap.get("text") or "") if isinstance(gap, Mapping) else gap).strip()


def known(gap: Gap, form: Form, materials: Iterable[Material]) -> bool:
    """Whether what the gap is about is asked for by the service; a gap about nothing in particular is."""
    return not isinstance(gap, Mapping) or not _about(gap) or bool(_placed(gap, form, materials))


def listed(gaps: Iterable[Gap], spec: Spec) -> list[dict[str, str]]:
    """The gaps as a notice keeps and says them: `{text}`, with `name` and `question`, `page` or `material` where they
    are about one; a material that a question of the form asks for keeps that question, too."""
    return [{"text": gap_text(gap), **_placed(gap, spec.form, spec.materials)} for gap in gaps]


def _about(gap: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(kind, str(gap[kind])) for kind in ABOUT if gap.get(kind)]


def _placed(gap: Gap, form: Form, materials: Iterable[Material]) -> dict[str, str]:
    """Name and place of what a gap is about; empty where that is nothing, or nothing the service knows."""
    about = _about(gap) if isinstance(gap, Mapping) else []
    if len(about) != 1:
        return {}
    ((kind, key),) = about
    if kind == "question":
        asked = form.fields.get(key)
        return {"name": asked.label["zh-hans"], kind: key} if asked else {}
    if kind == "page":
        page = next((page for page in form.pages if page.key == key), None)
        return {"name": page.title["zh-hans"], kind: key} if page else {}
    question = next((field.key for field in form.files if (field.material or field.key) == key), "")
    named = next((each.name for each in materials if each.code == key), "") or (
        form.fields[question].label["zh-hans"] if question else ""
    )
    return {"name": named, kind: key} | ({"question": question} if question else {}) if named else {}
