"""Look at every element and attribute of a process and report what would not be executed as written."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.errors import Finding
from zhengtong.engines.bpmn.vocabulary import (
    BPMN,
    FLOW_NODES,
    INFORMATIVE,
    PRESENTATION,
    REASONS,
    RULES,
    SILENT,
    XML,
    XSI,
    ZT,
    Rule,
)


def survey(process: Any) -> Iterator[Finding]:
    """Findings for the process element and all within it, in document order."""
    yield from _duplicates(process)
    stack = [process]
    while stack:
        element = stack.pop()
        tag = local_name(element)
        yield from _attributes(element, RULES[tag])
        inside = []
        for child in element.iterchildren(tag=etree.Element):
            finding, descend = _child(child, RULES[tag])
            yield from finding
            if descend:
                inside.append(child)
        stack.extend(reversed(inside))


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


def _child(child: Any, rule: Rule) -> tuple[list[Finding], bool]:
    namespace, tag = _split(child.tag)
    if namespace != BPMN:
        return [_foreign(child, namespace, tag)], False
    if tag == "extensionElements":
        return [_foreign(extension, *_split(extension.tag)) for extension in child.iterchildren("*")], False
    if tag not in rule.children:
        return [find(REASONS.get(tag, "bpmn.element_unsupported"), child, tag=tag)], False
    if tag in SILENT:
        return [], False
    if tag in INFORMATIVE:
        return [find("bpmn.informative", child, blocking=False, tag=tag)], False
    if tag in FLOW_NODES | {"sequenceFlow"} and not child.get("id"):
        return [find("bpmn.id_missing", child, tag=tag, line=child.sourceline)], True
    return [], True


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
    kept = namespace in PRESENTATION
    code = "bpmn.extension_kept" if kept else "bpmn.extension_unsupported"
    return find(code, element, blocking=not kept, extension=f"{{{namespace}}}{name}"[:200])


def _duplicates(process: Any) -> Iterator[Finding]:
    seen: set[str] = set()
    for element in process.iter(f"{{{BPMN}}}*"):
        name = element.get("id")
        if name and name in seen:
            yield find("bpmn.id_duplicate", element)
        seen.add(name)
