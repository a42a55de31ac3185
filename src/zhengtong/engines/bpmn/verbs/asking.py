"""加签 and 委派: others are asked about a task, which stays where it is, with whatever is awaited at its boundary."""

from collections.abc import Iterable, Mapping

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Kind, Node
from zhengtong.engines.bpmn.state import EVENTS, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.finishing import finish
from zhengtong.engines.bpmn.steps.keeping import pack, unpack
from zhengtong.engines.bpmn.steps.knowing import OWN, bring, store
from zhengtong.engines.bpmn.steps.passing import carry_out
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.bpmn.steps.waiting import hang_over
from zhengtong.engines.bpmn.verbs.asked import (
    AFTER,
    ASKED,
    BEFORE,
    DELEGATED,
    FIRST,
    OPINIONS,
    WHO,
    announce,
    first_asked,
    free_task,
    hanging,
    helpers,
    open_task,
)

NEXT, GIVEN = "next", "given"
"""Where the task of one who signs after another keeps who comes after him, and what was said before."""
MOST_SIGNERS = 50
MOST_DEEP = 3


def add_signers(run: Run, event: on.AddSigners) -> None:
    """Ask others before the task can be completed, or note who is to sign after it."""
    token = _task_of_people(run, open_task(run, event.token))
    _check_names(token, event.who)
    if event.place == AFTER:
        note = Token(run.next_id, token.element, Wait.SIGNERS, token.scope, token.id, turn=token.turn)
        run.put(note._replace(origins=(token.id,), data=pack({NEXT: event.who})))
    elif event.place == BEFORE:
        ask(run, token, BEFORE, event.who)
    else:
        raise BpmnError("bpmn.signers_place", position=token.element, place=event.place[:40])


def delegate(run: Run, event: on.Delegate) -> None:
    """Have somebody else do the work, and give it back."""
    token = _task_of_people(run, free_task(run, event.token))
    _check_names(token, (event.to,))
    ask(run, token, DELEGATED, (event.to,))


def ask(run: Run, token: Token, asked: str, who: Iterable[str], element: str = "") -> None:
    """Put tasks before others that hang on a task; it is held until all are done."""
    if _depth(run, token) >= MOST_DEEP:
        raise BpmnError("bpmn.asked_too_deep", position=token.element, element=token.element, limit=MOST_DEEP)
    before = helpers(run, token)
    for name in who:
        data = pack({WHO: name, ASKED: asked} if name else {ASKED: asked})
        helper = Token(run.next_id, element or token.element, Wait.TASK, token.scope, token.id, turn=token.turn)
        announce(run, run.put(helper._replace(origins=(token.id,), data=data)))
    if not before:
        run.commands.append(do.HoldTask(token.id, token.element))


def complete_task(run: Run, event: on.TaskCompleted) -> None:
    """A task is done: who signs after it is asked, or whoever asked has it back, or the activity is over."""
    token = free_task(run, event.token)
    node = run.node_of(token)
    plain = not (token.host or token.data)
    if node.outcomes and (plain or first_asked(token) not in OPINIONS):
        _check_outcome(node, event.data)
    following = _following(run, token)
    if following:
        _hand_on(run, token, following, event.data)
        return
    given = NOTHING if plain else _given(token)
    if token.host:
        _give_back(run, node, token, {**given, **event.data})
    else:
        finish(run, token, {**given, **event.data} if given else event.data)


def _check_outcome(node: Node, data: Mapping[str, object]) -> None:
    if data.get("outcome") not in node.outcomes:
        raise BpmnError(
            "bpmn.outcome_unknown",
            position=node.id,
            element=node.id,
            outcome=str(data.get("outcome", ""))[:100],
            outcomes=", ".join(node.outcomes),
        )


def _following(run: Run, token: Token) -> list[str]:
    """Who signs after a task, in turn: those asked last, as nearest to it, come first."""
    notes = [note for note in hanging(run, token) if note.wait is Wait.SIGNERS]
    return [name for note in (*notes, *([token] if token.data else [])) for name in names_in(note)]


def names_in(token: Token) -> list[str]:
    """Those who sign after it."""
    names = unpack(token).get(NEXT, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise damaged("who signs next is no list of names", token.id)
    return names


def _given(token: Token) -> Mapping[str, object]:
    given = unpack(token).get(GIVEN, {})
    if not isinstance(given, dict):
        raise damaged("what was said is not a mapping", token.id)
    return given


def _hand_on(run: Run, token: Token, following: list[str], brought: Mapping[str, object]) -> None:
    """The next one signs: by a token of his own in the same place, over which hangs what hung over the last."""
    if brought and not token.turn and not bring(run, token.scope, brought):
        run.extra = brought
    said = {**_given(token), **brought}
    awaited = [other for other in hanging(run, token) if other.wait in EVENTS]
    run.complete(token)
    hand_over(run, token, awaited, following, said)


def hand_over(
    run: Run, token: Token, awaited: Iterable[Token], following: list[str], said: Mapping[str, object]
) -> None:
    """Let the first of `following` sign in the place of `token`, which is over, and the others after him."""
    kept = {name: value for name, value in unpack(token).items() if name == OWN}
    if token.host:
        kept[FIRST] = first_asked(token)
    data = pack({**kept, WHO: following[0], ASKED: AFTER, NEXT: following[1:], GIVEN: said})
    new = run.put(token._replace(id=run.next_id, origins=run.trace(token), data=data))
    announce(run, new)
    for other in awaited:
        hang_over(run, other, new)


def give_up(run: Run, token: Token) -> None:
    """One who signs after another is not to sign: the next one does, or what was said before stands."""
    following, said = _following(run, token), _given(token)
    awaited = [other for other in hanging(run, token) if other.wait in EVENTS]
    run.cancel((token.id,))
    if following:
        hand_over(run, token, awaited, following, said)
        return
    # What goes on is a token that comes and goes within this step: the one taken away was not completed.
    stand_in = run.put(token._replace(id=run.next_id, origins=(token.id,)))
    if token.host:
        _give_back(run, run.node_of(token), stand_in, said)
    else:
        finish(run, stand_in, said)


def _give_back(run: Run, node: Node, token: Token, brought: Mapping[str, object]) -> None:
    """Whoever was asked has done it; the task he was asked about goes on when all have."""
    if brought and not bring(run, token.scope, brought):
        run.extra = brought
    values = {} if first_asked(token) in OPINIONS else carry_out(run, node, token.scope, brought)
    run.complete(token)
    store(run, token.scope, values)
    resume(run, run.token(token.host))


def resume(run: Run, token: Token) -> None:
    """Somebody who was asked is asked no more; the task is held no longer if he was the last."""
    if not helpers(run, token):
        run.commands.append(do.ResumeTask(token.id, token.element))


def _task_of_people(run: Run, token: Token) -> Token:
    if run.node_of(token).kind is not Kind.TASK:
        raise BpmnError("bpmn.task_helper", position=token.element, element=token.element, token=token.id)
    return token


def _check_names(token: Token, who: object) -> None:
    names = list(who) if isinstance(who, tuple | list) else []
    good = [name for name in names if isinstance(name, str) and 0 < len(name) <= 100]
    if not names or len(names) > MOST_SIGNERS or good != names or len(set(names)) < len(names):
        raise BpmnError("bpmn.signers_unknown", position=token.element, element=token.element, limit=MOST_SIGNERS)


def _depth(run: Run, token: Token) -> int:
    """How many asked one another until this task."""
    depth = 0
    while token.host:
        token = run.token(token.host)
        depth += 1
    return depth
