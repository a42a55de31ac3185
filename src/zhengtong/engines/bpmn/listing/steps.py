"""The list: who does what, under which condition, and where it may go back to; and what is wrong with one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.errors import EngineError
from zhengtong.engines.feel import compile_expression

HANDLE, REVIEW, SIGN, COPY, NOTICE, SYSTEM = "handle", "review", "sign", "copy", "notice", "system"
VERBS = (HANDLE, REVIEW, SIGN, COPY, NOTICE, SYSTEM)
"""办理, 审核, 会签, 抄送, 通知 (somebody is let know, nothing is to be done), and what the system does by itself."""
BY_ITSELF = (NOTICE, SYSTEM)
"""What nobody does: it names an action."""
DONE, AGREE, DISAGREE, SEND_BACK = "done", "agree", "disagree", "send_back"
MOST_STEPS, MOST_SIGNERS, LONGEST = 100, 50, 200

_NAME = re.compile(r"[A-Za-z_][\w-]{0,59}", re.ASCII)
_SIGN = re.compile(r"all|any|[1-9]\d{0,3}(?:/[1-9]\d{0,3}|%)", re.ASCII)
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff￾￿]")


class Deed(NamedTuple):
    """What the system does at once: its action, and what it is called."""

    action: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `condition` (FEEL): done only when it holds, else passed over; `back_to`: the id of an earlier step.

    What only other verbs have keeps its first value: `action` of what the system does and of a notice, `sign`
    (all, any, 2/3, 60%), `in_turn` and `signers` of countersigning. Where reviewing or countersigning ends in
    disagreement, the system does the deeds `disagree_does`, and then the process ends, or goes back to `disagree_to`,
    the id of an earlier step; with `disagree_on` it goes on as after agreement, for those who come after to judge.
    """

    id: str
    name: str
    verb: str = HANDLE
    role: str = ""
    name_en: str = ""
    stage: str = ""
    condition: str = ""
    back_to: str = ""
    action: str = ""
    sign: str = "all"
    in_turn: bool = False
    signers: int = 2
    disagree_to: str = ""
    disagree_does: tuple[Deed, ...] = ()
    disagree_on: bool = False

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What it may come to; nothing where there is no choice."""
        back = (SEND_BACK,) if self.back_to else ()
        if self.verb in (REVIEW, SIGN):
            return (AGREE, DISAGREE, *back)
        return (DONE, *back) if back else ()


@dataclass(frozen=True, slots=True)
class StepList:
    """A process as a list; `start` and `end` are the names of its first and last event, Chinese and English."""

    steps: tuple[Step, ...]
    process: str = "process"
    name: str = ""
    name_en: str = ""
    start: tuple[str, str] = ("开始", "Start")
    end: tuple[str, str] = ("办结", "Closed")


def only_its_own(step: Step) -> Step:
    """What another verb would have is let go, so that the list reads back as it is."""
    kept = Step(step.id, step.name)
    if step.verb != SIGN:
        step = replace(step, sign=kept.sign, in_turn=kept.in_turn, signers=kept.signers)
    if step.verb not in (REVIEW, SIGN):
        step = replace(step, disagree_to="", disagree_does=(), disagree_on=False)
    if step.verb in BY_ITSELF:
        return replace(step, role="", back_to="")
    step = replace(step, action="")
    return replace(step, back_to="") if step.verb == COPY else step


def faults(listed: StepList) -> list[tuple[int, str, BpmnError]]:
    """What keeps a list from being a process: which step (from 0), which of its fields, and why."""
    if not listed.steps:
        return [(0, "", BpmnError("bpmn.list_empty"))]
    if len(listed.steps) > MOST_STEPS:
        return [(MOST_STEPS, "", BpmnError("bpmn.list_many", limit=MOST_STEPS))]
    found: list[tuple[int, str, BpmnError]] = []
    places: dict[str, int] = {}
    taken = {listed.process, "start", "end"}
    for number, step in enumerate(listed.steps):
        if not _NAME.fullmatch(step.id) or step.id in places or step.id in taken or _derived(step.id):
            found.append((number, "id", BpmnError("bpmn.list_id", id=step.id[:60])))
        found += [(number, field, fault) for field, fault in _of_step(step)]
        backs = (("back_to", step.back_to), ("disagree", step.disagree_to))
        faulty = ((field, _back(step, to, places, listed.steps[:number])) for field, to in backs)
        found += [(number, field, fault) for field, fault in faulty if fault is not None]
        places[step.id] = number
    return found


def _derived(name: str) -> bool:
    """Whether an id looks like one that is made for the parts around a step."""
    return bool(re.search(r"_(if|result|no|no_\d+|fork|read|out)$", name))


def _of_step(step: Step) -> Iterator[tuple[str, BpmnError]]:
    called = step.name[:60] or step.id[:60]
    if not step.name.strip():
        yield "name", BpmnError("bpmn.list_name")
    for field in ("name", "name_en", "role", "stage", "action"):
        value = getattr(step, field)
        if len(value) > LONGEST or _UNWRITABLE.search(value) or value != " ".join(value.split()):
            yield field, BpmnError("bpmn.list_text", name=value[:60], limit=LONGEST)
    if step.verb not in VERBS:
        yield "verb", BpmnError("bpmn.list_verb", verb=step.verb[:60])
    elif step.verb in BY_ITSELF and not step.action:
        yield "action", BpmnError("bpmn.list_notice" if step.verb == NOTICE else "bpmn.list_action", name=called)
    elif step.verb not in BY_ITSELF and not step.role:
        yield "role", BpmnError("bpmn.list_role", name=called)
    signed = _SIGN.fullmatch(step.sign) and _share(step.sign) <= 1 and 2 <= step.signers <= MOST_SIGNERS
    if step.verb == SIGN and not signed:
        yield "sign", BpmnError("bpmn.list_sign", name=called)
    yield from _disagreeing(step, called)
    if step.condition:
        reason = _unreadable(step.condition)
        if reason:
            yield "condition", BpmnError("bpmn.list_condition", name=called, reason=reason)


def _disagreeing(step: Step, called: str) -> Iterator[tuple[str, BpmnError]]:
    does = bool(step.disagree_to or step.disagree_does)
    if (does or step.disagree_on) and (step.verb not in (REVIEW, SIGN) or (does and step.disagree_on)):
        yield "disagree", BpmnError("bpmn.list_disagree", name=called)
    for deed in step.disagree_does:
        if not deed.action or not deed.name or any(_UNWRITABLE.search(each) or len(each) > LONGEST for each in deed):
            yield "disagree", BpmnError("bpmn.list_action", name=called)


def _share(sign: str) -> float:
    if sign in ("all", "any"):
        return 1
    over, _, under = sign.removesuffix("%").partition("/")
    return int(over) / int(under or 100)


def _unreadable(text: str) -> str:
    if _UNWRITABLE.search(text) or text != text.strip():
        return text[:60]
    try:
        compile_expression(text)
    except EngineError as fault:
        return str(fault.text("zh-hans"))[:200]
    return ""


def _back(step: Step, to: str, places: dict[str, int], earlier: tuple[Step, ...]) -> BpmnError | None:
    if not to:
        return None
    if to not in places or step.verb in (COPY, SYSTEM):
        return BpmnError("bpmn.list_back", name=step.name[:60])
    if any(each.verb == COPY for each in earlier[places[to] :]):
        return BpmnError("bpmn.list_copy", name=step.name[:60])
    return None
