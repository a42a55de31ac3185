"""A list of steps written as BPMN, with its drawing."""

from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.vocabulary import BPMN, XSI, ZT
from zhengtong.engines.bpmn.layout import with_diagram
from zhengtong.engines.bpmn.listing.steps import (
    AGREE,
    COPY,
    DISAGREE,
    NOTICE,
    SEND_BACK,
    SIGN,
    SYSTEM,
    Step,
    StepList,
    faults,
)

FEEL = "http://www.omg.org/spec/FEEL/20140401"
NAMESPACE = "urn:zhengtong:processes"
_TAGS = {SYSTEM: "serviceTask", NOTICE: "sendTask"}
_PREFIXES: Any = {None: BPMN, "xsi": XSI, "zt": ZT}


def write_list(listed: StepList) -> bytes:
    """The process of a list; the same list, the same bytes. Raises the first of `faults` where there are some.

    A condition is a gateway before its step, whose other way passes the step over. What a step comes to is a gateway
    behind it: agreement goes on, disagreement leads over what the system does then to an end or to where an earlier
    step begins, as sending back does. A copy leaves the flow at an event and ends by itself.
    """
    wrong = faults(listed)
    if wrong:
        raise wrong[0][2]
    return with_diagram(_Writer(listed).document())


class _Writer:
    """Steps in order; `open` are the flows that wait for where the next step begins."""

    def __init__(self, listed: StepList) -> None:
        self.listed = listed
        self.root: Any = etree.Element(f"{{{BPMN}}}definitions", nsmap=_PREFIXES)
        self.root.attrib.update({"id": "definitions", "targetNamespace": NAMESPACE, "expressionLanguage": FEEL})
        self.process = etree.SubElement(self.root, f"{{{BPMN}}}process", id=listed.process)
        self._name(self.process, listed.name, listed.name_en)
        self.process.set("isExecutable", "true")
        self.flows: list[Any] = []
        self.open: list[tuple[str, str]] = [("start", "")]
        self.entries: dict[str, str] = {}

    def document(self) -> bytes:
        self._node("startEvent", "start", *self.listed.start)
        for step in self.listed.steps:
            self._step(step)
        self._close("end")
        self._node("endEvent", "end", *self.listed.end)
        self.process.extend(self.flows)
        xml: bytes = etree.tostring(self.root, encoding="UTF-8", xml_declaration=True)
        return xml

    def _step(self, step: Step) -> None:
        entry = f"{step.id}_if" if step.condition else f"{step.id}_fork" if step.verb == COPY else step.id
        self.entries[step.id] = entry
        self._close(entry)
        if step.condition:
            inner = f"{step.id}_fork" if step.verb == COPY else step.id
            gateway = self._node("exclusiveGateway", entry, "", "")
            gateway.set("default", self._pass_over(step))
            self._flow(entry, inner, step.condition)
        if step.verb == COPY:
            self._copy(step)
        else:
            self._task(step)
            self._results(step)

    def _pass_over(self, step: Step) -> str:
        """The way past a step; it is drawn when it is known where the next one begins."""
        self.open.append((f"{step.id}_if", f"{step.id}_out"))
        return f"{step.id}_out"

    def _task(self, step: Step) -> None:
        node = self._node(_TAGS.get(step.verb, "userTask"), step.id, step.name, step.name_en)
        own = {"stage": step.stage, "role": step.role, "action": step.action, "outcomes": " ".join(step.outcomes)}
        if step.verb == SIGN:
            own |= {"sign": step.sign, "agree": AGREE}
        for key, value in own.items():
            if value:
                node.set(f"{{{ZT}}}{key}", value)
        if step.verb == SIGN:
            loop = etree.SubElement(node, f"{{{BPMN}}}multiInstanceLoopCharacteristics")
            loop.set("isSequential", "true" if step.in_turn else "false")
            etree.SubElement(loop, f"{{{BPMN}}}loopCardinality").text = str(step.signers)

    def _results(self, step: Step) -> None:
        if not step.outcomes:
            self.open.append((step.id, ""))
            return
        gateway = f"{step.id}_result"
        node = self._node("exclusiveGateway", gateway, "", "")
        node.set("default", f"{gateway}_out")
        self._flow(step.id, gateway)
        self.open.append((gateway, f"{gateway}_out"))
        if DISAGREE in step.outcomes and not step.disagree_on:
            self._disagreed(step, gateway)
        if step.back_to:
            self._flow(gateway, self.entries[step.back_to], f'outcome = "{SEND_BACK}"')

    def _disagreed(self, step: Step, gateway: str) -> None:
        """What follows disagreement: the deeds one after another, then an end of its own or the earlier step."""
        names = [f"{step.id}_no_{number}" for number, _deed in enumerate(step.disagree_does, 1)]
        target = self.entries[step.disagree_to] if step.disagree_to else f"{step.id}_no"
        ways = [*names, target]
        self._flow(gateway, ways[0], f'outcome = "{DISAGREE}"', f"{gateway}.no")
        for name, following, deed in zip(names, ways[1:], step.disagree_does, strict=True):
            self._node("serviceTask", name, deed.name, deed.name_en).set(f"{{{ZT}}}action", deed.action)
            self._flow(name, following)
        if not step.disagree_to:
            self._node("endEvent", target, "不同意", "Refused")

    def _copy(self, step: Step) -> None:
        fork = f"{step.id}_fork"
        self._node(
            "intermediateThrowEvent", fork, "抄送", "Copy"
        )  # a gateway would wait for every way that leads to it
        self._task(step)
        self._node("endEvent", f"{step.id}_read", "已阅", "Read")
        self._flow(fork, step.id)
        self._flow(step.id, f"{step.id}_read")
        self.open.append((fork, ""))

    def _close(self, entry: str) -> None:
        waiting, self.open = self.open, []
        for source, name in waiting:
            self._flow(source, entry, name=name)

    def _node(self, tag: str, name: str, label: str, label_en: str) -> Any:
        node = etree.SubElement(self.process, f"{{{BPMN}}}{tag}", id=name)
        self._name(node, label, label_en)
        return node

    def _name(self, node: Any, label: str, label_en: str) -> None:
        if label:
            node.set("name", label)
        if label_en:
            node.set(f"{{{ZT}}}name-en", label_en)

    def _flow(self, source: str, target: str, condition: str = "", name: str = "") -> None:
        flow = etree.Element(f"{{{BPMN}}}sequenceFlow", id=name or f"{source}.{target}")
        flow.attrib.update({"sourceRef": source, "targetRef": target})
        if condition:
            expression = etree.SubElement(flow, f"{{{BPMN}}}conditionExpression")
            expression.set(f"{{{XSI}}}type", "tFormalExpression")
            expression.text = condition
        self.flows.append(flow)
