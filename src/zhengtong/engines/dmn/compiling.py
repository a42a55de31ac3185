"""From a model to decisions that can be asked: every reference followed, every expression compiled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from zhengtong.engines import feel
from zhengtong.engines.dmn.answering import made_type
from zhengtong.engines.dmn.errors import DmnError, Finding
from zhengtong.engines.dmn.frames import Frame, Gathered, Logic, Scope, Session, Value, typed
from zhengtong.engines.dmn.linking import Graph, Key, Source, Unit, link
from zhengtong.engines.dmn.logic import compile_box, compile_function, known, make_function
from zhengtong.engines.dmn.model import (
    Decision,
    FunctionBox,
    Import,
    InputData,
    Knowledge,
    Model,
    Service,
    Table,
    Variable,
)
from zhengtong.engines.dmn.nodes import DecisionNode, Decisions, InputNode, Path, ServiceNode, work_out
from zhengtong.engines.dmn.reading import read
from zhengtong.engines.dmn.types import UNTYPED, Declared
from zhengtong.engines.feel.types import ANY, FeelType, function_of


def compile_model(model: Model, imports: Mapping[str, bytes] | None = None) -> Decisions:
    """Decisions that can be asked.

    `imports` are the documents that `model` imports, directly or not, by any name; each is recognised by its namespace
    (or by its name, where an import gives it as a location). Raises `DmnError` where one is missing or unreadable,
    where a reference leads nowhere, and where requirements form a circle (with the ids of the circle). An expression
    that cannot be compiled is a blocking finding, and makes what depends on it null.
    """
    units = link(model, _source(imports or {}))
    graph = Graph(units)
    compiler = _Compiler(Decisions(model), graph)
    for key in graph.order():
        compiler.add(key)
    return compiler.done()


def _source(imports: Mapping[str, bytes]) -> Source:
    """Finds imports among documents, each read when first needed; an unreadable one matters only if nothing fits."""
    read_already: dict[str, Model | DmnError] = {}

    def model_of(name: str) -> Model | DmnError:
        if name not in read_already:
            try:
                read_already[name] = read(imports[name])
            except DmnError as fault:
                read_already[name] = fault
        return read_already[name]

    def find(wanted: Import) -> Model | None:
        by_location = [wanted.location] if wanted.location in imports else []
        found = [model_of(name) for name in (*by_location, *imports)]
        for model in found:
            if isinstance(model, Model) and model.namespace == wanted.namespace:
                return model
        for fault in found:
            if isinstance(fault, DmnError):
                raise fault
        return None

    return find


class _Compiler:
    """Compiles elements one after the other, each behind all it needs."""

    def __init__(self, decisions: Decisions, graph: Graph) -> None:
        self.decisions = decisions
        self.graph = graph
        self.gathered = Gathered()
        self.functions: dict[Key, feel.Function] = {}

    def add(self, key: Key) -> None:
        """Compile one element."""
        element = self.graph.elements[key]
        if isinstance(element, InputData):
            self.decisions.nodes[key] = self._input(key, element)
        elif isinstance(element, Decision):
            self.decisions.nodes[key] = self._decision(key, element)
        elif isinstance(element, Knowledge):
            self.functions[key] = self._knowledge(key, element)
        elif isinstance(element, Service):
            node = self._service(key, element)
            self.decisions.nodes[key] = node
            self.functions[key] = node.function
        if key in self.functions and key[0] == self.decisions.model.namespace:
            self.decisions.functions[element.name] = self.functions[key]

    def done(self) -> Decisions:
        """The decisions, with the findings of all models."""
        found = [*self.gathered.findings, *(each for unit in self.graph.units.values() for each in unit.types.findings)]
        self.decisions.tables, self.decisions.compiled = self.gathered.tables, self.gathered.compiled
        self.decisions.typed = self.gathered.typed
        self.decisions.findings = tuple(sorted([*found, *self._names()], key=lambda each: each.line or 0))
        return self.decisions

    def _names(self) -> list[Finding]:
        """Elements of one model that share a name: nobody can tell which is meant."""
        seen: set[str] = set()
        found = []
        for element in self.decisions.model.elements.values():
            if element.name in seen:
                found.append(Finding("dmn.name_twice", element.id, element.name, element.line))
            seen.add(element.name)
        return found

    def _unit(self, key: Key) -> Unit:
        return self.graph.units[key[0]]

    def _path(self, owner: Key, key: Key) -> Path:
        prefix = self._unit(owner).name_of(key[0])
        name = self.graph.elements[key].name
        return (prefix, name) if prefix else (name,)

    def _frame(self, key: Key, needs: Sequence[Key], knowledge: Sequence[Key]) -> tuple[Frame, dict[str, Value]]:
        """What an element's expressions may name, and the functions among it."""
        names: dict[str, Any] = {}
        functions: dict[str, Value] = {}
        for needed in needs:
            _put(names, self._path(key, needed), self._known(needed))
        for called in knowledge:
            if called in self.functions:
                _put(names, self._path(key, called), self.functions[called].type)
                _put(functions, self._path(key, called), self.functions[called])
        unit = self._unit(key)
        return Frame(
            key[1],
            self.graph.elements[key].name,
            names,
            unit.types,
            self.gathered,
            unit.model.language,
        ), functions

    def _known(self, key: Key) -> FeelType | None:
        """The type of something required: as declared, else as its logic makes it; None where neither says."""
        declared, element = self._declared(key), self.graph.elements[key]
        if declared.kind == ANY and isinstance(element, Decision):
            declared = Declared("", made_type(element, self.gathered.compiled))
        return known(declared)

    def _declared(self, key: Key) -> Declared:
        node = self.decisions.nodes[key]
        return node.declared if isinstance(node, InputNode | DecisionNode) else UNTYPED

    def _type(self, key: Key) -> Declared:
        element = self.graph.elements[key]
        return self._unit(key).types.find(element.variable.type_ref, element.id, element.name, element.line)

    def _input(self, key: Key, element: InputData) -> InputNode:
        prefix = self.graph.units[self.decisions.model.namespace].name_of(key[0])
        qualified = (f"{{{key[0]}}}{element.name}", *((f"{prefix}.{element.name}",) if prefix else ()))
        return InputNode(key, element, self._type(key), (*qualified, element.name))

    def _decision(self, key: Key, element: Decision) -> DecisionNode:
        needs = self.graph.found(key, element.needs, InputData, Decision)
        knowledge = self.graph.found(key, element.knowledge, Knowledge, Service)
        frame, functions = self._frame(key, needs, knowledge)
        declared = self._type(key)
        logic = typed(compile_box(element.logic, frame), declared)
        paths = tuple((self._path(key, needed), needed) for needed in needs)
        return DecisionNode(key, element, declared, logic, paths, functions)

    def _knowledge(self, key: Key, element: Knowledge) -> feel.Function:
        frame, functions = self._frame(key, (), self.graph.found(key, element.knowledge, Knowledge, Service))
        if element.logic is None:
            return feel.Function(element.name, (), _null, function_of((), ANY))
        # It may call itself: the name leads to the function once there is one, and calls are bounded.
        within = frame.inside({element.name: None})
        logic = _with_parameters(element.logic, functions)
        function = compile_function(logic, within, element.name, functions, self._result(key))
        functions[element.name] = function
        return function

    def _result(self, key: Key) -> Declared:
        """What the variable of something that is called says its result is; older models name the result itself."""
        declared = self._type(key)
        if declared.kind.kind != "function":
            return declared
        return Declared("", declared.kind.result or ANY)

    def _service(self, key: Key, element: Service) -> ServiceNode:
        parameters = self.graph.found(key, element.input_data, InputData)
        parameters += self.graph.found(key, element.input_decisions, Decision)
        outputs = self.graph.found(key, element.outputs, Decision)
        names = tuple(self.graph.elements[each].name for each in parameters)
        declared = tuple(self._type(each) for each in parameters)
        result = self._result(key)
        kind = function_of(tuple(each.kind for each in declared), result.kind)
        body = typed(self._service_body(parameters, outputs), result)
        function = make_function(element.name, names, declared, kind, body, {})
        return ServiceNode(key, element, parameters, outputs, function)

    def _service_body(self, parameters: tuple[Key, ...], outputs: tuple[Key, ...]) -> Logic:
        decisions, elements = self.decisions, self.graph.elements
        names = tuple(elements[each].name for each in parameters)

        def run(scope: Scope, session: Session) -> Value:
            given = {key: scope[name] for key, name in zip(parameters, names, strict=True)}
            plan = decisions.plan(outputs, parameters)
            given |= dict.fromkeys(node.key for node in plan.inputs)  # what is no parameter is not seen
            values = work_out(plan, given, session)
            if len(outputs) == 1:
                return values[outputs[0]]
            return {elements[each].name: values[each] for each in outputs}

        return run


def _with_parameters(function: FunctionBox, functions: Mapping[str, Value]) -> FunctionBox:
    """A table alone has its input expressions for parameters (§10.2.1.7), where they are plain names."""
    body = function.body
    if function.parameters or not isinstance(body, Table):
        return function
    named = [Variable(each.expression.text.strip(), each.expression.type_ref) for each in body.inputs]
    if not all(each.name.replace(" ", "_").isidentifier() and each.name not in functions for each in named):
        return function
    return replace(function, parameters=tuple(named))


def _null(_values: Sequence[Value], _run: feel.Run) -> Value:
    return None


def _put(names: dict[str, Any], path: Path, value: Any) -> None:
    if len(path) == 1:
        names[path[0]] = value
    else:
        names.setdefault(path[0], {})[path[1]] = value
