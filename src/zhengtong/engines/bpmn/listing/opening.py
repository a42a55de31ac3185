"""A model opened as a list of steps, where it has the shape that a list is written in; whatever its ids are."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.reading import Model
from zhengtong.engines.bpmn.compilation.survey import local_name
from zhengtong.engines.bpmn.compilation.vocabulary import BPMN, XSI, ZT
from zhengtong.engines.bpmn.compilation.wiring import bare, own, qualified
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.listing.steps import (
    AGREE,
    BY_ITSELF,
    COPY,
    DISAGREE,
    HANDLE,
    NOTICE,
    REVIEW,
    SEND_BACK,
    SIGN,
    SYSTEM,
    Deed,
    Step,
    StepList,
    faults,
)

_LABELS = {"_fork": ("抄送", "Copy"), "_no": ("不同意", "Refused"), "_read": ("已阅", "Read")}
_BY_ITSELF = {"serviceTask": SYSTEM, "sendTask": NOTICE}
_TASK = frozenset({"id", "name", "name-en", "stage", "role", "outcomes", "sign", "agree", "action"})
_ALLOWED: Mapping[str, frozenset[str]] = {
    "process": frozenset({"id", "name", "name-en", "isExecutable"}),
    "startEvent": frozenset({"id", "name", "name-en"}),
    "endEvent": frozenset({"id", "name", "name-en"}),
    "userTask": _TASK,
    "serviceTask": frozenset({"id", "name", "name-en", "stage", "action"}),
    "sendTask": frozenset({"id", "name", "name-en", "stage", "action"}),
    "exclusiveGateway": frozenset({"id", "default"}),
    "intermediateThrowEvent": frozenset({"id", "name", "name-en"}),
    "sequenceFlow": frozenset({"id", "sourceRef", "targetRef"}),
    "conditionExpression": frozenset({"type"}),
    "multiInstanceLoopCharacteristics": frozenset({"id", "isSequential"}),
    "loopCardinality": frozenset({"type", "id"}),
    "incoming": frozenset(),
    "outgoing": frozenset(),
}
_INSIDE: Mapping[str, frozenset[str]] = {
    "process": frozenset(
        {"startEvent", "endEvent", "userTask", "serviceTask", "exclusiveGateway", "sequenceFlow"}
        | {"intermediateThrowEvent", "sendTask"}
    ),
    "userTask": frozenset({"multiInstanceLoopCharacteristics"}),
    "multiInstanceLoopCharacteristics": frozenset({"loopCardinality"}),
    "sequenceFlow": frozenset({"conditionExpression"}),
}
_WIRES = frozenset({"incoming", "outgoing"})


def open_list(model: Model) -> StepList:
    """The list of a model. Raises `BpmnError` (`bpmn.list_other`, the element as position) where it is no list.

    Nothing is left out in silence: what a list cannot say (another element, attribute, name or way) is refused. Only
    where things are drawn is not kept.
    """
    root = model.tree.getroot()
    process = root.find(qualified("process"))
    for element in root.iterchildren(etree.Element):
        if element is not process and local_name(element) != "BPMNDiagram":
            raise _other(element)
    if process is None:
        raise BpmnError("bpmn.no_process")
    _survey(process)
    listed = _Opener(process).listed()
    wrong = faults(listed)
    if wrong:
        raise BpmnError("bpmn.list_other", position=listed.process, element=listed.process) from wrong[0][2]
    return listed


def _other(element: Any) -> BpmnError:
    name = element.get("id") or local_name(element)
    return BpmnError("bpmn.list_other", position=name, element=name)


def _survey(process: Any) -> None:
    """Every element and attribute is one that a list can say."""
    for element in process.iter():
        if not isinstance(element.tag, str):  # a comment would be lost
            raise BpmnError("bpmn.list_other", position="<!-- -->", element="<!-- -->")
        tag = local_name(element)
        around = local_name(element.getparent()) if element is not process else ""
        known = element.tag == f"{{{BPMN}}}{tag}" and tag in _ALLOWED
        placed = element is process or tag in _WIRES or tag in _INSIDE.get(around, frozenset())
        if not known or not placed or any(not _allowed(tag, key) for key in element.attrib):
            raise _other(element)


def _allowed(tag: str, key: str) -> bool:
    namespace, _, name = key.rpartition("}")
    return name in _ALLOWED[tag] and namespace[1:] in ("", ZT, XSI)


@dataclass
class _Opener:
    """Walks the steps from the start; what was met is `met`, and in the end everything must have been."""

    process: Any
    nodes: dict[str, Any] = field(default_factory=dict)
    leaving: dict[str, list[Any]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    entries: dict[str, str] = field(default_factory=dict)  # where each step begins
    waiting: list[tuple[str, str]] = field(default_factory=list)  # ways that must lead to where the next step begins

    def listed(self) -> StepList:
        for element in self.process:
            if local_name(element) == "sequenceFlow":
                self.leaving.setdefault(bare(element.get("sourceRef")), []).append(element)
            elif element.get("id") in self.nodes or not element.get("id"):
                raise _other(element)
            else:
                self.nodes[element.get("id")] = element
        starts = [node for node in self.nodes.values() if local_name(node) == "startEvent"]
        if len(starts) != 1:
            raise _other(starts[1] if starts else self.process)
        start = self._meet(starts[0].get("id"), "startEvent")
        following = self._only(start)
        steps: list[Step] = []
        while local_name(self._node(following)) != "endEvent":
            step, following = self._step(following)
            steps.append(step)
        end = self._meet(following, "endEvent")
        for node in self.nodes.values():
            if node.get("id") not in self.met:
                raise _other(node)
        for source, flows in self.leaving.items():
            if source not in self.nodes:
                raise _other(flows[0])
        return StepList(
            steps=tuple(self._going_back(steps)),
            process=self.process.get("id") or "",
            name=self.process.get("name") or "",
            name_en=own(self.process, "name-en"),
            start=(start.get("name") or "", own(start, "name-en")),
            end=(end.get("name") or "", own(end, "name-en")),
        )

    def _step(self, entry: str) -> tuple[Step, str]:
        """The step that begins at `entry`, and where the next begins."""
        condition, past, inner = "", "", entry
        if local_name(self._node(entry)) == "exclusiveGateway":
            condition, inner, past = self._condition(entry)
        if local_name(self._node(inner)) == "intermediateThrowEvent":
            step, following = self._copied(inner)
        else:
            step, following = self._done(inner)
        if past and past != following:
            raise _other(self._node(entry))
        self.entries[entry] = step.id
        return replace(step, condition=condition), following

    def _condition(self, name: str) -> tuple[str, str, str]:
        gateway = self._meet(name, "exclusiveGateway")
        flows = self.leaving.get(name, [])
        usual = [flow for flow in flows if flow.get("id") == gateway.get("default")]
        others = [flow for flow in flows if flow not in usual]
        if len(usual) != 1 or len(others) != 1 or self._asked(usual[0]) or not self._asked(others[0]):
            raise _other(gateway)
        return self._asked(others[0]), bare(others[0].get("targetRef")), bare(usual[0].get("targetRef"))

    def _copied(self, name: str) -> tuple[Step, str]:
        fork = self._meet(name, "intermediateThrowEvent")
        self._called(fork, "_fork")
        targets = [bare(flow.get("targetRef")) for flow in self.leaving.get(name, []) if not self._asked(flow)]
        if len(targets) != 2 or len(self.leaving[name]) != 2:
            raise _other(fork)
        for copied, following in (targets, targets[::-1]):
            if self._is_copy(copied):
                task = self._meet(copied, "userTask")
                end = self._meet(self._only(task), "endEvent")
                self._called(end, "_read")
                return self._told(task, COPY), following
        raise _other(fork)

    def _is_copy(self, name: str) -> bool:
        """Whether a step is read and that is all."""
        if local_name(self._node(name)) != "userTask" or own(self._node(name), "outcomes"):
            return False
        ends = [self.nodes.get(bare(flow.get("targetRef"))) for flow in self.leaving.get(name, [])]
        return (
            len(ends) == 1
            and ends[0] is not None
            and (ends[0].get("name"), own(ends[0], "name-en")) == _LABELS["_read"]
        )

    def _done(self, name: str) -> tuple[Step, str]:
        node = self._node(name)
        tag = local_name(node)
        if tag in _BY_ITSELF:
            return self._told(self._meet(name, tag), _BY_ITSELF[tag]), self._only(node)
        task = self._meet(name, "userTask")
        loop = task.find(qualified("multiInstanceLoopCharacteristics"))
        outcomes = own(task, "outcomes").split()
        verb = SIGN if loop is not None else REVIEW if AGREE in outcomes else HANDLE
        step = self._told(task, verb)
        if verb == SIGN:
            step = self._signed(step, task, loop)
        if not outcomes:
            return step, self._only(task)
        step, following = self._results(step, self._only(task))
        if tuple(outcomes) != step.outcomes:
            raise _other(task)
        return step, following

    def _told(self, task: Any, verb: str) -> Step:
        role, action = own(task, "role"), own(task, "action")
        if verb != SIGN and (own(task, "sign") or own(task, "agree")):
            raise _other(task)
        if (verb in BY_ITSELF) != bool(action):
            raise _other(task)
        name, name_en, stage = task.get("name") or "", own(task, "name-en"), own(task, "stage")
        return Step(task.get("id"), name, verb, role, name_en, stage, action=action)

    def _signed(self, step: Step, task: Any, loop: Any) -> Step:
        many = loop.find(qualified("loopCardinality"))
        number = (many.text or "").strip() if many is not None else ""
        if not (number.isascii() and number.isdecimal() and len(number) < 4) or own(task, "agree") != AGREE:
            raise _other(task)
        in_turn = loop.get("isSequential") in ("true", "1")
        return replace(step, sign=own(task, "sign"), in_turn=in_turn, signers=int(number))

    def _results(self, step: Step, name: str) -> tuple[Step, str]:
        """The step with where its results lead, and where it goes on to; what goes back names a node as yet."""
        gateway = self._meet(name, "exclusiveGateway")
        following = ""
        disagreed = False
        for flow in self.leaving.get(name, []):
            target, asked = bare(flow.get("targetRef")), self._asked(flow)
            if flow.get("id") == gateway.get("default") and not asked and not following:
                following = target
            elif asked == f'outcome = "{DISAGREE}"' and not disagreed:
                step, disagreed = self._disagreed(step, target), True
            elif asked == f'outcome = "{SEND_BACK}"' and not step.back_to:
                step = replace(step, back_to=target)
            else:
                raise _other(flow)
        if not following:
            raise _other(gateway)
        return replace(step, disagree_on=step.verb in (REVIEW, SIGN) and not disagreed), following

    def _disagreed(self, step: Step, target: str) -> Step:
        """What the system does after disagreement, and where that leads."""
        does: list[Deed] = []
        while target not in self.met and local_name(self._node(target)) == "serviceTask":
            node = self._meet(target, "serviceTask")
            if own(node, "stage") or not own(node, "action"):
                raise _other(node)
            does.append(Deed(own(node, "action"), node.get("name") or "", own(node, "name-en")))
            target = self._only(node)
        if target in self.met:
            return replace(step, disagree_does=tuple(does), disagree_to=target)
        self._called(self._meet(target, "endEvent"), "_no")
        return replace(step, disagree_does=tuple(does))

    def _going_back(self, steps: list[Step]) -> list[Step]:
        """Steps that are sent back name a node; in the list they name the step that begins there."""
        for step in steps:
            if any(to and to not in self.entries for to in (step.back_to, step.disagree_to)):
                raise _other(self._node(step.id))
        named = self.entries.get
        return [
            replace(step, back_to=named(step.back_to, ""), disagree_to=named(step.disagree_to, "")) for step in steps
        ]

    def _called(self, node: Any, kind: str) -> None:
        """It has the name that is given to its kind: another would be lost."""
        if (node.get("name"), own(node, "name-en")) != _LABELS[kind]:
            raise _other(node)

    def _node(self, name: str) -> Any:
        if name not in self.nodes:
            raise BpmnError("bpmn.list_other", position=name, element=name)
        return self.nodes[name]

    def _meet(self, name: str, tag: str) -> Any:
        """A node that must be of this kind, and met once only."""
        node = self._node(name)
        if local_name(node) != tag or name in self.met:
            raise _other(node)
        self.met.add(name)
        return node

    def _only(self, node: Any) -> str:
        flows = self.leaving.get(node.get("id"), [])
        if len(flows) != 1 or self._asked(flows[0]):
            raise _other(node)
        return bare(flows[0].get("targetRef"))

    def _asked(self, flow: Any) -> str:
        condition = flow.find(qualified("conditionExpression"))
        return (condition.text or "").strip() if condition is not None else ""
