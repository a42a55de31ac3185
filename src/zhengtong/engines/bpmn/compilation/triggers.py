"""What an event waits for or throws: read its one event definition."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.engines.bpmn.compilation.survey import local_name
from zhengtong.engines.bpmn.compilation.wiring import Draft, Wiring, bare, is_feel, own, qualified, text_of
from zhengtong.engines.bpmn.graph import Kind, Timer
from zhengtong.engines.bpmn.instants import parse_cycle, parse_duration, parse_instant
from zhengtong.engines.feel import Expression

_ENDING = "EventDefinition"
_UNITS: Mapping[str, str] = {"timeDuration": "duration", "timeDate": "date", "timeCycle": "cycle"}
_NEARLY = re.compile(r"[PR]\d|PT|R/|\d{4}-")
"""What was meant as ISO 8601 and is not, though it might pass for the name of a variable."""
THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
CATCHING = frozenset({"intermediateCatchEvent", "boundaryEvent"})


@dataclass(frozen=True, slots=True)
class Trigger:
    """`kind` is the event definition without its ending ("" for a plain event); the rest as in `Node`."""

    kind: str = ""
    code: str = ""
    message: str = ""
    timer: Timer | None = None
    condition: Expression | None = None


PLAIN = Trigger()


def read_trigger(wiring: Wiring, draft: Draft) -> Trigger:
    """The trigger of an event; catch and boundary events must have one, none may have several."""
    if not draft.children and draft.tag not in CATCHING:
        return PLAIN
    every = [
        (tag, element)
        for tag, elements in draft.children.items()
        if tag.endswith((_ENDING, "EventDefinitionRef"))
        for element in elements
    ]
    if len(every) > 1 or (not every and draft.tag in CATCHING):
        wiring.report("bpmn.event_definitions", draft.element, count=len(every))
    for tag, element in every:
        reader = _READERS.get(tag.removesuffix(_ENDING))
        if reader is not None:
            return reader(wiring, draft, element)
    return PLAIN


def message_name(wiring: Wiring, holder: Any, draft: Draft) -> str:
    """The name of the message that `holder`, of `draft`, refers to; where it refers to none, that of its flow."""
    reference = bare(holder.get("messageRef"))
    name = wiring.declared.messages.get(reference, "") if reference else wiring.messages.get(draft.id, "")
    if not name:
        wiring.report("bpmn.message_missing", draft.element)
    return name


def kind_of(draft: Draft, trigger: Trigger) -> Kind:
    """How an event behaves."""
    if draft.tag in CATCHING:
        return _CATCHES.get(trigger.kind, Kind.MESSAGE)
    if draft.tag == "startEvent":
        return Kind.START
    if trigger.kind:
        return _THROWS.get(trigger.kind, Kind.THROW)
    return Kind.END if draft.tag == "endEvent" else Kind.PASS


def _message(wiring: Wiring, draft: Draft, element: Any) -> Trigger:
    return Trigger("message", message=message_name(wiring, element, draft))


def _signal(wiring: Wiring, draft: Draft, element: Any) -> Trigger:
    name = wiring.declared.signals.get(bare(element.get("signalRef")), "")
    if not name:
        wiring.report("bpmn.signal_missing", draft.element)
    return Trigger("signal", code=name)


def _error(wiring: Wiring, draft: Draft, element: Any) -> Trigger:
    return _coded(wiring, draft, "error", element.get("errorRef"), wiring.declared.errors)


def _escalation(wiring: Wiring, draft: Draft, element: Any) -> Trigger:
    return _coded(wiring, draft, "escalation", element.get("escalationRef"), wiring.declared.escalations)


def _coded(wiring: Wiring, draft: Draft, kind: str, reference: str | None, codes: Mapping[str, str]) -> Trigger:
    """What is thrown has a code; what catches may leave it out and catch any."""
    code = codes.get(bare(reference), "")
    if not code and (reference or draft.tag in THROWING):
        wiring.report("bpmn.code_missing", draft.element, tag=kind)
    return Trigger(kind, code=code)


def _terminate(_wiring: Wiring, _draft: Draft, _element: Any) -> Trigger:
    return Trigger("terminate")


def _conditional(wiring: Wiring, draft: Draft, element: Any) -> Trigger:
    condition = element.find(qualified("condition"))
    if condition is None:
        wiring.report("bpmn.condition_absent", draft.element)
        return Trigger("conditional")
    return Trigger("conditional", condition=wiring.expression(condition, draft.element, "bpmn.condition_unreadable"))


def _link(_wiring: Wiring, _draft: Draft, element: Any) -> Trigger:
    return Trigger("link", code=element.get("name") or "")


def _compensate(_wiring: Wiring, _draft: Draft, element: Any) -> Trigger:
    return Trigger("compensate", code=bare(element.get("activityRef")))


def _timer(wiring: Wiring, draft: Draft, element: Any) -> Trigger:
    clock = own(element, "clock")
    times = [child for tag in _UNITS for child in element.findall(qualified(tag))]
    if len(times) + bool(clock) != 1:
        wiring.report("bpmn.timer_missing", draft.element)
        return Trigger("timer", timer=Timer())
    return Trigger("timer", timer=Timer(clock=clock) if clock else _time(wiring, draft, times[0]))


def _time(wiring: Wiring, draft: Draft, element: Any) -> Timer:
    """A literal of ISO 8601, or else an expression that gives one or a value of FEEL."""
    text, unit = text_of(element), _UNITS[local_name(element)]
    language = element.get("language") or ""
    if not is_feel(language):
        wiring.report("bpmn.language_unsupported", draft.element, language=language[:100])
        return Timer()
    timer = {
        "duration": lambda: Timer(duration=parse_duration(text)),
        "date": lambda: Timer(instant=parse_instant(text)),
        "cycle": lambda: Timer(cycle=parse_cycle(text)),
    }[unit]()
    if timer == Timer():
        readable = text and not _NEARLY.match(text)
        expression = wiring.compiled(text, draft.element, "bpmn.timer_unreadable") if readable else None
        if not readable:
            wiring.report("bpmn.timer_unreadable", draft.element, expression=text[:100], reason_zh="", reason_en="")
        timer = Timer(expression=expression, unit=unit)
    return timer


_READERS: Mapping[str, Callable[[Wiring, Draft, Any], Trigger]] = {
    "message": _message,
    "timer": _timer,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "conditional": _conditional,
    "link": _link,
    "compensate": _compensate,
    "cancel": lambda _wiring, _draft, _element: Trigger("cancel"),
    "terminate": _terminate,
}
_CATCHES: Mapping[str, Kind] = {
    "message": Kind.MESSAGE,
    "timer": Kind.TIMER,
    "signal": Kind.SIGNAL,
    "conditional": Kind.CONDITION,
    "error": Kind.CAUGHT,
    "escalation": Kind.CAUGHT,
    "compensate": Kind.CAUGHT,
    "cancel": Kind.CAUGHT,
    "link": Kind.PASS,
}
_THROWS: Mapping[str, Kind] = {
    "terminate": Kind.TERMINATE,
    "error": Kind.ERROR,
    "cancel": Kind.CANCEL,
    "link": Kind.PASS,
}
