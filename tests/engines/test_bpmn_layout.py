"""Drawings made by us: nothing overlaps, every line joins what it should, the same model gives the same drawing."""

import itertools
import pathlib

import pytest
from hypothesis import given, settings
from lxml import etree

from engines.bpmn_drawing import chain, document, flow, line, node, process, sub, task, timer
from engines.bpmn_random import Block, blocks, draw
from zhengtong.engines.bpmn import BpmnError, read
from zhengtong.engines.bpmn.layout import Box, Picture, drawn_whole, lay_out, with_diagram

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "bpmn"
AROUND = ("participant", "lane")


def elements(xml: bytes) -> dict[str, etree._Element]:
    return {each.get("id"): each for each in etree.fromstring(xml).iter("{*}*") if each.get("id")}


def tag(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]


def around(inner: etree._Element, outer: str) -> bool:
    return any(each.get("id") == outer for each in inner.iterancestors())


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def overlapping(xml: bytes, picture: Picture) -> list[tuple[str, str]]:
    known = elements(xml)
    found = []
    for a, b in itertools.combinations(picture.shapes, 2):
        hung = known[a].get("attachedToRef") == b or known[b].get("attachedToRef") == a
        if hung or tag(known[a]) in AROUND or tag(known[b]) in AROUND or around(known[a], b) or around(known[b], a):
            continue
        if overlap(picture.shapes[a], picture.shapes[b]):
            found.append((a, b))
    return found


def on_border(point: tuple[int, int], box: Box) -> bool:
    x, y = point
    within = box.x <= x <= box.right and box.y <= y <= box.bottom
    return within and (x in (box.x, box.right) or y in (box.y, box.bottom))


def loose(xml: bytes, picture: Picture) -> list[str]:
    """Lines that do not begin and end at the border of what they join, or run askew."""
    known, found = elements(xml), []
    for name, points in picture.edges.items():
        source, target = (picture.shapes[known[name].get(end)] for end in ("sourceRef", "targetRef"))
        right_angled = all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(points))
        if not (on_border(points[0], source) and on_border(points[-1], target) and right_angled):
            found.append(name)
    return found


def crossed(xml: bytes, picture: Picture) -> list[tuple[str, str]]:
    """Sequence flows that run through a step of their own level."""
    known, found = elements(xml), []
    for name, points in picture.edges.items():
        level = known[name].getparent()
        steps = [each.get("id") for each in level if each.get("id") in picture.shapes]
        for (a, b), step in itertools.product(itertools.pairwise(points), steps):
            box = picture.shapes[step]
            run = Box(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]) or 1, abs(a[1] - b[1]) or 1)
            inner = Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2)
            own = known[step].get("attachedToRef") or step
            if (
                overlap(run, inner)
                and step not in (known[name].get("sourceRef"),)
                and own != known[name].get("sourceRef")
            ):
                found.append((name, step))
    return found


def only(xml: bytes) -> Picture:
    ((_shown, picture),) = lay_out(read(xml))
    return picture


@settings(max_examples=60, deadline=None)
@given(blocks())
def test_whatever_is_drawn_nothing_overlaps_and_every_line_is_attached(block: Block) -> None:
    xml = document(*draw(block).body)
    picture = only(xml)
    assert set(picture.edges) == {name for name, each in elements(xml).items() if tag(each) == "sequenceFlow"}
    assert (overlapping(xml, picture), loose(xml, picture)) == ([], [])


@settings(max_examples=40, deadline=None)
@given(blocks(guards=False))
def test_no_line_runs_through_a_step(block: Block) -> None:
    xml = document(*draw(block).body)
    assert crossed(xml, only(xml)) == []


@settings(max_examples=20, deadline=None)
@given(blocks())
def test_the_same_model_is_drawn_the_same_and_means_the_same(block: Block) -> None:
    xml = document(*draw(block).body)
    drawn = with_diagram(xml)
    assert drawn == with_diagram(xml)
    assert drawn_whole(read(drawn))
    assert with_diagram(drawn) == drawn
    root = etree.fromstring(drawn)
    for diagram in root.findall("{*}BPMNDiagram"):
        root.remove(diagram)
    assert etree.tostring(root, method="c14n") == etree.tostring(etree.fromstring(xml), method="c14n")


def test_steps_stand_from_left_to_right_and_what_goes_back_runs_below() -> None:
    xml = document(
        node("startEvent", "s"), task("a"), node("exclusiveGateway", "g", default="g_e"), node("endEvent", "e"),
        chain("s", "a", "g"), flow("g", "a", "again"), flow("g", "e"),
    )  # fmt: skip
    picture = only(xml)
    assert [name for name, _box in sorted(picture.shapes.items(), key=lambda pair: pair[1].x)] == ["s", "a", "g", "e"]
    assert len({box.middle for box in picture.shapes.values()}) == 1
    assert max(y for _x, y in picture.edges["g_a"]) > max(box.bottom for box in picture.shapes.values())


