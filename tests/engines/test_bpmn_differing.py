"""Two versions of a model side by side: what came, what went, what says something else."""

from hypothesis import given, settings

from engines.bpmn_drawing import chain, document, flow, node, task
from engines.bpmn_random import Block, blocks, draw
from zhengtong.engines.bpmn import read
from zhengtong.engines.bpmn.compilation.differing import Difference, differences
from zhengtong.engines.bpmn.layout import with_diagram

START, END = node("startEvent", "s"), node("endEvent", "e")


def between(old: bytes, new: bytes) -> list[Difference]:
    return differences(read(old), read(new))


def test_a_step_put_between_two_others() -> None:
    old = document(START, task("a", name="初审"), END, chain("s", "a", "e"))
    new = document(START, task("a", name="审核"), task("b"), END, flow("s", "a"), flow("a", "b"), flow("b", "e"))
    assert [(each.state, each.element, each.facts) for each in between(old, new)] == [
        ("changed", "a", (("name", "初审", "审核"),)),
        ("added", "b", ()),
        ("added", "a_b", ()),
        ("added", "b_e", ()),
        ("removed", "a_e", ()),
    ]


def test_what_stands_inside_an_element_is_its_own() -> None:
    old = document(START, node("exclusiveGateway", "g"), END, chain("s", "g"), flow("g", "e", "amount > 10"))
    new = document(START, node("exclusiveGateway", "g"), END, chain("s", "g"), flow("g", "e", "amount > 20"))
    (found,) = between(old, new)
    assert (found.element, found.facts) == ("g_e", (("conditionExpression", "amount > 10", "amount > 20"),))


def test_another_kind_and_another_role_are_changes() -> None:
    old = document(START, task("a"), END, chain("s", "a", "e"))
    new = document(START, node("manualTask", "a", zt_role="head"), END, chain("s", "a", "e"))
    (found,) = between(old, new)
    assert found.facts[:2] == (("", "userTask", "manualTask"), ("zt:role", "clerk", "head"))


@settings(max_examples=20, deadline=None)
@given(blocks())
def test_a_drawing_is_no_difference(block: Block) -> None:
    xml = document(*draw(block).body)
    assert between(xml, with_diagram(xml)) == []
    assert between(xml, xml) == []
