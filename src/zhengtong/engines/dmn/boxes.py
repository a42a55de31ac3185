"""From the elements of a DMN document to boxed expressions."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from zhengtong.engines.dmn.errors import DmnError
from zhengtong.engines.dmn.model import (
    Box,
    Conditional,
    Context,
    Filter,
    FunctionBox,
    Input,
    Invocation,
    Iteration,
    List,
    Literal,
    Output,
    Relation,
    Rule,
    Table,
    Variable,
)
from zhengtong.engines.dmn.vocabulary import FEEL_LANGUAGES, TYPE_ALIASES, Aggregation, HitPolicy

Prefixes = Mapping[str, str]
"""Namespaces of models to the name they are imported under, "" for the model's own."""


def read_box(parent: Any, prefixes: Prefixes) -> Box | None:
    """The one boxed expression among the children of `parent`, None where there is none."""
    found = [each for each in parent if local_name(each) in _READERS and each.tag.startswith(_qualifier(parent))]
    if len(found) > 1:
        raise DmnError("dmn.expressions_many", position=position(found[1]))
    return _READERS[local_name(found[0])](found[0], prefixes) if found else None


def read_function(element: Any, prefixes: Prefixes) -> FunctionBox:
    """A function definition, or the logic encapsulated in a business knowledge model."""
    return FunctionBox(
        tuple(variable_of(each, prefixes) for each in children(element, "formalParameter")),
        read_box(element, prefixes),
        (element.get("kind") or "FEEL").strip(),
        type_of(element, prefixes),
        element.sourceline,
    )


def local_name(element: Any) -> str:
    """The tag without namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Any, tag: str) -> Iterator[Any]:
    """The children of one name in the namespace of `element`."""
    found: Iterator[Any] = element.iterchildren(_qualifier(element) + tag)
    return found


def child(element: Any, tag: str) -> Any:
    """The first child of one name, None where there is none."""
    return element.find(_qualifier(element) + tag)


def text_of(element: Any) -> str:
    """All text in an element, "" where there is none of it."""
    return "" if element is None else "".join(element.itertext())


def position(element: Any) -> str:
    """Where it stands."""
    return f"line {element.sourceline}"


def name_of(element: Any) -> str:
    """Its name with single spaces; DmnError where it has none."""
    name = " ".join((element.get("name") or "").split())
    if not name:
        raise DmnError("dmn.name_missing", position=position(element), tag=local_name(element))
    return name


def variable_of(element: Any, prefixes: Prefixes, name: str = "") -> Variable:
    """An information item; one that stands for a node bears the node's name."""
    return Variable(name or name_of(element), type_of(element, prefixes))


def type_of(element: Any, prefixes: Prefixes, written: str | None = None) -> str:
    """The type an element refers to (or `written`), its prefix replaced by the name of the import it stands for."""
    text = " ".join((element.get("typeRef") or "" if written is None else written).split())
    prefix, colon, name = text.partition(":")
    if colon:
        namespace = element.nsmap.get(prefix)
        if namespace in FEEL_LANGUAGES or prefix == "feel":
            text = name
        elif namespace in prefixes:
            text = f"{prefixes[namespace]}.{name}" if prefixes[namespace] else name
    return TYPE_ALIASES.get(text, text)


def _qualifier(element: Any) -> str:
    return str(element.tag).rpartition("}")[0] + "}"


def _needed(element: Any, prefixes: Prefixes) -> Box:
    box = read_box(element, prefixes)
    if box is None:
        raise DmnError("dmn.expression_missing", position=position(element), tag=local_name(element))
    return box


def _literal(element: Any, prefixes: Prefixes) -> Literal:
    language = (element.get("expressionLanguage") or "").strip()
    if child(element, "importedValues") is not None:
        language = "importedValues"
    text = child(element, "text")
    return Literal(text_of(text), type_of(element, prefixes), language, element.sourceline)


def _unary(element: Any) -> str:
    return "" if element is None else text_of(child(element, "text")).strip()


def _invocation(element: Any, prefixes: Prefixes) -> Invocation:
    bindings = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        if parameter is None:
            raise DmnError("dmn.parameter_missing", position=position(binding))
        bindings.append((variable_of(parameter, prefixes), read_box(binding, prefixes)))
    return Invocation(read_box(element, prefixes), tuple(bindings), type_of(element, prefixes), element.sourceline)


def _table(element: Any, prefixes: Prefixes) -> Table:
    inputs = tuple(_input(each, prefixes) for each in children(element, "input"))
    outputs = tuple(_output(each, prefixes) for each in children(element, "output"))
    rules = tuple(_rule(each, prefixes, len(inputs)) for each in children(element, "rule"))
    if not outputs:
        raise DmnError("dmn.table_without_output", position=position(element))
    for number, rule in enumerate(rules, 1):
        if len(rule.tests) != len(inputs) or len(rule.results) != len(outputs):
            raise DmnError("dmn.rule_width", position=f"line {rule.line}", rule=number)
    return Table(
        inputs,
        outputs,
        rules,
        _choice(element, "hitPolicy", HitPolicy) or HitPolicy.UNIQUE,
        _choice(element, "aggregation", Aggregation),
        _annotations(element, rules),
        type_of(element, prefixes),
        element.sourceline,
    )