def test_a_boundary_event_hangs_on_the_lower_edge_of_its_step() -> None:
    bells = [node("boundaryEvent", name, timer(), attachedToRef="a") for name in ("b", "c", "d")]
    lines = [flow(name, f"e{name}") for name in ("b", "c", "d")]
    ends = [node("endEvent", f"e{name}") for name in ("b", "c", "d")]
    xml = document(
        node("startEvent", "s"), task("a"), node("endEvent", "e"), chain("s", "a", "e"), *bells, *ends, *lines
    )
    picture = only(xml)
    assert {picture.shapes[name].middle for name in "bcd"} == {picture.shapes["a"].bottom}
    assert (overlapping(xml, picture), loose(xml, picture), crossed(xml, picture)) == ([], [], [])


def test_lanes_hold_their_steps_and_empty_lanes_are_drawn() -> None:
    lanes = "".join(
        f'<lane id="{name}"{"".join(["><flowNodeRef>", step, "</flowNodeRef></lane>"]) if step else "/>"}'
        for name, step in (("one", "a"), ("two", "b"), ("none", ""))
    )
    xml = document(
        f'<laneSet id="l">{lanes}</laneSet>', node("startEvent", "s"), task("a"), task("b"), node("endEvent", "e"),
        chain("s", "a", "b", "a", ), flow("b", "e"),
    )  # fmt: skip
    shapes = only(xml).shapes
    for lane, step in (("one", "a"), ("two", "b")):
        assert shapes[lane].y < shapes[step].y
        assert shapes[step].bottom < shapes[lane].bottom
    assert not [
        pair for pair in itertools.combinations(("one", "two", "none"), 2) if overlap(*(shapes[n] for n in pair))
    ]


def test_pools_hold_their_processes_and_messages_run_between_them() -> None:
    pools = (
        '<collaboration id="c"><participant id="us" processRef="p"/><participant id="them"/>'
        '<messageFlow id="m" sourceRef="a" targetRef="them"/></collaboration>'
    )
    body = (node("startEvent", "s"), node("sendTask", "a", messageRef="message_m"), node("endEvent", "e"))
    xml = document(*body, chain("s", "a", "e"), beside=pools + process("q", node("startEvent", "t")))
    (shown, picture), (other, lone) = lay_out(read(xml))
    assert (shown, other) == ("c", "q")
    assert set(lone.shapes) == {"t"}
    assert not overlap(picture.shapes["us"], picture.shapes["them"])
    assert picture.shapes["us"].x < picture.shapes["s"].x
    assert on_border(picture.edges["m"][0], picture.shapes["a"])
    assert on_border(picture.edges["m"][-1], picture.shapes["them"])


def test_a_drawing_that_leaves_something_out_is_made_anew() -> None:
    drawn = with_diagram(document(node("startEvent", "s"), task("a"), node("endEvent", "e"), chain("s", "a", "e")))
    root = etree.fromstring(drawn)
    shape = next(each for each in root.iter("{*}BPMNShape") if each.get("bpmnElement") == "a")
    shape.getparent().remove(shape)
    lacking = etree.tostring(root)
    assert not drawn_whole(read(lacking))
    assert drawn_whole(read(with_diagram(lacking)))


def test_what_is_drawn_folded_needs_no_drawing_inside() -> None:
    drawn = with_diagram(document(node("startEvent", "s"), sub("u"), flow("s", "u")))
    folded = drawn.replace(b'isExpanded="true"', b'isExpanded="false"')
    root = etree.fromstring(folded)
    for shape in [each for each in root.iter("{*}BPMNShape") if each.get("bpmnElement") == "u_s"]:
        shape.getparent().remove(shape)
    assert drawn_whole(read(etree.tostring(root)))


def test_two_hundred_activities_are_drawn() -> None:
    xml = line(200)
    picture = only(xml)
    assert len(picture.shapes) == 403
    assert overlapping(xml, picture) == []


@pytest.mark.conformance
def test_every_model_at_hand_can_be_drawn_by_us() -> None:
    if not SHARED.exists():
        pytest.skip("no models beside the checkout")
    drawn = 0
    for path in sorted(SHARED.rglob("*.bpmn")):
        try:
            model = read(path.read_bytes())
        except BpmnError:
            continue
        for _shown, picture in lay_out(model):
            assert overlapping(path.read_bytes(), picture) == [], path.name
            drawn += 1
    assert drawn > 100
