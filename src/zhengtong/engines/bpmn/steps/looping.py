"""Activities that are done several times: one after another while a condition holds, or once for each of several."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Kind, Loop, Node, Repeat
from zhengtong.engines.bpmn.state import Token, Wait, damaged
from zhengtong.engines.bpmn.steps.counting import COUNT, ITEMS, OUTCOME, active, items_of, remaining, verdict
from zhengtong.engines.bpmn.steps.keeping import pack, unpack
from zhengtong.engines.bpmn.steps.knowing import OWN, evaluate, facts, store, truth
from zhengtong.engines.bpmn.steps.leaving import leave
from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.waiting import attach
from zhengtong.engines.bpmn.verbs.asked import WHO
from zhengtong.engines.feel import from_feel

MOST_INSTANCES = 1000
# What one instance may move within a step before it counts as a loop that never waits.
_MOVES_EACH = 50


def begin(run: Run, node: Node, loop: Loop, move: Move) -> None:
    """Reach an activity that is repeated: rest as its body, and start what is to start now."""
    if loop.repeat is Repeat.LOOP:
        if loop.before and not _goes_on(run, node, loop, move.scope, 0):
            leave(run, node, move.scope, move.origins)
            return
        body = run.rest(node, Wait.MANY, move)
        attach(run, node, body)
        start_instance(run, node, body, 1, None)
        return
    items = _items(run, node, loop, move.scope)
    if not items:
        if loop.share is not None:
            raise BpmnError("bpmn.sign_nobody", position=node.id, element=node.id)
        store(run, move.scope, {loop.output: []} if loop.output else {})
        leave(run, node, move.scope, move.origins)
        return
    run.limit += _MOVES_EACH * len(items)
    in_turn = loop.repeat is Repeat.IN_TURN
    data = {**kept(move), **({ITEMS: items} if in_turn else {COUNT: len(items)})}
    body = run.rest(node, Wait.MANY, move._replace(data=pack(data)))
    attach(run, node, body)
    for turn, item in enumerate(items[:1] if in_turn else items, 1):
        start_instance(run, node, body, turn, item)


def kept(move: Move) -> dict[str, Any]:
    """What a move carries."""
    return unpack(Token(0, move.target, Wait.MANY, data=move.data)) if move.data else {}


def carried(move: Move) -> Mapping[str, object]:
    """What one of several times knows by itself: its item and its number."""
    return {**(kept(move).get(OWN) or {}), "loopCounter": move.turn}


def instance_over(run: Run, node: Node, loop: Loop, body: Token, turn: int, given: Mapping[str, object]) -> None:
    """One time is over; `given` is what it knew and gave."""
    if loop.repeat is Repeat.LOOP:
        if _goes_on(run, node, loop, body.scope, turn):
            start_instance(run, node, body, turn + 1, None)
        else:
            body_over(run, node, loop, body)
        return
    if loop.tallied:
        said = {"value": given.get(loop.output_item)} if loop.output else {}
        said |= {OUTCOME: given.get(OUTCOME)} if loop.share is not None else {}
        data = pack(said)
        run.put(Token(run.next_id, node.id, Wait.RESULT, body.id, origins=run.trace(body), turn=turn, data=data))
    if (
        loop.share is not None
        and verdict(run, loop, body)
        or loop.until is not None
        and _enough(run, node, loop, body, {**given, "loopCounter": turn})
    ):
        body_over(run, node, loop, body)
    elif loop.repeat is Repeat.AT_ONCE:
        run.used_up(body.id)
    else:
        begin_next(run, node, loop, body, turn)


def begin_next(run: Run, node: Node, loop: Loop, body: Token, turn: int) -> None:
    """Of several in turn, start the one after `turn`, if there is one."""
    items = items_of(run, body)
    if turn < len(items):
        start_instance(run, node, body, turn + 1, items[turn])
    else:
        body_over(run, node, loop, body)


def body_over(run: Run, node: Node, loop: Loop, body: Token) -> None:
    """All times are over, or enough of them: take the others away, gather what they gave, and go on."""
    values: dict[str, object] = {}
    if loop.output:
        results = sorted((note for note in run.inside(body.id) if note.wait is Wait.RESULT), key=_by_turn)
        values[loop.output] = [unpack(note).get("value") for note in results]
    if loop.share is not None:
        values[OUTCOME] = verdict(run, loop, body)
    run.forget(lambda move: move.scope == body.id)
    run.complete(body)
    store(run, body.scope, values)
    leave(run, node, body.scope, run.trace(body))


def _by_turn(token: Token) -> int:
    return token.turn


def start_instance(run: Run, node: Node, body: Token, turn: int, item: object) -> None:
    """Start one of several; those of a collection keep data of their own."""
    loop = node.loop
    if loop is None:
        raise damaged("it is not repeated", body.id)
    data = ""
    if loop.repeat is not Repeat.LOOP:
        who = {WHO: item} if isinstance(item, str) and node.kind is Kind.TASK else {}
        data = pack({OWN: {loop.item: item} if loop.item else {}, **who})
    run.moves.append(Move(body.flow, node.id, body.id, run.trace(body), turn, data))


def _goes_on(run: Run, node: Node, loop: Loop, scope: int, turn: int) -> bool:
    if loop.most is not None and turn >= loop.most:
        return False
    return loop.condition is None or truth(node.id, evaluate(run, loop.condition, scope, {"loopCounter": turn}))


def _enough(run: Run, node: Node, loop: Loop, body: Token, given: Mapping[str, object]) -> bool:
    """Whether the completion condition is true (names of BPMN 2.0.2 Table 10.30)."""
    completed = run.crowd.results[body.id]
    under_way = active(run, body)
    total = remaining(run, loop, body) if loop.repeat is Repeat.IN_TURN else completed + under_way
    counts = {
        "numberOfInstances": total,
        "numberOfActiveInstances": under_way,
        "numberOfCompletedInstances": completed,
    }
    return loop.until is not None and truth(node.id, evaluate(run, loop.until, body.scope, {**given, **counts}))


def _items(run: Run, node: Node, loop: Loop, scope: int) -> list[Any]:
    """What there is to be done one time for each."""
    if loop.cardinality is not None:
        count = from_feel(evaluate(run, loop.cardinality, scope))
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise BpmnError("bpmn.instances_unknown", position=node.id, element=node.id, value=str(count)[:100])
        if count <= MOST_INSTANCES:
            return [None] * count
        raise too_many(node, count)
    items = facts(run, scope).get(loop.collection)
    if not isinstance(items, list | tuple):
        raise BpmnError("bpmn.instances_unknown", position=node.id, element=node.id, value=str(items)[:100])
    if loop.share is not None:
        items = _once_each(items)
    if len(items) > MOST_INSTANCES:
        raise too_many(node, len(items))
    return list(items)


def _once_each(items: Sequence[Any]) -> list[Any]:
    """Whoever is named twice has one vote."""
    named = all(isinstance(item, str) for item in items)
    return list(dict.fromkeys(items)) if named else list(items)


def too_many(node: Node, count: int) -> BpmnError:
    """The refusal of more times than are allowed."""
    return BpmnError("bpmn.too_many_instances", position=node.id, element=node.id, count=count, limit=MOST_INSTANCES)
