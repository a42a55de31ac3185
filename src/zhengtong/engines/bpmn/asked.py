"""For whom a task is, and why it was put to him: what a task's token keeps beside the data of its scope."""

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.keeping import unpack
from zhengtong.engines.bpmn.running import Run
from zhengtong.engines.bpmn.state import Token, Wait, damaged

WHO, ASKED = "who", "asked"
BEFORE, AFTER, DELEGATED, RETURNED, WITHDRAWN = "before", "after", "delegated", "returned", "withdrawn"


def asked_of(token: Token) -> tuple[str, str]:
    """Who a task is for and why it was put to him; both empty for a plain one."""
    values = unpack(token)
    who, asked = values.get(WHO, ""), values.get(ASKED, "")
    if not isinstance(who, str) or not isinstance(asked, str):
        raise damaged("who was asked is no text", token.id)
    return who, asked


def open_task(run: Run, number: int) -> Token:
    """A task that is open, held or not. Raises `bpmn.task_not_open`."""
    token = run.live.get(number)
    if token is None or token.wait is not Wait.TASK:
        raise BpmnError("bpmn.task_not_open", position=f"token {number}", token=number)
    return token


def asked_for(run: Run, token: Token) -> list[Token]:
    """The tasks of others that hang on a task: while there is one, it is held."""
    if len(run.live) == 1:
        return []
    found = (run.live.get(number) for number in run.crowd.below.get(token.id, ()))
    return [other for other in found if other is not None and other.wait is Wait.TASK and other.host == token.id]


def free_task(run: Run, number: int) -> Token:
    """An open task that is not held. Raises `bpmn.task_held` as well."""
    token = open_task(run, number)
    if asked_for(run, token):
        raise BpmnError("bpmn.task_held", position=token.element, element=token.element, token=number)
    return token
