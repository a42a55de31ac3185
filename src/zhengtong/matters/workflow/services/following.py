"""Turn the engine's orders into rows; an order that nobody knows how to follow is refused."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from zhengtong.engines.bpmn import Wait, locate
from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.graph import Node
from zhengtong.foundation.core.statements import Outgoing
from zhengtong.foundation.ledger import services as ledger
from zhengtong.matters.workflow.choices import Asked, MessageKind, TaskState, TroubleKind
from zhengtong.matters.workflow.registry import TaskFace
from zhengtong.matters.workflow.services import rows
from zhengtong.people.identity import queries as identity

if TYPE_CHECKING:
    from zhengtong.matters.workflow.services.stepping import Run


PERSON = "account"
_BY_TURN = ("", Asked.AFTER)
"""Why a task is put to somebody in person other than by a colleague's asking: by the model, or after another signed."""


class _Following:
    """One step's orders on their way into rows."""

    def __init__(self, run: "Run", out: Outgoing) -> None:
        self.run, self.out = run, out
        self._face: TaskFace | None = None

    @property
    def face(self) -> TaskFace:
        if self._face is None:
            self._face = self.run.subject.face()
        return self._face

    def node(self, order: do.CreateTask) -> Node:
        graph = self.run.graph
        return locate(graph, self.run.state, order.token) if graph.library else graph.nodes[order.element]


def follow(run: "Run", out: Outgoing) -> None:
    """Have every order of a step written, leaving out what came and went within it.

    Raises TypeError for an order of an unknown kind: nothing the engine asks for is left undone in silence.
    """
    step = _Following(run, out)
    for order in run.orders:
        way = _WAYS.get(type(order))
        if way is None:
            raise TypeError(f"nothing follows {type(order).__name__}")
        way(step, order)


def person_of(who: str) -> tuple[int, str] | None:
    """Account and name of the one a task is for, where the engine's word for him names an account (`account:7`)."""
    number = account_of(who)
    account = identity.account(number) if number is not None else None
    return (account.pk, account.person.name if account.person else account.username) if account is not None else None


def account_of(who: str) -> int | None:
    """The account that the engine's word for somebody names, None where it names none."""
    kind, _colon, number = who.partition(":")
    return int(number) if kind == PERSON and number.isdecimal() and len(number) < 19 else None


def name_for(account_id: int) -> str:
    """The engine's word for an account."""
    return f"{PERSON}:{account_id}"


def queue_of(agency_id: int, role: str) -> str:
    """The name of the queue in which tasks of a role lie at an agency."""
    return f"{agency_id}:{role}"


def _create_task(step: _Following, order: do.CreateTask) -> None:
    run = step.run
    if order.token in run.added:
        queue = queue_of(step.face.agency_id, order.role)
        node, who = step.node(order), person_of(order.who)
        rows.put_task(
            step.out, run.process.id, order, node, run.subject, step.face, queue, run.now, asker=run.asker, who=who
        )
        if who is not None and order.asked in _BY_TURN:
            _summon(run, order, who)


def _summon(run: "Run", order: do.CreateTask, who: tuple[int, str]) -> None:
    """Whoever is to act in person, and was not asked by a colleague just now, hears that his turn has come."""
    told = {"number": order.token, "element": order.element, "from": run.by.name, "to": who[1], "account": who[0]}
    ledger.record(by=run.by, type="workflow.task_in_person", subject=("process", run.process.id), payload=told)


def _cancel_task(step: _Following, order: do.CancelTask | do.CancelOffer) -> None:
    if order.token in step.run.removed:
        rows.task_gone.all((TaskState.CANCELLED,), (step.run.process.id, order.token))


def _offer(step: _Following, order: do.OfferActivities) -> None:
    """An ad-hoc sub-process lies in the inbox of its role until nothing new begins there any more."""
    run = step.run
    if run.state.find(order.token) is None or _is_over(run, order.token):
        rows.task_gone.all((TaskState.CANCELLED,), (run.process.id, order.token))
    elif order.token in run.added and order.role:
        queue = queue_of(step.face.agency_id, order.role)
        placed = do.CreateTask(order.token, order.element, order.role, (), {})
        node = step.node(placed)
        rows.put_task(step.out, run.process.id, placed, node, run.subject, step.face, queue, run.now, offered=True)


