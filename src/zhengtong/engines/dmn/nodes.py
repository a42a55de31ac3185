"""Decisions ready to be asked: nodes with their logic, and the way through them to an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines import feel
from zhengtong.engines.dmn.errors import DmnError, Finding
from zhengtong.engines.dmn.frames import Frame, Logic, Scope, Session, Value
from zhengtong.engines.dmn.linking import Key
from zhengtong.engines.dmn.model import Decision, InputData, Model, Service
from zhengtong.engines.dmn.tables import CompiledTable
from zhengtong.engines.dmn.types import Declared

Path = tuple[str, ...]
"""How a decision names what it requires: its name, behind the name of the import it comes from."""


@dataclass(frozen=True, slots=True)
class InputNode:
    """A fact: `keys` are the names it may be given under, the fullest first."""

    key: Key
    element: InputData
    declared: Declared
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionNode:
    """A decision: its logic, what it requires by path, and the functions it may call."""

    key: Key
    element: Decision
    declared: Declared
    logic: Logic
    needs: tuple[tuple[Path, Key], ...]
    functions: Mapping[str, Value]

    @property
    def keys(self) -> tuple[str]:
        """The name that its value is given under where it is a parameter."""
        return (self.element.name,)

    def scope(self, values: Mapping[Key, Value]) -> Scope:
        """What its logic sees, from the values of what it requires."""
        scope = dict(self.functions)
        for (name, *inner), key in self.needs:
            if inner:
                scope[name] = {**scope.get(name, {}), inner[0]: values[key]}
            else:
                scope[name] = values[key]
        return scope


@dataclass(frozen=True, slots=True)
class ServiceNode:
    """A decision service: parameters in the order of a call, and the decisions it answers with."""

    key: Key
    element: Service
    parameters: tuple[Key, ...]
    outputs: tuple[Key, ...]
    function: feel.Function


Node = InputNode | DecisionNode | ServiceNode


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be looked at to answer for some decisions: facts, then decisions in order."""

    inputs: tuple[InputNode, ...]
    decisions: tuple[DecisionNode, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about: decisions to answer for, what is wanted from the asker, and the way there.

    Wanted are facts, and decisions that are parameters of a service.
    """

    targets: tuple[Key, ...]
    names: tuple[str, ...]
    wanted: tuple[InputNode | DecisionNode, ...]
    plan: Plan


@dataclass(slots=True)
class Decisions:
    """A compiled model; immutable but for what it remembers, shared between threads.

    `functions` are its own business knowledge models and decision services, by name. `findings` are what was seen on
    the way: a blocking one makes some decision null.
    """

    model: Model
    nodes: dict[Key, Node] = field(default_factory=dict)
    functions: dict[str, feel.Function] = field(default_factory=dict)
    tables: list[CompiledTable] = field(default_factory=list)
    compiled: Mapping[int, CompiledTable] = field(default_factory=dict)
    typed: list[tuple[Frame, int | None, feel.Expression]] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    _plans: dict[tuple[tuple[Key, ...], tuple[Key, ...]], Plan] = field(default_factory=dict)
    _asked: dict[tuple[str | None, str | None], Asked] = field(default_factory=dict)
    _kinds: dict[str, feel.FeelType] = field(default_factory=dict)

    @property
    def kinds(self) -> Mapping[str, feel.FeelType]:
        """The type in which each fact is wanted, by every name it may be given under."""
        if not self._kinds:
            found: dict[str, feel.FeelType] = {}
            for node in self.nodes.values():
                if isinstance(node, DecisionNode | InputNode):
                    for key in node.keys:
                        found.setdefault(key, node.declared.kind)
            self._kinds = found
        return self._kinds

    @property
    def decisions(self) -> tuple[DecisionNode, ...]:
        """The model's own decisions, in document order."""
        found = [self.nodes[self.model.namespace, each.id] for each in self.model.decisions]
        return tuple(node for node in found if isinstance(node, DecisionNode))

    @property
    def services(self) -> tuple[ServiceNode, ...]:
        """The model's own decision services, in document order."""
        found = [self.nodes[self.model.namespace, each.id] for each in self.model.services]
        return tuple(node for node in found if isinstance(node, ServiceNode))

    def is_decision(self, key: Key) -> bool:
        """Whether it is worked out, not given."""
        return isinstance(self.nodes[key], DecisionNode)

    def find(self, name: str, kind: type[Any]) -> Any:
        """The own decision or service of this name or id; DmnError where there is none, or several."""
        own = [node for key, node in self.nodes.items() if key[0] == self.model.namespace and isinstance(node, kind)]
        for attribute in ("name", "id"):
            found = [node for node in own if getattr(node.element, attribute) == name]
            if len(found) == 1:
                return found[0]
        code = "dmn.service_unknown" if kind is ServiceNode else "dmn.decision_unknown"
        raise DmnError(code, name=name[:100], known=", ".join(node.element.name for node in own)[:300])

    def ask(self, decision: str | None, service: str | None) -> Asked:
        """What it takes to answer for a decision or a service of this name or id; looked up once."""
        wanted = (decision, service)
        if wanted not in self._asked:
            if service is not None:
                node: ServiceNode = self.find(service, ServiceNode)
                targets, parameters = node.outputs, node.parameters
            else:
                asked: DecisionNode = self._top() if decision is None else self.find(decision, DecisionNode)
                targets, parameters = (asked.key,), ()
            names = tuple(self.nodes[key].element.name for key in targets)
            plan = self.plan(targets, parameters)
            self._asked[wanted] = Asked(targets, names, (*map(self._parameter, parameters), *plan.inputs), plan)
        return self._asked[wanted]

    def _parameter(self, key: Key) -> InputNode | DecisionNode:
        node = self.nodes[key]
        assert not isinstance(node, ServiceNode), "linking lets only decisions and input data be parameters"
        return node

    def _top(self) -> DecisionNode:
        """The only decision that no other one requires."""
        required = {key for node in self.decisions for _, key in node.needs}
        found = [node for node in self.decisions if node.key not in required]
        if len(found) != 1:
            raise DmnError("dmn.decision_ambiguous", known=", ".join(node.element.name for node in found)[:300])
        return found[0]

    def plan(self, targets: tuple[Key, ...], given: tuple[Key, ...] = ()) -> Plan:
        """What it takes to answer for `targets`, where the values of `given` are known."""
        wanted = (targets, given)
        if wanted not in self._plans:
            self._plans[wanted] = self._make_plan(targets, set(given))
        return self._plans[wanted]

    def _make_plan(self, targets: tuple[Key, ...], given: set[Key]) -> Plan:
        needed: set[Key] = set()
        open_ = [key for key in targets if key not in given]
        while open_:
            key = open_.pop()
            if key in needed:
                continue
            needed.add(key)
            node = self.nodes[key]
            if isinstance(node, DecisionNode):
                open_ += [each for _, each in node.needs if each not in given]
        ordered = [node for key, node in self.nodes.items() if key in needed]  # nodes stand behind all they need
        return Plan(
            tuple(node for node in ordered if isinstance(node, InputNode)),
            tuple(node for node in ordered if isinstance(node, DecisionNode)),
        )


def work_out(plan: Plan, values: dict[Key, Value], session: Session) -> dict[Key, Value]:
    """The values of every decision of a plan, from those given; every fact it needs is among them."""
    outer = session.decision
    for decision in plan.decisions:
        session.decision = decision.element.id
        scope = decision.scope(values)
        if session.recorder is None:
            values[decision.key] = decision.logic(scope, session)
        else:
            values[decision.key] = session.recorder.decision(decision, scope, session)
    session.decision = outer
    return values
