"""撤回: whoever completed a task takes that back, as long as nothing was done after it."""

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.state import EVENTS, Token, Wait, damaged
from zhengtong.engines.bpmn.steps.keeping import pack, unpack
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.bpmn.steps.waiting import attach, hang_over
from zhengtong.engines.bpmn.verbs.asked import AFTER, ASKED, RETURNED, WITHDRAWN, announce, asked_of, hanging, helpers
from zhengtong.engines.bpmn.verbs.asking import NEXT, names_in
from zhengtong.engines.bpmn.verbs.past import INSTEAD, Past
from zhengtong.engines.bpmn.verbs.returning import undo
from zhengtong.engines.bpmn.verbs.reviving import check_several, late, revive


def withdraw(run: Run, event: on.Withdraw) -> None:
    """Undo a completion of which nothing has come but what still waits, and stand a new task in its place."""
    past = Past(run, event.history)
    done = past.rows.get(event.token)
    over = done is None or done.id in past.undone | past.replaced or done.id not in past.done
    if done is None or over or done.wait is not Wait.TASK:
        raise BpmnError("bpmn.withdraw_not_done", position=f"token {event.token}", token=event.token)
    _check_untouched(past, done)
    body = _body_of(past, done) if done.turn and not done.host else None
    closed = body if body is not None and body.id not in run.live else None
    if body is not None:
        check_several(run, past, done, body)
    following = next((run.live[n] for n in sorted(past.after(done.id)) if _signs_after(run, n, done)), None)
    awaited = [other for other in hanging(run, following) if other.wait in EVENTS] if following else []
    held = bool(done.host) and bool(helpers(run, run.token(done.host)))
    opened = undo(run, past, done.id, several=closed is not None)
    if closed is not None:
        revive(run, past, closed, opened[closed.id], done.turn)
    _stand_again(run, past, done, opened, following, awaited)
    if done.host and not held:
        run.commands.append(do.HoldTask(done.host, run.token(done.host).element))


def _body_of(past: Past, done: Token) -> Token:
    """What the several of whom this is one run in."""
    body = past.rows.get(past.latest(done.scope))
    if body is None:
        raise damaged("it is one of several that run in nothing", done.id)
    return body


def _check_untouched(past: Past, done: Token) -> None:
    """Refuse where somebody or something acted on what came of it."""
    came = past.after(done.id)
    rows = [past.rows[number] for number in came]
    asked = any(row.wait is Wait.SIGNERS or (row.wait is Wait.TASK and row.host) for row in rows)
    acted = any(row.id not in past.run.live and not (row.wait is Wait.JOIN and row.id in past.done) for row in rows)
    passed = any({*row.origins, row.scope} & (came | {done.id}) for row in past.brief)
    if asked or acted or passed or (done.host and done.host not in past.run.live):
        raise late(done)


def _signs_after(run: Run, number: int, done: Token) -> bool:
    """Whether a token is the task of the one who signs after a completed one."""
    token = run.live.get(number)
    return token is not None and token.origins == (done.id,) and asked_of(token)[1] == AFTER


def _stand_again(
    run: Run, past: Past, done: Token, opened: dict[int, int], following: Token | None, awaited: list[Token]
) -> None:
    around = past.latest(done.scope)
    values = {**unpack(done), INSTEAD: done.id}
    if not done.host and values.get(ASKED, RETURNED) == RETURNED:
        values[ASKED] = WITHDRAWN
    new = done._replace(id=run.next_id, scope=opened.get(around, around), origins=(done.id,), data=pack(values))
    announce(run, run.put(new))
    if following is None:
        if not new.host:
            attach(run, run.node_of(new), new)
        return
    for other in awaited:
        hang_over(run, other, new)
    names = [asked_of(following)[0], *names_in(following)]
    earlier = unpack(done).get(NEXT, [])
    names = names[: len(names) - len(earlier)] if earlier else names
    if names:
        note = Token(run.next_id, new.element, Wait.SIGNERS, new.scope, new.id, turn=new.turn)
        run.put(note._replace(origins=(new.id,), data=pack({NEXT: names})))
