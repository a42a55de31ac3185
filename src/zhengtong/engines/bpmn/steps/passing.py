"""Carry data into an activity or event, and out of it."""

from collections.abc import Mapping

from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.graph import Node, Transfer
from zhengtong.engines.bpmn.steps.knowing import evaluate, facts
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.feel import from_feel


def carry_in(run: Run, node: Node, scope: int, more: Mapping[str, object] = NOTHING) -> Mapping[str, object]:
    """The values that go in; `more` is known beside what the scope knows."""
    return _carried(run, node.inputs, scope, more) if node.inputs else NOTHING


def carry_out(run: Run, node: Node, scope: int, more: Mapping[str, object] = NOTHING) -> Mapping[str, object]:
    """The values that come out, by variable."""
    return _carried(run, node.outputs, scope, more) if node.outputs else NOTHING


def _carried(run: Run, transfers: tuple[Transfer, ...], scope: int, more: Mapping[str, object]) -> Mapping[str, object]:
    known = {**facts(run, scope), **more}
    return {
        transfer.target: known.get(transfer.source)
        if transfer.value is None
        else from_feel(evaluate(run, transfer.value, scope, more))
        for transfer in transfers
    }
