"""Turn one draft into a node: how it behaves, what it names, and what is wrong with it."""

import re
from collections.abc import Mapping

from zhengtong.engines.bpmn.compilation.compensating import COMPENSATE, undoes
from zhengtong.engines.bpmn.compilation.levels import Ties, begins, is_handler, is_improvised, is_startable
from zhengtong.engines.bpmn.compilation.mapping import read_inputs, read_outputs
from zhengtong.engines.bpmn.compilation.repeating import read_adhoc, read_loop
from zhengtong.engines.bpmn.compilation.triggers import PLAIN, Trigger, kind_of, message_name, read_trigger
from zhengtong.engines.bpmn.compilation.vocabulary import ACTIVITIES, AD_HOC, CHOOSING
from zhengtong.engines.bpmn.compilation.wiring import Draft, Wiring, bare, is_feel, own, text_of
from zhengtong.engines.bpmn.graph import Flow, Kind, Node
from zhengtong.engines.feel import Expression, static_type

_ACTION = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+@[1-9][0-9]{0,5}", re.ASCII)

_KINDS: Mapping[str, Kind] = {
    "task": Kind.TASK,
    "userTask": Kind.TASK,
    "manualTask": Kind.TASK,
    "serviceTask": Kind.ACTION,
    "scriptTask": Kind.SCRIPT,
    "businessRuleTask": Kind.DECISION,
    "sendTask": Kind.THROW,
    "receiveTask": Kind.MESSAGE,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "inclusiveGateway": Kind.INCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "eventBasedGateway": Kind.CHOICE,
    "subProcess": Kind.SCOPE,
    "transaction": Kind.SCOPE,
    "adHocSubProcess": Kind.ADHOC,
    "callActivity": Kind.CALL,
}
_EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
_INTERRUPTING: Mapping[str, str] = {"boundaryEvent": "cancelActivity", "startEvent": "isInterrupting"}
_PEOPLE = frozenset({"task", "userTask", "manualTask"})
_TRUE = ("true", "1")


def make_node(wiring: Wiring, draft: Draft, ties: Ties) -> Node:
    """The node of `draft`; `ties` is what it hangs together with."""
    element = draft.element
    _check_flows(wiring, draft)
    if draft.tag == "task":
        wiring.notice("bpmn.task_without_kind", element)
    default = _default(wiring, draft)
    _check_conditions(wiring, draft, default)
    trigger = read_trigger(wiring, draft) if draft.tag in _EVENTS else _task_trigger(wiring, draft)
    people = draft.tag in _PEOPLE
    inputs = read_inputs(wiring, draft) if draft.children else ()
    outputs = read_outputs(wiring, draft) if draft.children else ()
    return Node(
        id=draft.id,
        tag=draft.tag,
        kind=_kind(draft, trigger),
        name=element.get("name") or "",
        name_en=own(element, "name-en"),
        stage=own(element, "stage"),
        scope=draft.scope,
        outgoing=tuple(draft.outgoing),
        conditional=_conditional(draft),
        default=default,
        incoming=len(draft.incoming),
        attached=tuple(ties.attached),
        watched=tuple(ties.watched),
        caught=tuple(ties.caught),
        handlers=tuple(ties.handlers),
        triggered=ties.triggered,
        host=ties.host,
        undo=ties.undo,
        undo_inside=ties.undo_inside,
        noted=ties.noted,
        undoes=undoes(draft),
        interrupting=_interrupting(wiring, draft, trigger),
        inner=ties.inner,
        loop=read_loop(wiring, draft) if draft.tag in ACTIVITIES else None,
        adhoc=read_adhoc(wiring, draft, ties.offers) if draft.tag == AD_HOC else None,
        improvised=is_improvised(wiring, draft),
        role=own(element, "role") or ties.role if people or draft.tag == AD_HOC else "",
        outcomes=tuple(own(element, "outcomes").split()) if people else (),
        form=own(element, "form") if people else "",
        action=_action(wiring, draft),
        decision=_decision(wiring, draft),
        called=_called(wiring, draft),
        isolated=draft.tag == "callActivity" and bool(inputs or outputs),
        inputs=inputs,
        outputs=outputs,
        message=trigger.message,
        timer=trigger.timer,
        trigger=trigger.kind,
        code=trigger.code,
        condition=trigger.condition,
        to=ties.to,
        instantiates=draft.tag != "startEvent" and begins(draft),
        together=element.get("eventGatewayType") == "Parallel",
        script=_script(wiring, draft),
        result=own(element, "result") if draft.tag == "scriptTask" else "",
    )


def _kind(draft: Draft, trigger: Trigger) -> Kind:
    if draft.tag in _EVENTS:
        return kind_of(draft, trigger)
    if draft.tag == "sendTask" and own(draft.element, "action"):
        return Kind.ACTION
    return _KINDS[draft.tag]


