"""Every outcome that a task of our packs offers has words on the desk: an official can choose it."""

import pathlib

import pytest

from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.engines import bpmn

PACKS = pathlib.Path(__file__).resolve().parents[2] / "packs"


@pytest.mark.parametrize("drawn", sorted(PACKS.rglob("process.bpmn")), ids=lambda path: path.parent.name)
def test_every_outcome_can_be_chosen(drawn: pathlib.Path) -> None:
    graph = bpmn.compile_process(bpmn.read(drawn.read_bytes()))
    offered = {outcome for node in graph.nodes.values() for outcome in node.outcomes}
    assert offered
    assert offered <= set(OUTCOMES)
