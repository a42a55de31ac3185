"""From the elements of a DMN document to a model: imports, types and the requirements graph."""

from collections.abc import Iterable, Mapping
from typing import Any

from zhengtong.engines.dmn.boxes import (
    child,
    children,
    local_name,
    name_of,
    position,
    read_box,
    read_function,
    text_of,
    type_of,
    variable_of,
)
from zhengtong.engines.dmn.errors import DmnError
from zhengtong.engines.dmn.model import (
    Decision,
    Element,
    Import,
    InputData,
    ItemDefinition,
    Knowledge,
    Model,
    Service,
    Variable,
)
from zhengtong.engines.dmn.vocabulary import VERSIONS


def read_definitions(root: Any) -> Model:
    """The model of a `definitions` element; DmnError where it is none or breaks the schema where it matters."""
    namespace, _, tag = str(root.tag)[1:].rpartition("}")
    if tag != "definitions" or namespace not in VERSIONS:
        raise DmnError("dmn.not_dmn", position=position(root), root=str(root.tag)[:200])
    own = root.get("namespace") or ""
    imports = tuple(_import(each) for each in children(root, "import"))
    prefixes = {each.namespace: each.name for each in imports} | {own: ""}
    return Model(
        name=root.get("name") or "",
        namespace=own,
        version=VERSIONS[namespace],
        language=root.get("expressionLanguage") or "",
        imports=imports,
        types=tuple(_item(each, prefixes) for each in children(root, "itemDefinition")),
        elements=_elements(root, prefixes),
    )


def _import(element: Any) -> Import:
    namespace = element.get("namespace") or ""
    return Import(_squeezed(element.get("name") or ""), namespace, element.get("locationURI") or "")


def _elements(root: Any, prefixes: Mapping[str, str]) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for each in root:
        reader = _READERS.get(local_name(each)) if str(each.tag).startswith(f"{{{_namespace(root)}}}") else None
        if reader is None:
            continue
        element = reader(each, prefixes)
        if element.id in found:
            raise DmnError("dmn.id_duplicate", position=position(each), id=element.id[:100])
        found[element.id] = element
    return found


def _namespace(element: Any) -> str:
    return str(element.tag)[1:].rpartition("}")[0]


def _item(element: Any, prefixes: Mapping[str, str]) -> ItemDefinition:
    function = child(element, "functionItem")
    return ItemDefinition(
        name=name_of(element),
        type_ref=type_of(element, prefixes, text_of(child(element, "typeRef"))),
        components=tuple(_item(each, prefixes) for each in children(element, "itemComponent")),
        collection=(element.get("isCollection") or "").strip() in ("true", "1"),
        allowed=_tests(child(element, "allowedValues")),
        constraint=_tests(child(element, "typeConstraint")),
        function=None if function is None else _function_item(function, prefixes),
        line=element.sourceline,
    )


def _function_item(element: Any, prefixes: Mapping[str, str]) -> tuple[tuple[Variable, ...], str]:
    parameters = tuple(variable_of(each, prefixes) for each in children(element, "parameters"))
    return parameters, type_of(element, prefixes, element.get("outputTypeRef") or "")


def _tests(element: Any) -> str:
    return "" if element is None else text_of(child(element, "text")).strip()


def _base(element: Any, prefixes: Mapping[str, str]) -> dict[str, Any]:
    """What every node has; one without an id is known by its name."""
    name = name_of(element)
    variable = child(element, "variable")
    return {
        "id": element.get("id") or name,
        "name": name,
        "variable": Variable(name) if variable is None else variable_of(variable, prefixes, name),
        "line": element.sourceline,
        "label": element.get("label") or "",
    }


def _input_data(element: Any, prefixes: Mapping[str, str]) -> InputData:
    return InputData(**_base(element, prefixes))


def _decision(element: Any, prefixes: Mapping[str, str]) -> Decision:
    return Decision(
        **_base(element, prefixes),
        logic=read_box(element, prefixes),
        needs=tuple(
            _href(needed)
            for requirement in children(element, "informationRequirement")
            for needed in requirement
            if local_name(needed) in ("requiredDecision", "requiredInput")
        ),
        knowledge=_knowledge_of(element),
        question=text_of(child(element, "question")).strip(),
        answers=text_of(child(element, "allowedAnswers")).strip(),
    )


def _knowledge(element: Any, prefixes: Mapping[str, str]) -> Knowledge:
    logic = child(element, "encapsulatedLogic")
    return Knowledge(
        **_base(element, prefixes),
        logic=None if logic is None else read_function(logic, prefixes),
        knowledge=_knowledge_of(element),
    )


def _service(element: Any, prefixes: Mapping[str, str]) -> Service:
    def hrefs(tag: str) -> tuple[str, ...]:
        return tuple(_href(each) for each in children(element, tag))

    return Service(
        **_base(element, prefixes),
        outputs=hrefs("outputDecision"),
        encapsulated=hrefs("encapsulatedDecision"),
        input_decisions=hrefs("inputDecision"),
        input_data=hrefs("inputData"),
    )


def _knowledge_of(element: Any) -> tuple[str, ...]:
    required: Iterable[Any] = (
        needed
        for requirement in children(element, "knowledgeRequirement")
        for needed in children(requirement, "requiredKnowledge")
    )
    return tuple(_href(each) for each in required)


def _href(element: Any) -> str:
    href = (element.get("href") or "").strip()
    if not href:
        raise DmnError("dmn.href_missing", position=position(element), tag=local_name(element))
    return href


def _squeezed(name: str) -> str:
    return " ".join(name.split())


_READERS = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}