def _is_over(run: "Run", number: int) -> bool:
    return any(note.wait is Wait.OVER and note.scope == number for note in run.state.tokens)


def _hold_task(step: _Following, order: do.HoldTask) -> None:
    rows.task_held.all((True,), (step.run.process.id, order.token))


def _resume_task(step: _Following, order: do.ResumeTask) -> None:
    rows.task_held.all((False,), (step.run.process.id, order.token))


def _start_timer(step: _Following, order: do.StartTimer) -> None:
    if order.token in step.run.added:
        due = order.due or step.run.subject.timer_due(order.clock)
        rows.put_timer(step.out, step.run.process.id, order, due)


def _cancel_timer(step: _Following, order: do.CancelTimer) -> None:
    if order.token in step.run.removed:
        rows.timer_gone.all((step.run.now,), (step.run.process.id, order.token))


def _await_message(step: _Following, order: do.AwaitMessage) -> None:
    """Whatever came too early is looked at again."""
    if order.token in step.run.added:
        subject = step.run.subject
        rows.message_awaited.all((True,), (subject.kind, subject.id, order.message))


def _send_message(step: _Following, order: do.SendMessage) -> None:
    run = step.run
    rows.put_message(
        step.out, MessageKind.MESSAGE, order.message, order.data, run.subject, sender=run.process.id, now=run.now
    )


def _broadcast(step: _Following, order: do.BroadcastSignal) -> None:
    run = step.run
    rows.put_message(
        step.out, MessageKind.SIGNAL, order.signal, order.data, run.subject, sender=run.process.id, now=run.now
    )


def _stalled(step: _Following, order: do.Stalled) -> None:
    run = step.run
    place = (run.process.id, order.token, order.element)
    rows.put_trouble(step.out, place, TroubleKind.ACTION, order.reason, run.now)


def _escalated(step: _Following, order: do.Escalated) -> None:
    if not order.caught:
        place = (step.run.process.id, 0, order.element)
        rows.put_trouble(step.out, place, TroubleKind.ESCALATION, order.escalation, step.run.now)


def _ended(step: _Following, order: do.ProcessEnded) -> None:
    """The row of the process says the rest."""
    if order.error:
        rows.put_trouble(step.out, (step.run.process.id, 0, ""), TroubleKind.ERROR, order.error, step.run.now)


def _suspended(step: _Following, _order: do.Suspended) -> None:
    rows.suspended.all((True,), (step.run.process.id,))


def _resumed(step: _Following, _order: do.Resumed) -> None:
    """Messages that came meanwhile are looked at again; timers were only passed over."""
    subject = step.run.subject
    rows.suspended.all((False,), (step.run.process.id,))
    rows.any_awaited.all((True,), (subject.kind, subject.id))


def _said_by_token(_step: _Following, _order: do.Command) -> None:
    """Nothing beside the token's own row: whoever looks for what waits finds it there, and it goes with it."""


def _done_before(_step: _Following, _order: do.StoreData) -> None:
    """Kept at once, so that everything later in the step knows it."""


_WAYS: Mapping[type, Callable[[_Following, Any], None]] = {
    do.CreateTask: _create_task,
    do.CancelTask: _cancel_task,
    do.HoldTask: _hold_task,
    do.ResumeTask: _resume_task,
    do.StartTimer: _start_timer,
    do.CancelTimer: _cancel_timer,
    do.AwaitMessage: _await_message,
    do.CancelMessage: _said_by_token,
    do.AwaitSignal: _said_by_token,
    do.CancelSignal: _said_by_token,
    do.AwaitCondition: _said_by_token,
    do.CancelCondition: _said_by_token,
    do.CancelCall: _said_by_token,
    do.OfferActivities: _offer,
    do.CancelOffer: _cancel_task,
    do.StoreData: _done_before,
    do.SendMessage: _send_message,
    do.BroadcastSignal: _broadcast,
    do.Suspended: _suspended,
    do.Resumed: _resumed,
    do.Stalled: _stalled,
    do.Escalated: _escalated,
    do.ProcessEnded: _ended,
}
