"""Look at every element and attribute of a process and report what would not be executed as written."""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.vocabulary import (
    BPMN,
    FLOW_NODES,
    INFORMATIVE,
    PRESENTATION,
    REMARKS,
    RULES,
    SILENT,
    XML,
    XSI,
    ZT,
    Rule,
)
from zhengtong.engines.bpmn.errors import Finding

# By lxml's `{namespace}local`, so that an element without peculiarities costs two look-ups.
_RULES: Mapping[str, Rule] = {f"{{{BPMN}}}{tag}": rule for tag, rule in RULES.items()}
_PLAIN: Mapping[str, frozenset[str]] = {
    tag: frozenset(name for name, values in rule.attributes.items() if values is None)
    | {f"{{{ZT}}}{name}" for name in rule.own}
    for tag, rule in _RULES.items()
}
_SILENT = frozenset(f"{{{BPMN}}}{tag}" for tag in SILENT)
_INSIDE: Mapping[str, frozenset[str]] = {
    tag: frozenset(f"{{{BPMN}}}{name}" for name in rule.children - SILENT - INFORMATIVE - {"extensionElements"})
    for tag, rule in _RULES.items()
}
PLACEHOLDER = "__targetRef_placeholder"
"""The property that bpmn.io puts where a data association ends at an activity without data inputs."""

_NEEDING_ID = frozenset(f"{{{BPMN}}}{tag}" for tag in FLOW_NODES | {"sequenceFlow"})


def survey(process: Any) -> list[Finding]:
    """Findings for the process element and all within it, in document order."""
    findings = list(_duplicates(process))
    stack = [process]
    while stack:
        element = stack.pop()
        tag = element.tag
        if not _PLAIN[tag].issuperset(element.attrib):
            findings += _attributes(element, _RULES[tag])
        if not len(element):
            continue
        known, inside = _INSIDE[tag], []
        for child in element.iterchildren(tag=etree.Element):
            name = child.tag
            if name in known:
                inside.append(child)
                if name in _NEEDING_ID and not child.get("id"):
                    findings.append(find("bpmn.id_missing", child, tag=local_name(child), line=child.sourceline))
            elif name not in _SILENT or local_name(child) not in _RULES[tag].children:
                findings += _child(child, _RULES[tag])
        stack.extend(reversed(inside))
    return findings


def survey_document(root: Any) -> list[Finding]:
    """Findings about the document around: extensions that nobody may execute it without."""
    return [
        find("bpmn.extension_unsupported", extension, extension=(extension.get("definition") or "")[:200])
        for extension in root.iterchildren(f"{{{BPMN}}}extension")
        if extension.get("mustUnderstand", "false") in ("true", "1")
    ]


def local_name(element: Any) -> str:
    """The tag without namespace."""
    return str(element.tag).rpartition("}")[2]


def owner(element: Any) -> str:
    """The id of the element, or of the nearest one around it that has an id."""
    node = element
    while node is not None and not node.get("id"):
        node = node.getparent()
    return "" if node is None else str(node.get("id"))


def find(code: str, element: Any, *, blocking: bool = True, **params: object) -> Finding:
    """A finding about `element`."""
    return Finding(code, owner(element), element.sourceline, params, blocking)


def _child(child: Any, rule: Rule) -> list[Finding]:
    """What is to be said of a child that is not simply looked into."""
    namespace, tag = _split(child.tag)
    if namespace != BPMN:
        return [_foreign(child, namespace, tag)]
    if tag == "extensionElements":
        return [_foreign(extension, *_split(extension.tag)) for extension in child.iterchildren("*")]
    if tag not in rule.children:
        return [find("bpmn.element_unsupported", child, tag=tag)]
    if tag in INFORMATIVE and child.get("name") != PLACEHOLDER:
        return [find("bpmn.informative", child, blocking=False, tag=tag)]
    return []


def _attributes(element: Any, rule: Rule) -> Iterator[Finding]:
    for key, value in element.attrib.items():
        namespace, attribute = _split(key)
        if not namespace:
            if not _allowed(rule, attribute, value):
                code = "bpmn.not_executable" if attribute == "isExecutable" else "bpmn.attribute_unsupported"
                yield find(code, element, attribute=attribute, value=value[:100])
        elif namespace == ZT:
            if attribute not in rule.own:
                yield find("bpmn.attribute_unsupported", element, attribute=f"zt:{attribute}", value=value[:100])
        elif namespace not in (XML, XSI):
            yield _foreign(element, namespace, attribute)


def _split(name: str) -> tuple[str, str]:
    """Namespace and local part of lxml's `{namespace}local`."""
    namespace, _, local = name.rpartition("}")
    return namespace[1:], local


def _allowed(rule: Rule, attribute: str, value: str) -> bool:
    if attribute not in rule.attributes:
        return False
    values = rule.attributes[attribute]
    return values is None or value in values


def _foreign(element: Any, namespace: str, name: str) -> Finding:
    kept = namespace in PRESENTATION or f"{{{namespace}}}{name}" in REMARKS
    code = "bpmn.extension_kept" if kept else "bpmn.extension_unsupported"
    return find(code, element, blocking=not kept, extension=f"{{{namespace}}}{name}"[:200])


def _duplicates(process: Any) -> Iterator[Finding]:
    seen: set[str] = set()
    for element in process.iter(f"{{{BPMN}}}*"):
        name = element.get("id")
        if name:
            if name in seen:
                yield find("bpmn.id_duplicate", element)
            seen.add(name)