def _annotations(element: Any, rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """The names of the annotation columns; a rule's description (DMN 1.1) is one without a name."""
    names = tuple(" ".join((each.get("name") or "").split()) for each in children(element, "annotation"))
    widest = max((len(rule.annotations) for rule in rules), default=0)
    return names + ("",) * (widest - len(names))


def _choice(element: Any, attribute: str, kind: Any) -> Any:
    """The value of an attribute that has few; None where it is absent."""
    written = (element.get(attribute) or "").strip()
    if not written:
        return None
    if written not in [each.value for each in kind]:
        raise DmnError("dmn.attribute_value", position=position(element), attribute=attribute, value=written[:100])
    return kind(written)


def _input(element: Any, prefixes: Prefixes) -> Input:
    expression = child(element, "inputExpression")
    if expression is None:
        raise DmnError("dmn.expression_missing", position=position(element), tag="input")
    label = " ".join((element.get("label") or "").split())
    return Input(_literal(expression, prefixes), label, _unary(child(element, "inputValues")))


def _output(element: Any, prefixes: Prefixes) -> Output:
    default = child(element, "defaultOutputEntry")
    return Output(
        " ".join((element.get("name") or "").split()),
        type_of(element, prefixes),
        _unary(child(element, "outputValues")),
        None if default is None else _literal(default, prefixes),
        " ".join((element.get("label") or "").split()),
    )


def _rule(element: Any, prefixes: Prefixes, width: int) -> Rule:
    """A rule; one without any input entry applies to everything (§8.3.3)."""
    annotations = tuple(text_of(child(each, "text")).strip() for each in children(element, "annotationEntry"))
    described = text_of(child(element, "description")).strip()
    return Rule(
        tuple(_unary(each) for each in children(element, "inputEntry")) or ("-",) * width,
        tuple(_literal(each, prefixes) for each in children(element, "outputEntry")),
        annotations or ((described,) if described else ()),
        element.get("id") or "",
        element.sourceline,
    )


def _context(element: Any, prefixes: Prefixes) -> Context:
    entries: list[tuple[Variable | None, Box]] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        named = None if variable is None else variable_of(variable, prefixes)
        entries.append((named, _needed(entry, prefixes)))
    return Context(tuple(entries), type_of(element, prefixes), element.sourceline)


def _list(element: Any, prefixes: Prefixes) -> List:
    return List(_items(element, prefixes), type_of(element, prefixes), element.sourceline)


def _items(element: Any, prefixes: Prefixes) -> tuple[Box, ...]:
    boxes = [each for each in element if local_name(each) in _READERS]
    return tuple(_READERS[local_name(each)](each, prefixes) for each in boxes)


def _relation(element: Any, prefixes: Prefixes) -> Relation:
    columns = tuple(variable_of(each, prefixes) for each in children(element, "column"))
    rows = tuple(_items(row, prefixes) for row in children(element, "row"))
    for row in rows:
        if len(row) != len(columns):
            raise DmnError("dmn.row_width", position=position(element))
    return Relation(columns, rows, type_of(element, prefixes), element.sourceline)


def _part(element: Any, tag: str, prefixes: Prefixes) -> Box:
    part = child(element, tag)
    if part is None:
        raise DmnError("dmn.part_missing", position=position(element), tag=local_name(element), part=tag)
    return _needed(part, prefixes)


def _conditional(element: Any, prefixes: Prefixes) -> Conditional:
    test, then, otherwise = (_part(element, tag, prefixes) for tag in ("if", "then", "else"))
    return Conditional(test, then, otherwise, type_of(element, prefixes), element.sourceline)


def _filter(element: Any, prefixes: Prefixes) -> Filter:
    source, match = (_part(element, tag, prefixes) for tag in ("in", "match"))
    return Filter(source, match, type_of(element, prefixes), element.sourceline)


def _iteration(element: Any, prefixes: Prefixes) -> Iteration:
    kind = local_name(element)
    variable = " ".join((element.get("iteratorVariable") or "").split())
    if not variable:
        raise DmnError("dmn.name_missing", position=position(element), tag=kind)
    source = _part(element, "in", prefixes)
    body = _part(element, "return" if kind == "for" else "satisfies", prefixes)
    item_type = type_of(child(element, "in"), prefixes)
    return Iteration(kind, variable, source, body, item_type, type_of(element, prefixes), element.sourceline)


_READERS: Mapping[str, Callable[[Any, Prefixes], Box]] = {
    "literalExpression": _literal,
    "invocation": _invocation,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
}
