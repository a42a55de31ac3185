"""Move one instance to the version that its plan was made for."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.migrating.beginning import begin_waiting
from zhengtong.engines.bpmn.migrating.planning import Plan
from zhengtong.engines.bpmn.migrating.remarks import MigrationError
from zhengtong.engines.bpmn.state import State, Token, Wait
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.bpmn.steps.waiting import first_due
from zhengtong.engines.bpmn.verifying import verify


class Migration(NamedTuple):
    """The state after the move and what the world must do. `moved` are rows that changed and kept their numbers.

    So an open task stays the task it was, in the hands it was in: only its element, and what that says, is new.
    `added` began to wait, `cancelled` wait no longer.
    """

    state: State
    commands: tuple[do.Command, ...]
    moved: tuple[Token, ...]
    added: tuple[Token, ...]
    cancelled: tuple[Token, ...]


def migrate(
    planned: Plan,
    data: Mapping[str, object],
    now: datetime,
    *,
    retime: bool = False,
    undecided: bool = False,
) -> Migration:
    """Move an instance as planned; pure. `data` is that of the instance, `now` an aware instant that dates timers.

    A timer that runs keeps its instant, unless `retime`: then those whose time is another in the new version begin
    anew. `undecided` moves also what nobody could tell to be able to end. Raises `migration.refused` for a plan
    with obstacles, and what computing a timer raises.
    """
    if not planned.possible and not (undecided and planned.undecided):
        first = planned.obstacles[0]
        raise MigrationError(
            "migration.refused",
            position=first.element or None,
            count=len(planned.obstacles),
            first_zh=first.text("zh-hans"),
            first_en=first.text("en"),
        )
    before = {token.id: token for token in planned.state.tokens}
    standing = tuple(line.moved or line.token for line in planned.lines)
    run = Run(planned.new, State(standing, planned.state.next_id, planned.state.suspended), data, now)
    run.cancel([line.token.id for line in planned.lines if line.dropped])
    _tell(run, planned)
    if retime:
        for line in planned.lines:
            if line.retimed and line.moved is not None:
                _retime(run, line.moved)
    begin_waiting(run, planned.begins)
    state, commands, change = run.result()
    verify(planned.new, state)
    moved = tuple(token for token in state.tokens if token.id in before and token != before[token.id])
    return Migration(state, commands, moved, change.added, change.cancelled)


def _tell(run: Run, planned: Plan) -> None:
    """Say what is awaited now where it is another than before."""
    for line in planned.lines:
        token = line.moved
        if token is None or not line.renamed:
            continue
        node = run.node_of(token)
        if token.wait is Wait.MESSAGE:
            run.commands.append(do.AwaitMessage(token.id, node.id, node.message))
        elif token.wait is Wait.SIGNAL:
            run.commands.append(do.AwaitSignal(token.id, node.id, node.code))
        elif node.condition is not None:
            run.commands.append(do.AwaitCondition(token.id, node.id, tuple(sorted(node.condition.names))))


def _retime(run: Run, token: Token) -> None:
    """Begin a timer anew, by the time of the new version."""
    node = run.node_of(token)
    if node.timer is None:
        return
    due, cycle = first_due(run, node, node.timer, token.scope)
    run.live[token.id] = token._replace(due=due, name=node.timer.clock, turn=1 if cycle else 0)
    run.commands.append(do.StartTimer(token.id, node.id, due, node.timer.clock))
