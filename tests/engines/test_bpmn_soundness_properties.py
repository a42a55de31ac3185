"""What is built from sound blocks is sound, a broken block is found, and the verdict is what the engine does."""

import re

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from engines.bpmn_drawing import document
from engines.bpmn_random import Block, blocks, draw
from engines.bpmn_walking import Tangle, draw_tangle, tangles, walk
from zhengtong.engines.bpmn import compile_process, read
from zhengtong.engines.bpmn.soundness import Verdict, examine

TASTE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PARALLEL = re.compile(r'<parallelGateway id="(and\d+j)"></parallelGateway>')
MERGE = re.compile(r'<exclusiveGateway id="(xor\d+m)"></exclusiveGateway>')


@TASTE
@given(blocks())
def test_what_is_built_from_sound_blocks_is_sound(block: Block) -> None:
    result = examine(compile_process(read(document(*draw(block).body))))
    assert (result.verdict, result.findings) == (Verdict.SOUND, ())


@TASTE
@given(blocks(), st.randoms(use_true_random=False), st.booleans())
def test_one_broken_block_is_found(block: Block, luck: object, waiting: bool) -> None:
    """A parallel block that is not joined, or a choice that is joined as if it were none."""
    xml = document(*draw(block).body).decode()
    pattern, other = (MERGE, "parallelGateway") if waiting else (PARALLEL, "exclusiveGateway")
    broken = [name for name in pattern.findall(xml) if xml.count(f'targetRef="{name}"') > 1]
    assume(broken)
    name = luck.choice(broken)  # type: ignore[attr-defined]
    xml = re.sub(rf'<\w+ id="{name}"></\w+>', f'<{other} id="{name}"></{other}>', xml)
    result = examine(compile_process(read(xml.encode())))
    assert result.verdict is Verdict.UNSOUND
    code = "soundness.deadlock" if waiting else "soundness.lack_of_synchronisation"
    # Which element is named may be a merge further on, where the surplus of tokens first shows.
    assert code in {fault.code for fault in result.findings}


@settings(TASTE, max_examples=600)
@given(tangles())
def test_the_verdict_is_what_the_engine_does(tangle: Tangle) -> None:
    """Every state of random gateways, walked with the engine itself: the same faults, neither more nor fewer."""
    process = draw_tangle(tangle)
    walked, result = walk(process), examine(process)
    found = {fault.code.removeprefix("soundness.") for fault in result.findings}
    crowds = bool(found & {"lack_of_synchronisation", "unbounded_growth"})
    event(f"{result.verdict}: {' '.join(sorted(found))}")
    assert result.verdict is not Verdict.UNDECIDED
    assert crowds == walked.crowded
    assert {name for f in result.findings if f.code == "soundness.deadlock" for name in f.elements} == walked.stuck
    if not walked.crowded:
        assert ("endless" in found) == walked.endless
        unreached = {name for f in result.findings if f.code == "soundness.unreachable" for name in f.elements}
        tasks = {name for name in process.nodes if name.startswith("t")}
        assert unreached & tasks == tasks - walked.reached