def _interrupting(wiring: Wiring, draft: Draft, trigger: Trigger) -> bool:
    """Whether what the event belongs to ends when it happens; an error leaves nothing to go on."""
    named = _INTERRUPTING.get(draft.tag)
    if named is None or draft.element.get(named, "true") in _TRUE:
        return True
    if trigger.kind in ("error", "cancel", "compensate"):
        wiring.report("bpmn.error_beside", draft.element)
    return False


def _task_trigger(wiring: Wiring, draft: Draft) -> Trigger:
    """Receive tasks wait for a message, send tasks without an action of their own throw one."""
    if draft.tag == "receiveTask" or (draft.tag == "sendTask" and not own(draft.element, "action")):
        return Trigger("message", message=message_name(wiring, draft.element, draft))
    return PLAIN


def _check_flows(wiring: Wiring, draft: Draft) -> None:
    """Where flows must and must not be (BPMN 2.0.2 §7.6.1, §10.5, §10.6)."""
    element, tag = draft.element, draft.tag
    alone = is_handler(draft) or undoes(draft)
    if alone or tag == "boundaryEvent" or begins(draft):
        if _written(draft, "incoming"):
            wiring.report("bpmn.incoming_forbidden", element)
    elif not (_written(draft, "incoming") or is_startable(wiring, draft)):
        wiring.report("bpmn.incoming_missing", element)
    if alone or tag == "endEvent" or (tag == "boundaryEvent" and COMPENSATE in draft.children):
        if _written(draft, "outgoing"):
            wiring.report("bpmn.outgoing_forbidden", element)
    elif not _written(draft, "outgoing") and (tag in ("startEvent", "boundaryEvent") or tag.endswith("Gateway")):
        wiring.report("bpmn.outgoing_missing", element)


def _written(draft: Draft, side: str) -> bool:
    """Connected flows, or flows that are named but broken and have their own finding."""
    flows = draft.incoming if side == "incoming" else draft.outgoing
    return bool(flows) or side in draft.loose or side in draft.children


def _default(wiring: Wiring, draft: Draft) -> Flow | None:
    name = draft.element.get("default")
    if not name:
        return None
    for flow in draft.outgoing:
        if flow.id == name:
            return flow
    if name not in wiring.loose_flows:
        wiring.report("bpmn.default_unknown", draft.element, flow=name[:100])
    return None


def _conditional(draft: Draft) -> bool:
    if draft.tag in CHOOSING:
        return len(draft.outgoing) > 1 or any(flow.condition is not None for flow in draft.outgoing)
    return draft.tag in ACTIVITIES and any(flow.condition is not None for flow in draft.outgoing)


def _check_conditions(wiring: Wiring, draft: Draft, default: Flow | None) -> None:
    choosing = draft.tag in CHOOSING and len(draft.outgoing) > 1
    for flow in draft.outgoing:
        written = flow.id in wiring.conditioned
        if flow is default:
            if written:
                wiring.report("bpmn.condition_forbidden", wiring.flows[flow.id])
        elif choosing and not written:
            wiring.report("bpmn.condition_missing", wiring.flows[flow.id], gateway=draft.id)


def _action(wiring: Wiring, draft: Draft) -> str:
    if draft.tag not in ("serviceTask", "sendTask"):
        return ""
    action = own(draft.element, "action")
    if not action and draft.tag == "serviceTask":
        wiring.report("bpmn.action_missing", draft.element)
    elif action and not _ACTION.fullmatch(action):
        wiring.report("bpmn.action_unreadable", draft.element, value=action[:100])
    return action


def _script(wiring: Wiring, draft: Draft) -> Expression | None:
    if draft.tag != "scriptTask":
        return None
    written, language = draft.children.get("script", []), draft.element.get("scriptFormat") or ""
    if not is_feel(language.rpartition("/")[2].removeprefix("x-")) and not is_feel(language):
        wiring.report("bpmn.language_unsupported", draft.element, language=language[:100])
        return None
    if len(written) != 1:
        wiring.report("bpmn.script_missing", draft.element)
        return None
    script = wiring.compiled(text_of(written[0]), draft.element)
    if script is not None and not own(draft.element, "result") and _never_names(script):
        wiring.report("bpmn.script_result", draft.element, expression=script.text[:200])
        return None
    return script


def _never_names(script: Expression) -> bool:
    """Whether it surely gives something else than names and values: `v = 1` compares, where other engines assign."""
    return static_type(script, {}).kind not in ("Any", "Null", "context")


def _called(wiring: Wiring, draft: Draft) -> str:
    if draft.tag != "callActivity":
        return ""
    called = bare(draft.element.get("calledElement"))
    if not called:
        wiring.report("bpmn.call_missing", draft.element)
    return called


def _decision(wiring: Wiring, draft: Draft) -> str:
    if draft.tag != "businessRuleTask":
        return ""
    decision = own(draft.element, "decision")
    if not decision:
        wiring.report("bpmn.decision_missing", draft.element)
    return decision
