"""What is built from sound blocks is sound, a broken block is found, and the verdict is what the engine does."""

import re

from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import document
from engines.bpmn_random import Block, blocks, draw
from engines.bpmn_tangling import EVERY, EVERYTHING, INCLUSIVE, RAISING, Tangle, Way, draw_tangle, tangles
from engines.bpmn_walking import TooManyStatesError, walk
from zhengtong.engines.bpmn import Graph, compile_process, read
from zhengtong.engines.bpmn.soundness import Fault, Verdict, examine

TASTE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PARALLEL = re.compile(r'<parallelGateway id="(and\d+j)"></parallelGateway>')
MET_BEHIND_WHAT_HAS_NO_NAME = Tangle(
    ("parallelGateway", "exclusiveGateway", "exclusiveGateway"),
    (
        Way(0, 1, "task"),
        Way(0, 2, "subperhaps.calm"),
        Way(1, 1, "task"),
        Way(1, 2, "sub.either"),
        Way(2, 1, "task"),
    ),
)
TOLD_FOR_EVER = Tangle(
    ("exclusiveGateway",) * 3, (Way(0, 2, "tellingsub.told", else_to=1), Way(1, 1, "vote"), Way(2, 0, "vote"))
)
HELD_UP_BY_WHAT_IS_STUCK = Tangle(
    ("parallelGateway", "exclusiveGateway", "inclusiveGateway"),
    (Way(0, 1), Way(0, 2), Way(1, 2, "subloop.stuck"), Way(2, 1)),
)
ENDS_AT_ONCE_BEHIND_A_SPLIT = Tangle(
    ("exclusiveGateway", "parallelGateway"),
    (
        Way(0, 0, "vote"),
        Way(0, -1, "timedsub.escalates", else_to=1),
        Way(1, -1, "escalatingsub.told", else_to=-1),
        Way(1, 0, "vote"),
    ),
)
MEETS_AT_ONCE_BEHIND_A_SPLIT = Tangle(
    ("exclusiveGateway", "parallelGateway", "parallelGateway"),
    (
        Way(0, 0),
        Way(0, -1, "timedsub.escalates", else_to=1),
        Way(1, 2, "none"),
        Way(1, 2, "none"),
        Way(1, 0),
        Way(2, -1, "none"),
    ),
)
MERGE = re.compile(r'<exclusiveGateway id="(xor\d+m)"></exclusiveGateway>')


@TASTE
@given(blocks())
def test_what_is_built_from_sound_blocks_is_sound(block: Block) -> None:
    result = examine(compile_process(read(document(*draw(block).body))))
    assert (result.verdict, result.findings) == (Verdict.SOUND, ())


@TASTE
@given(blocks(), blocks(), st.integers(0, 99), st.booleans())
def test_one_broken_block_is_found(block: Block, other_block: Block, place: int, waiting: bool) -> None:
    """A parallel block that is not joined, or a choice that is joined as if it were none: that is what is blamed.

    Where that one waits for ever, parallel joins around it wait for it as well.
    """
    breakable = Block("xor" if waiting else "and", [other_block, Block("task")])
    xml = document(*draw(Block("seq", [block, breakable])).body).decode()
    pattern, other = (MERGE, "parallelGateway") if waiting else (PARALLEL, "exclusiveGateway")
    broken = [name for name in pattern.findall(xml) if xml.count(f'targetRef="{name}"') > 1]
    name = broken[place % len(broken)]
    xml = re.sub(rf'<\w+ id="{name}"></\w+>', f'<{other} id="{name}"></{other}>', xml)
    result = examine(compile_process(read(xml.encode())))
    assert result.verdict is Verdict.UNSOUND
    code = "soundness.deadlock" if waiting else "soundness.lack_of_synchronisation"
    blamed = {element for fault in result.findings if fault.code == code for element in fault.elements}
    assert name in blamed
    assert all(waiting and re.fullmatch(r"and\d+j", element) for element in blamed - {name})


@settings(TASTE, max_examples=600)
@given(tangles())
def test_the_verdict_is_what_the_engine_does(tangle: Tangle) -> None:
    """Every state of random gateways, walked with the engine itself: the same faults, neither more nor fewer."""
    _compare(tangle)


@settings(TASTE, max_examples=400)
@given(tangles(INCLUSIVE, ("task", "task", "none"), gateways=5, leaving=2))
def test_the_same_with_inclusive_gateways(tangle: Tangle) -> None:
    _compare(tangle)


