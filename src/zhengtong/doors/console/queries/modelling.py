"""Process models as the console shows them: what the check says, what differs between two versions, a first draft."""

import json
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhengtong.doors.console.choices import ACTS, APPENDED, ELEMENTS, FACTS, MODELLER_WORDS, SIGNING, SOUNDNESS
from zhengtong.engines.bpmn.compilation.differing import Difference
from zhengtong.engines.bpmn.compilation.vocabulary import RULES
from zhengtong.engines.bpmn.layout import with_diagram
from zhengtong.matters.modelling import queries
from zhengtong.matters.modelling.queries import Checked
from zhengtong.matters.workflow.queries.relocations import running_by
from zhengtong.matters.workflow.registry import WHO, actions

Row = dict[str, Any]
SHORT = 12
"""Characters of a digest that tell versions of one name apart."""
BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:zt="https://zhengtong.example/ns/bpmn/1" id="definitions" targetNamespace="urn:zhengtong:processes" \
expressionLanguage="http://www.omg.org/spec/FEEL/20140401">
  <process id="process" isExecutable="true">
    <startEvent id="start" name="开始" zt:name-en="Start"/>
    <userTask id="step_1" name="办理" zt:name-en="Handle" zt:role="clerk"/>
    <endEvent id="end" name="办结" zt:name-en="Closed"/>
    <sequenceFlow id="start_step_1" sourceRef="start" targetRef="step_1"/>
    <sequenceFlow id="step_1_end" sourceRef="step_1" targetRef="end"/>
  </process>
</definitions>
""".encode()
"""What a new model begins with: one step."""


def remarks(found: Checked) -> list[Row]:
    """A row for each remark: what is in the way first."""
    ordered = sorted(found.remarks, key=lambda remark: not remark.blocking)
    return [
        {
            "code": remark.code,
            "elements": remark.elements,
            "text": remark.text,
            "blocking": remark.blocking,
            "badge": _("in the way") if remark.blocking else _("note"),
        }
        for remark in ordered
    ]


def verdict(found: Checked) -> Row:
    """What the check comes to, in one sentence."""
    if any(remark.blocking for remark in found.remarks) and not found.soundness:
        return {"kind": "error", "words": _("It cannot be executed yet: mend what is in the way.")}
    if not found.fit:
        return {"kind": "error", "words": _("It is not fit for use yet: mend what is in the way.")}
    return {"kind": "success" if found.soundness == "sound" else "asked", "words": SOUNDNESS[found.soundness]}


def changes(found: Sequence[Difference]) -> list[Row]:
    """A row for each element that differs, its facts in words."""
    return [
        {
            "state": each.state,
            "element": each.element,
            "name": each.name or each.element,
            "kind": ELEMENTS.get(each.tag, each.tag),
            "facts": [
                {"what": FACTS.get(what, what), "before": _told(what, before), "after": _told(what, after)}
                for what, before, after in each.facts
            ],
        }
        for each in found
    ]


def _told(what: str, value: str) -> object:
    return ELEMENTS.get(value, value) if what == "" else value


def service_name(item: Any) -> str:
    """The name of a service as its reader says it, with its key, which tells two of one name apart."""
    return f"{called_by(item)} · {item.key}"


def called_by(thing: Any) -> str:
    """Its name in the reader's language."""
    return str((thing.name_en if (get_language() or "").startswith("en") else "") or thing.name)


def called(published: Any, name: str, digest: str) -> str:
    """A definition by the model and number under which it was published here; else its own name and its digest."""
    if published is None:
        return f"{name} {digest[:SHORT]}"
    return f"{called_by(published.model)} {_('Version %(number)d') % {'number': published.number}}"


def linked(label: object, name: str, digest: str, published: Any) -> Row:
    """A definition as a fact; what was published here leads to its page, with the drawing."""
    fact = {"label": label, "value": called(published, name, digest)}
    if published is None:
        return fact
    return fact | {"url": reverse("console:version", args=[published.pk]), "link": _("See the version")}


def served(model: Any, version: Any = None) -> list[tuple[object, object]]:
    """Facts about the service that a model runs: which version runs new cases, and how many run by `version`."""
    found = queries.serving(model)
    if found is None:
        return []
    name = called_by(found)
    facts: list[tuple[object, object]] = [(_("Service"), name), (_("New cases run by"), _in_force(found))]
    counted = _definitions(version or found.in_force)
    running = running_by(number for _label, number in counted)
    return [*facts, *((label, running.get(number, 0)) for label, number in counted)]


