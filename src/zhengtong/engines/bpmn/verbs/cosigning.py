"""加签 alongside and 减签: several who sign become more or fewer while they sign."""

from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Loop, Node, Repeat
from zhengtong.engines.bpmn.state import Token, Wait
from zhengtong.engines.bpmn.steps.counting import ADDED, REMOVED, note_change, planned, remaining, verdict
from zhengtong.engines.bpmn.steps.looping import MOST_INSTANCES, begin_next, body_over, start_instance, too_many
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.bpmn.verbs.asked import AFTER, asked_of
from zhengtong.engines.bpmn.verbs.asking import give_up, resume


def add_instances(run: Run, event: on.AddInstances) -> None:
    """Do a repeated activity for more items: at once beside the others, or in turn after them."""
    body, node, loop = _several(run, event.token)
    if not isinstance(event.items, tuple | list) or not event.items:
        raise BpmnError("bpmn.instances_unknown", position=node.id, element=node.id, value=str(event.items)[:100])
    before = planned(run, loop, body)
    if before + len(event.items) > MOST_INSTANCES:
        raise too_many(node, before + len(event.items))
    note_change(run, body, {ADDED: list(event.items)})
    if loop.repeat is Repeat.AT_ONCE:
        for turn, item in enumerate(event.items, before + 1):
            start_instance(run, node, body, turn, item)


def remove_signer(run: Run, event: on.RemoveSigner) -> None:
    """Take away one of several that is not done, somebody who was asked, or the note of who signs after a task."""
    token = run.live.get(event.token)
    if token is None:
        raise BpmnError("bpmn.task_not_open", position=f"token {event.token}", token=event.token)
    if token.wait is Wait.SIGNERS and token.host:
        run.cancel((token.id,))
    elif token.wait is Wait.TASK and asked_of(token)[1] == AFTER:
        give_up(run, token)
    elif token.wait is Wait.TASK and token.host:
        run.cancel((token.id,))
        resume(run, run.token(token.host))
    else:
        _remove_instance(run, token)


def _remove_instance(run: Run, token: Token) -> None:
    body, node, loop = _several(run, token.id)
    if body is token:
        raise BpmnError("bpmn.not_several", position=node.id, element=node.id)
    in_turn = loop.repeat is Repeat.IN_TURN
    done = (
        token.turn - 1 - (planned(run, loop, body) - remaining(run, loop, body)) if in_turn else _done(run, loop, body)
    )
    others = planned(run, loop, body) > token.turn if in_turn else run.crowd.busy[body.id] > 1
    if not (done > 0 or others):
        raise BpmnError("bpmn.signer_last", position=node.id, element=node.id)
    run.cancel((token.id,))
    note_change(run, body, {REMOVED: token.turn})
    if loop.share is not None and verdict(run, loop, body):
        body_over(run, node, loop, body)
    elif in_turn:
        begin_next(run, node, loop, body, token.turn)
    else:
        run.used_up(body.id)


def _done(run: Run, loop: Loop, body: Token) -> int:
    return remaining(run, loop, body) - run.crowd.busy[body.id]


def _several(run: Run, number: int) -> tuple[Token, Node, Loop]:
    """The body of several to which a token belongs. Raises `bpmn.not_several`."""
    token = run.live.get(number)
    if token is not None and token.turn and token.scope:
        around = run.token(token.scope)
        token = around if around.wait is Wait.MANY else token
    loop = run.node_of(token).loop if token is not None and token.wait is Wait.MANY else None
    if token is None or loop is None or loop.repeat is Repeat.LOOP:
        raise BpmnError("bpmn.not_several", position=f"token {number}", element=number)
    return token, run.node_of(token), loop
