"""Events of the new version that begin to wait with the move."""

from collections.abc import Iterable
from typing import NamedTuple

from zhengtong.engines.bpmn.steps.running import Move, Run
from zhengtong.engines.bpmn.steps.waiting import watch


class Begin(NamedTuple):
    """An event that begins to wait: in which scope, and on what it hangs (0 for the scope itself)."""

    element: str
    scope: int
    host: int


def begin_waiting(run: Run, begins: Iterable[Begin]) -> None:
    """Let the events wait, as they would have had the instance come here under the new version."""
    for element, scope, host in begins:
        around = host or scope
        move = Move("", element, scope, (around,) if around else ())
        watch(run, run.node(element, scope), move, host)
