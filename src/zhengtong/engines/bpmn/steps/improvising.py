"""Ad-hoc sub-processes: people start what is on offer, until a condition is true or somebody says it is over."""

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.events import ActivityStarted, AdHocEnded
from zhengtong.engines.bpmn.graph import AdHoc
from zhengtong.engines.bpmn.state import NOTES, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.knowing import evaluate, truth
from zhengtong.engines.bpmn.steps.running import Move, Run


def offer(run: Run, token: Token) -> None:
    """Say what may be started now."""
    role, offered = run.node_of(token).role, _offered(run, token)
    run.commands.append(do.OfferActivities(token.id, token.element, role, offered))


def start_activity(run: Run, event: ActivityStarted) -> None:
    """Start one of the activities on offer. Its token came by the ad-hoc sub-process, which stands for a flow."""
    token = _open(run, event.token)
    offered = _offered(run, token)
    if event.element not in offered:
        given = event.element[:100]
        raise BpmnError("bpmn.not_on_offer", position=given, element=given, offered=", ".join(offered) or "-")
    run.moves.append(Move(token.element, event.element, token.id, run.trace(token)))
    if _adhoc(run, token).in_turn:
        offer(run, token)


def end_by_hand(run: Run, event: AdHocEnded) -> None:
    """End an ad-hoc sub-process that nothing else ends."""
    token = _open(run, event.token)
    if _adhoc(run, token).until is not None:
        raise BpmnError("bpmn.adhoc_condition", position=token.element, element=token.element)
    if not concluded(run, token):
        conclude(run, token)
    run.used_up(token.id)


def is_over(run: Run, scope: int) -> bool:
    """Whether the ad-hoc sub-process of a scope is over, now that one of its activities is completed."""
    token = run.token(scope)
    if token.wait is not Wait.ADHOC:
        return False
    if concluded(run, token):
        return True
    until = _adhoc(run, token).until
    if until is None or not truth(token.element, evaluate(run, until, scope)):
        return False
    conclude(run, token)
    return True


def concluded(run: Run, token: Token) -> bool:
    """Whether nothing new begins there any more."""
    return any(note.wait is Wait.OVER for note in run.inside(token.id))


def conclude(run: Run, token: Token) -> None:
    """Let nothing new begin, and end what still runs unless the model lets it come to its own end."""
    if _adhoc(run, token).cancels:
        run.cancel([other.id for other in run.inside(token.id) if other.wait not in NOTES])
        run.forget(lambda move: move.scope == token.id)
    run.put(Token(run.next_id, token.element, Wait.OVER, token.id, origins=run.trace(token)))
    offer(run, token)


def _open(run: Run, number: int) -> Token:
    token = run.live.get(number)
    if token is None or token.wait is not Wait.ADHOC:
        raise BpmnError("bpmn.adhoc_not_open", position=f"token {number}", token=number)
    return token


def _offered(run: Run, token: Token) -> tuple[str, ...]:
    adhoc = _adhoc(run, token)
    moving = any(move.scope == token.id for move in run.moves)
    if concluded(run, token) or (adhoc.in_turn and (moving or run.crowd.busy[token.id])):
        return ()
    return adhoc.offers


def _adhoc(run: Run, token: Token) -> AdHoc:
    adhoc = run.node_of(token).adhoc
    if adhoc is None:
        raise damaged(f"{token.element} offers nothing", token.id)
    return adhoc