@settings(TASTE, max_examples=400)
@given(tangles(EVERY, EVERYTHING, gateways=3, leaving=2))
@example(MET_BEHIND_WHAT_HAS_NO_NAME)
@example(HELD_UP_BY_WHAT_IS_STUCK)
def test_the_same_with_what_is_repeated_called_and_interrupted(tangle: Tangle) -> None:
    _compare(tangle)


@settings(TASTE, max_examples=200)
@given(tangles(EVERY, RAISING, gateways=3, leaving=2))
@example(TOLD_FOR_EVER)
@example(ENDS_AT_ONCE_BEHIND_A_SPLIT)
@example(MEETS_AT_ONCE_BEHIND_A_SPLIT)
def test_the_same_with_votes_offers_escalation_and_what_is_undone(tangle: Tangle) -> None:
    _compare(tangle)


def _compare(tangle: Tangle) -> None:
    process = draw_tangle(tangle)
    try:
        walked = walk(process)
    except TooManyStatesError:
        assume(False)
    result = examine(process)
    findings = [fault for fault in result.findings if fault.blocking and not _unseen(process, fault)]
    found = {fault.code.removeprefix("soundness.") for fault in findings}
    event(f"{result.verdict}: {' '.join(sorted(found))}")
    telling = any(way.activity.startswith("tellingsub") for way in tangle.ways)
    uncounted = {fault.code for fault in result.findings if not fault.blocking}
    if uncounted:  # the one thing that is not counted, and is said: what is told around by who goes on
        assert uncounted == {"soundness.times_unknown"}
        assert telling
        assert result.verdict is not Verdict.SOUND
        return
    tasks = {name for name, node in process.nodes.items() if node.tag == "userTask"}
    left_out = tasks - walked.reached
    assert result.verdict is not Verdict.UNDECIDED
    if telling and "terminate" in tangle.kinds:  # it may end all before who told goes on: he counts as going on
        assert bool(found) >= walked.faulty
        return
    assert (result.verdict is Verdict.UNSOUND) is bool(result.findings)
    assert bool(found) >= (walked.faulty or bool(left_out))
    assert walked.faulty or found <= {"unreachable"}  # of gateways and ends the walk sees nothing
    if "called_unsound" in found:
        assert walked.faulty
        return
    crowds = bool(found & {"lack_of_synchronisation", "unbounded_growth"})
    stuck = {name for f in findings if f.code == "soundness.deadlock" for name in f.elements}
    unreached = {name for f in findings if f.code == "soundness.unreachable" for name in f.elements}
    unreached |= {name for name in process.nodes if _around(process, name) & unreached}
    if telling:  # a path beside what is never reached is examined apart, and not blamed as well
        unreached |= _cut_off(process, unreached)
    if any(process.nodes[name].scope for name in walked.stuck):
        # What follows a sub-process that gets stuck is looked at as if it did not: each fault is told once. So a join
        # needs no finding of its own where all that it was ever stuck for was a sub-process that is stuck itself.
        assert walked.stuck_alone <= stuck
        assert crowds >= walked.crowded
        assert unreached & tasks <= left_out
        return
    if walked.crowded and not crowds:  # who is told again and again crowds on a path beside that is told to have no end
        assert telling
        assert "endless" in found
    else:
        assert crowds == walked.crowded
    assert stuck == walked.stuck
    if not walked.crowded:
        assert ("endless" in found) == walked.endless
        assert unreached & tasks == left_out


def _cut_off(process: Graph, unreached: set[str]) -> set[str]:
    """What can only be come to through what is never reached."""
    seen: set[str] = set()
    waiting = list(process.starts)
    while waiting:
        name = waiting.pop()
        if name in seen or name in unreached:
            continue
        seen.add(name)
        node = process.nodes[name]
        flows = (*node.outgoing, *([node.default] if node.default else []))
        inside = [other for other, each in process.nodes.items() if each.scope == name]
        waiting += [*(flow.target for flow in flows), *node.attached, *inside]
    return set(process.nodes) - seen


def _around(process: Graph, name: str) -> set[str]:
    """The sub-processes that an element stands in."""
    scope = process.nodes[name].scope
    return {scope, *_around(process, scope)} if scope else set()


def _unseen(process: Graph, fault: Fault) -> bool:
    """Tokens that meet unjoined where nothing but ends follow: a fault of the drawing that no walk shows."""
    return fault.code == "soundness.lack_of_synchronisation" and _only_ends(process, fault.elements[0])


def _only_ends(process: Graph, name: str) -> bool:
    node = process.nodes[name]
    if node.tag == "endEvent":
        return True
    return node.tag == "exclusiveGateway" and all(
        flow.target != name and _only_ends(process, flow.target) for flow in node.outgoing
    )
