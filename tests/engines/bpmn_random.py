"""Random sound processes: blocks with one way in and one way out, nested."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st

from engines.bpmn_drawing import flow, node, service, task, timer


@dataclass
class Block:
    """`kind` is task, service, seq, and, xor, loop, sub, guard (interrupting), beside (not) or many (会签).

    `choice` is the branch an xor takes, or how often a loop goes round again.
    """

    kind: str
    parts: list["Block"] = field(default_factory=list)
    choice: int = 0
    id: str = ""


LEAVES = ("task", "task", "service")
GUARDED = ("guard", "beside")
ROOM = 12
"""So many activities a block may hold, those of gateways and events beside."""


@st.composite
def blocks(draw: st.DrawFn, *, guards: bool = True, several: bool = False) -> Block:
    """Blocks of up to some twelve activities, with events at their boundary or not, and with several signing or not.

    Built within their bounds, so that nothing that is drawn has to be thrown away.
    """
    leaves = (*LEAVES, *(GUARDED if guards else ()), *(("many", "many") if several else ()))
    return _grown(draw, leaves, draw(st.integers(1, ROOM)))


def _grown(draw: st.DrawFn, leaves: tuple[str, ...], room: int) -> Block:
    """A block of at most `room` activities; without room for two it is one activity."""
    kind = draw(st.sampled_from(("seq", "and", "xor", "loop", "sub", "leaf"))) if room > 1 else "leaf"
    if kind == "leaf":
        return Block(draw(st.sampled_from(leaves)))
    count = draw(st.integers(1, min(3, room))) if kind in ("seq", "and", "xor") else 1
    left = room // count if count > 1 else room - 1
    parts = [_grown(draw, leaves, left) for _part in range(count)]
    most = {"xor": count - 1, "loop": 2}.get(kind, 0)
    return Block(kind, parts, draw(st.integers(0, most)) if most else 0)


@dataclass
class Drawing:
    """The body of a process for a block, the data its gateways read, and how often each loop goes round."""

    body: list[str]
    data: dict[str, object]
    rounds: dict[str, int]


def draw(block: Block) -> Drawing:
    """Draw `block` between a start and an end event, giving every block an id."""
    drawing = Drawing([], {}, {})
    numbers = count()
    entry, leaving = _draw(block, drawing, drawing.body, numbers)
    drawing.body += [node("startEvent", "s"), node("endEvent", "e"), flow("s", entry), flow(leaving, "e")]
    return drawing


def _draw(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    block.id = f"{block.kind}{next(numbers)}"
    return _DRAW[block.kind](block, drawing, level, numbers)


def _task(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    level.append(task(block.id))
    return block.id, block.id


def _service(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    level.append(service(block.id))
    return block.id, block.id


def _seq(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    ends = [_draw(part, drawing, level, numbers) for part in block.parts]
    level += [flow(a[1], b[0]) for a, b in zip(ends, ends[1:], strict=False)]
    return ends[0][0], ends[-1][1]


def _and(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    fork, join = f"{block.id}f", f"{block.id}j"
    level += [node("parallelGateway", fork), node("parallelGateway", join)]
    for part in block.parts:
        entry, leaving = _draw(part, drawing, level, numbers)
        level += [flow(fork, entry), flow(leaving, join)]
    return fork, join


def _xor(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    split, merge = f"{block.id}x", f"{block.id}m"
    drawing.data[f"c{block.id}"] = block.choice
    last = len(block.parts) - 1
    default = {"default": f"{split}{last}"} if last else {}
    level += [node("exclusiveGateway", split, **default), node("exclusiveGateway", merge)]
    for number, part in enumerate(block.parts):
        entry, leaving = _draw(part, drawing, level, numbers)
        condition = f"c{block.id} = {number}" if number < last else None
        level += [flow(split, entry, condition, f"{split}{number}"), flow(leaving, merge)]
    return split, merge


def _loop(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    merge, ask, split = f"{block.id}m", f"{block.id}a", f"{block.id}x"
    entry, leaving = _draw(block.parts[0], drawing, level, numbers)
    drawing.rounds[ask] = block.choice
    level += [node("exclusiveGateway", merge), task(ask), node("exclusiveGateway", split, default=f"{split}o")]
    level += [flow(merge, entry), flow(leaving, ask), flow(ask, split), flow(split, merge, f"again{ask}")]
    out = f"{block.id}o"
    level += [node("intermediateThrowEvent", out), flow(split, out, name=f"{split}o")]
    return merge, out


def _sub(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    inside: list[str] = []
    entry, leaving = _draw(block.parts[0], drawing, inside, numbers)
    first, last = f"{block.id}s", f"{block.id}e"
    inside += [node("startEvent", first), node("endEvent", last), flow(first, entry), flow(leaving, last)]
    level.append(node("subProcess", block.id, "".join(inside)))
    return block.id, block.id


def _guard(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    bell, late, merge = f"{block.id}b", f"{block.id}l", f"{block.id}m"
    level += [task(block.id), node("boundaryEvent", bell, timer(), attachedToRef=block.id), task(late)]
    level += [node("exclusiveGateway", merge), flow(block.id, merge), flow(bell, late), flow(late, merge)]
    return block.id, merge


def _many(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    """Two sign, at once or in turn by the number of the block."""
    drawing.data["staff"] = ["li", "wang"]
    order = ' isSequential="true"' if block.id.endswith(("1", "3", "5", "7", "9")) else ""
    listed = f'<loopDataInputRef>staff</loopDataInputRef><inputDataItem id="person{block.id}"/>'
    loop = f"<multiInstanceLoopCharacteristics{order}>{listed}</multiInstanceLoopCharacteristics>"
    level.append(node("userTask", block.id, loop, zt_role="clerk", zt_outcomes="yes no", zt_sign="2/3"))
    return block.id, block.id


def _beside(block: Block, drawing: Drawing, level: list[str], numbers: "count[int]") -> tuple[str, str]:
    bell, late, end = f"{block.id}b", f"{block.id}l", f"{block.id}e"
    boundary = node("boundaryEvent", bell, timer(), attachedToRef=block.id, cancelActivity="false")
    level += [task(block.id), boundary, task(late), node("endEvent", end), flow(bell, late), flow(late, end)]
    return block.id, block.id


_DRAW = {
    "task": _task,
    "service": _service,
    "seq": _seq,
    "and": _and,
    "xor": _xor,
    "loop": _loop,
    "sub": _sub,
    "guard": _guard,
    "beside": _beside,
    "many": _many,
}


def expected(block: Block, times: int = 1) -> Counter[str]:
    """How often each activity is completed when no timer fires, told by the blocks alone."""
    if block.kind == "loop":
        rounds = times * (block.choice + 1)
        return expected(block.parts[0], rounds) + Counter({f"{block.id}a": rounds})
    if block.kind == "xor":
        return expected(block.parts[block.choice], times)
    if not block.parts:
        return Counter({block.id: times})
    return sum((expected(part, times) for part in block.parts), Counter())
