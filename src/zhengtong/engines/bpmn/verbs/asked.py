"""For whom a task is, and why it was put to him: what a task's token keeps beside the data of its scope."""

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Kind
from zhengtong.engines.bpmn.state import Token, Wait, damaged
from zhengtong.engines.bpmn.steps.keeping import unpack
from zhengtong.engines.bpmn.steps.knowing import own
from zhengtong.engines.bpmn.steps.passing import carry_in
from zhengtong.engines.bpmn.steps.running import Run

WHO, ASKED, FIRST = "who", "asked", "first"
BEFORE, AFTER, DELEGATED, RETURNED, WITHDRAWN = "before", "after", "delegated", "returned", "withdrawn"
OPINIONS = frozenset({BEFORE, DELEGATED})
"""Who is asked like this only says something to whoever decides, and gives no outcome."""
APPLICANT = "applicant"
"""The role of a task that stands at a start event."""


def asked_of(token: Token) -> tuple[str, str]:
    """Who a task is for and why it was put to him; both empty for a plain one."""
    if not token.data:
        return "", ""
    values = unpack(token)
    who, asked = values.get(WHO, ""), values.get(ASKED, "")
    if not isinstance(who, str) or not isinstance(asked, str):
        raise damaged("who was asked is no text", token.id)
    return who, asked


def first_asked(token: Token) -> str:
    """Why the first of those was asked who sign one after another in this place."""
    if not token.data:
        return ""
    first = unpack(token).get(FIRST, asked_of(token)[1])
    if not isinstance(first, str):
        raise damaged("who was asked is no text", token.id)
    return first


def announce(run: Run, token: Token) -> None:
    """Put the task of a token before people."""
    node = run.node_of(token)
    data = carry_in(run, node, token.scope, own(token)) if node.inputs else NOTHING
    who, asked = asked_of(token)
    role = APPLICANT if node.kind is Kind.START else node.role
    outcomes = () if first_asked(token) in OPINIONS else node.outcomes
    run.commands.append(do.CreateTask(token.id, node.id, role, outcomes, data, who, asked))


def open_task(run: Run, number: int) -> Token:
    """A task that is open, held or not. Raises `bpmn.task_not_open`."""
    token = run.live.get(number)
    if token is None or token.wait is not Wait.TASK:
        raise BpmnError("bpmn.task_not_open", position=f"token {number}", token=number)
    return token


def free_task(run: Run, number: int) -> Token:
    """An open task that is not held. Raises `bpmn.task_held` as well."""
    token = open_task(run, number)
    if helpers(run, token):
        raise BpmnError("bpmn.task_held", position=token.element, element=token.element, token=number)
    return token


def hanging(run: Run, token: Token) -> list[Token]:
    """What hangs on a token: events awaited at its boundary, tasks of others who were asked, notes."""
    if len(run.live) == 1:
        return []
    found = (run.live.get(number) for number in run.crowd.below.get(token.id, ()))
    return [other for other in found if other is not None and other.host == token.id]


def helpers(run: Run, token: Token) -> list[Token]:
    """The tasks of others that hang on a task: while there is one, it is held."""
    return [other for other in hanging(run, token) if other.wait is Wait.TASK]