def _definitions(version: Any) -> list[tuple[object, int]]:
    """The definition of a version and the one it replaced, each with what is counted of it."""
    if version is None or version.definition_id is None:
        return []
    found: list[tuple[object, int]] = [
        (_("Cases running by version %(number)d") % {"number": version.number}, version.definition_id)
    ]
    if version.replaced_id and version.replaced_id != version.definition_id:
        found.append((_("Cases running by what it replaced"), version.replaced_id))
    return found


def _in_force(found: queries.Serving) -> str:
    pack = _("the process of the pack %(pack)s") % {"pack": found.pack}
    if found.in_force is None:
        return pack
    number = _("Version %(number)d") % {"number": found.in_force.number}
    return f"{number} · {pack}" if found.in_force.release_id == found.release_id else number


def taking_effect(model: Any) -> str:
    """What publishing a version of a model does, where it runs a service."""
    found = queries.serving(model)
    if found is None:
        return ""
    sentence = _("New cases of “%(name)s” run by this version from then on. Cases that run keep theirs until moved.")
    return sentence % {"name": called_by(found)}


def moving(version: Any) -> str:
    """The move of running cases, both versions named."""
    before = queries.version_by(version.model, version.replaced_id)
    if before is None:
        return _("Move running cases from the process of the pack to version %(new)d") % {"new": version.number}
    told = {"old": before.number, "new": version.number}
    return _("Move running cases from version %(old)d to version %(new)d") % told


def text_of(xml: bytes) -> str:
    """A model with its drawing as one edits it."""
    return queries.text_of(with_diagram(xml))


def words() -> str:
    """What the modeller says in the reader's language, as JSON."""
    return json.dumps({key: str(value) for key, value in MODELLER_WORDS.items()}, ensure_ascii=False)


def additions() -> list[Row]:
    """The buttons that add an element: its type and event as bpmn-js calls them, and its name."""
    return [
        {
            "type": f"bpmn:{tag[0].upper()}{tag[1:]}",
            "event": f"bpmn:{event.capitalize()}EventDefinition" if event else "",
            "label": label,
        }
        for tag, event, label in APPENDED
    ]


def properties() -> list[Row]:
    """The fields for what an element says: each with the attribute it is, and the elements that have it."""
    people = _bearing("role")
    return [
        _property("name", "name", "*"),
        _property("zt:name-en", "name-en", _bearing("name-en")),
        _property("zt:role", "role", people, options=[(code, label) for code, label in WHO.items()]),
        _property("zt:outcomes", "outcomes", _bearing("outcomes"), hint=_("Words with spaces between them.")),
        _property("zt:sign", "sign", _bearing("sign"), options=list(SIGNING.items())),
        _property("zt:form", "form", _bearing("form")),
        _property("zt:stage", "stage", _bearing("stage")),
        _property("zt:action", "action", _bearing("action"), options=_acts()),
        _property("zt:decision", "decision", _bearing("decision")),
        _property("script", "script", "scriptTask", wide=True, hint=_("One expression in FEEL.")),
        _property("conditionExpression", "condition", "sequenceFlow", wide=True, hint=_("One expression in FEEL.")),
        _property("timeDuration", "duration", "timer", label=_("After how long"), hint=_("As P5D or PT2H.")),
    ]


def _acts() -> list[tuple[str, object]]:
    """The actions there are: what each does, where there are words for it, with its name in the model."""
    return [(name, f"{ACTS[name]} ({name})" if name in ACTS else name) for name in sorted(actions.all())]


def _bearing(attribute: str) -> str:
    """The elements that carry an attribute of our own."""
    return " ".join(sorted(tag for tag, rule in RULES.items() if attribute in rule.own))


def _property(
    attribute: str, key: str, on: str, *, label: object = "", hint: object = "", wide: bool = False, options: Any = ()
) -> Row:
    label = label or FACTS.get(attribute, attribute)
    return {
        "attribute": attribute,
        "key": key,
        "on": on,
        "label": label,
        "hint": hint,
        "wide": wide,
        "options": options,
    }
