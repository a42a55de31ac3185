"""Draw small BPMN documents for tests: a line an element, a line a flow."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from zhengtong.engines.bpmn import Graph, compile_process, read

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zt="https://zhengtong.example/ns/bpmn/1" targetNamespace="urn:test">'
)


_DECLARED = (("message", "mn"), ("signal", "gh"), ("error", "xy"), ("escalation", "xy"))


def flow(source: str, target: str, condition: str | None = None, name: str = "") -> str:
    """A sequence flow `source_target`, or `name`."""
    ends = f'id="{name or f"{source}_{target}"}" sourceRef="{source}" targetRef="{target}"'
    if condition is None:
        return f"<sequenceFlow {ends}/>"
    return f"<sequenceFlow {ends}><conditionExpression>{escape(condition)}</conditionExpression></sequenceFlow>"


def chain(*names: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in zip(names, names[1:], strict=False))


def node(tag: str, name: str, inside: str = "", /, **attributes: str) -> str:
    """A flow node; `zt_role` is written `zt:role`."""
    written = "".join(
        f" {key.replace('zt_', 'zt:').replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items()
    )
    return f'<{tag} id="{name}"{written}>{inside}</{tag}>'


def task(name: str, outcomes: str = "", /, **attributes: str) -> str:
    return node("userTask", name, zt_role="clerk", zt_outcomes=outcomes, **attributes)


def service(name: str) -> str:
    return node("serviceTask", name, zt_action=f"tests.{name}@1")


def message(name: str = "m") -> str:
    return f'<messageEventDefinition messageRef="message_{name}"/>'


def timer(time: str = "P1D", unit: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{unit}>{escape(time)}</{unit}></timerEventDefinition>"


def clock(name: str) -> str:
    return f'<timerEventDefinition zt:clock="{name}"/>'


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{escape(text)}</condition></conditionalEventDefinition>"


def script(name: str, text: str, /, **attributes: str) -> str:
    return node("scriptTask", name, f"<script>{escape(text)}</script>", **attributes)


def signal(name: str = "g") -> str:
    return f'<signalEventDefinition signalRef="signal_{name}"/>'


def error(name: str = "") -> str:
    return f'<errorEventDefinition errorRef="error_{name}"/>' if name else "<errorEventDefinition/>"


def escalation(name: str = "") -> str:
    reference = f' escalationRef="escalation_{name}"' if name else ""
    return f"<escalationEventDefinition{reference}/>"


def sub(name: str, *inside: str, **attributes: str) -> str:
    """A sub-process whose start event is `NAME_s`."""
    return node("subProcess", name, node("startEvent", f"{name}_s") + "".join(inside), **attributes)


def handler(name: str, trigger: str, *inside: str, beside: bool = False) -> str:
    """An event sub-process whose start event `NAME_s` waits for `trigger`."""
    start = node("startEvent", f"{name}_s", trigger, isInterrupting="false" if beside else "true")
    return node("subProcess", name, start + "".join(inside), triggeredByEvent="true")


def adhoc(name: str, *inside: str, until: str = "", **attributes: str) -> str:
    """An ad-hoc sub-process, over when `until` is true."""
    condition = f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    return node("adHocSubProcess", name, "".join(inside) + condition, **attributes)


def compensate(activity: str = "") -> str:
    reference = f' activityRef="{activity}"' if activity else ""
    return f"<compensateEventDefinition{reference}/>"


def undone(activity: str, handler: str) -> str:
    """`handler`, drawn elsewhere with `isForCompensation`, undoes `activity`."""
    event = node("boundaryEvent", f"{activity}_c", compensate(), attachedToRef=activity)
    return event + f'<association id="{activity}_a" sourceRef="{activity}_c" targetRef="{handler}"/>'


def undoable(name: str) -> str:
    """A task `NAME` and the one that undoes it, `un_NAME`."""
    return task(name) + task(f"un_{name}", isForCompensation="true") + undone(name, f"un_{name}")


def process(name: str, *body: str) -> str:
    """Another process, to stand beside `p`."""
    return node("process", name, "".join(body))


def document(*body: str, beside: str = "", **attributes: str) -> bytes:
    """A document with process `p` of `body` and what is `beside`.

    It declares messages `m` and `n`, signals `g` and `h`, errors and escalations `x` and `y`.
    """
    declared = "".join(f'<{tag} id="{tag}_{name}" name="{name}"/>' for tag, names in _DECLARED for name in names)
    return (_HEAD + declared + node("process", "p", "".join(body), **attributes) + beside + "</definitions>").encode()


def graph(*body: str, **attributes: str) -> Graph:
    """The compiled process `p` of `document`."""
    return compile_process(read(document(*body, **attributes)), "p")


def line(activities: int) -> bytes:
    """A process of user tasks one after another, each followed by a gateway that may stop, as offices draw them."""
    body = [node("startEvent", "s"), node("endEvent", "e"), node("endEvent", "stop"), flow("s", "t0")]
    for number in range(activities):
        step, gate = f"t{number}", f"g{number}"
        following = f"t{number + 1}" if number + 1 < activities else "e"
        body += [task(step, "yes no"), node("exclusiveGateway", gate), flow(step, gate)]
        body += [flow(gate, "stop", 'outcome = "no"'), flow(gate, following, 'outcome = "yes"')]
    return document(*body)
