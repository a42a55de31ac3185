"""Every outcome that a task of our packs offers has words on the desk, and what it asks for opens when it is chosen."""

import pathlib

import pytest

from zhengtong.doors import desk
from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.engines import bpmn

PACKS = pathlib.Path(__file__).resolve().parents[2] / "packs"
STYLES = pathlib.Path(desk.__file__).parent / "static" / "desk" / "desk.css"


@pytest.mark.parametrize("drawn", sorted(PACKS.rglob("process.bpmn")), ids=lambda path: path.parent.name)
def test_every_outcome_can_be_chosen(drawn: pathlib.Path) -> None:
    graph = bpmn.compile_process(bpmn.read(drawn.read_bytes()))
    offered = {outcome for node in graph.nodes.values() for outcome in node.outcomes}
    assert offered
    assert offered <= set(OUTCOMES)


@pytest.mark.parametrize("code", sorted(OUTCOMES))
def test_what_an_outcome_asks_for_opens_when_it_is_chosen(code: str) -> None:
    assert f'.zt-decision:has([value="{code}"]:checked) [data-outcome="{code}"]' in STYLES.read_text(encoding="utf-8")
