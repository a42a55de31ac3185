"""Make a net smaller without adding or removing a fault, so that little is left to explore.

Rules in the manner of T. Murata, Petri Nets: Properties, Analysis and Applications (1989) §VII: sequences, decisions
that follow at once, parallel edges, merges before merges and loops around one vertex are folded. What lies on a folded
way stays named in `via`, `path` and `covers`.
"""

from collections import defaultdict

from zhengtong.engines.bpmn.soundness.nets import ENTRY, SINK, Join, Net, Outcome, Vertex

MOST_OUTCOMES = 64
"""Folding may multiply the outcomes of a vertex; beyond this it stays as it is."""


def reduce(net: Net) -> None:
    """Apply every rule until none applies."""
    waiting = list(reversed(net.vertices))
    queued = set(waiting)
    while waiting:
        name = waiting.pop()
        queued.discard(name)
        if name == SINK or name not in net.vertices:
            continue
        touched = _fold(net, name) | _unloop(net, name) | _absorb(net, name) | _pass_on(net, name)
        if touched:
            touched |= _sources(net, name)
            fresh = touched - queued
            waiting.extend(fresh)
            queued |= fresh


def _sources(net: Net, name: str) -> set[str]:
    vertex = net.vertices.get(name)
    return {net.edges[number].source for number in vertex.incoming} if vertex else set()


def _fold(net: Net, name: str) -> set[str]:
    """Edges to the same target that say the same become one."""
    vertex = net.vertices[name]
    by_target: dict[str, list[int]] = defaultdict(list)
    for number in sorted({number for outcome in vertex.outcomes for number in outcome.edges}):
        by_target[net.edges[number].target].append(number)
    touched: set[str] = set()
    for target, numbers in by_target.items():
        if len(numbers) > 1 and target != name:
            for kept, folded in _alike(net, vertex, target, numbers).items():
                _rename(net, vertex, kept, folded)
                touched |= {name, target}
    return touched


def _alike(net: Net, vertex: Vertex, target: str, numbers: list[int]) -> dict[int, list[int]]:
    """Which edges to `target` may be folded into which."""
    at = net.vertices[target]
    if target == SINK or at.join is Join.INCLUSIVE:
        return {numbers[0]: numbers[1:]}
    if at.join is Join.EACH:
        together = any(len(outcome.edges & set(numbers)) > 1 for outcome in vertex.outcomes)
        return {} if together else {numbers[0]: numbers[1:]}
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number in numbers:
        groups[tuple(at for at, outcome in enumerate(vertex.outcomes) if number in outcome.edges)].append(number)
    return {group[0]: group[1:] for group in groups.values() if len(group) > 1}


def _rename(net: Net, vertex: Vertex, kept: int, folded: list[int]) -> None:
    gone = frozenset(folded)
    vertex.outcomes = [
        Outcome((outcome.edges - gone) | {kept}, outcome.path, outcome.leaving) if outcome.edges & gone else outcome
        for outcome in vertex.outcomes
    ]
    _distinct(vertex)
    for number in folded:
        net.drop(number)


def _distinct(vertex: Vertex) -> None:
    """Outcomes that put the same down are one; the shortest way stays."""
    best: dict[tuple[frozenset[int], str], Outcome] = {}
    for outcome in vertex.outcomes:
        key = (outcome.edges, outcome.leaving)
        if key not in best or len(outcome.path) < len(best[key].path):
            best[key] = outcome
    vertex.outcomes = list(best.values())


def _unloop(net: Net, name: str) -> set[str]:
    """Going round once more changes nothing, where there is another way on."""
    vertex = net.vertices[name]
    if vertex.join is not Join.EACH:
        return set()
    loops = [o for o in vertex.outcomes if len(o.edges) == 1 and net.edges[next(iter(o.edges))].target == name]
    if not loops or len(loops) == len(vertex.outcomes):
        return set()
    vertex.outcomes = [outcome for outcome in vertex.outcomes if outcome not in loops]
    used = {number for outcome in vertex.outcomes for number in outcome.edges}
    for number in {number for outcome in loops for number in outcome.edges} - used:
        net.drop(number)
    return {name}


def _absorb(net: Net, name: str) -> set[str]:
    """What follows at once upon one edge, and upon no other, is decided when the edge would get its token."""
    vertex = net.vertices[name]
    touched: set[str] = set()
    for number in sorted({number for outcome in vertex.outcomes for number in outcome.edges}):
        target = net.edges[number].target
        following = net.vertices[target]
        if target in (SINK, name) or (following.incoming != {number} and not _only_leaves(following)):
            continue
        holding = [outcome for outcome in vertex.outcomes if number in outcome.edges]
        many = len(vertex.outcomes) + len(holding) * (len(following.outcomes) - 1)
        if following.outcomes and many <= MOST_OUTCOMES and _may_leave_early(net, vertex, following, holding):
            _take_over(net, name, number)
            touched |= {name} | {net.edges[n].target for outcome in following.outcomes for n in outcome.edges}
    return touched


def _only_leaves(vertex: Vertex) -> bool:
    """Whether it ends the level, whoever sends the token: then each who does may end it by himself."""
    return vertex.join is Join.EACH and all(outcome.leaving for outcome in vertex.outcomes)


def _may_leave_early(net: Net, vertex: Vertex, following: Vertex, holding: list[Outcome]) -> bool:
    """Whether it is the same if a level that `following` ends were ended by `vertex` already.

    It is where nothing else is put down meanwhile: whatever goes on beside could have gone on before. A crowd on the
    edge between must show before `vertex`, and no inclusive gateway may wait for what lies there.
    """
    if not any(outcome.leaving for outcome in following.outcomes):
        return True
    alone = all(len(outcome.edges) == 1 for outcome in holding)
    shown = vertex.join is Join.ALL or len(vertex.incoming) == 1
    return alone and shown and not any(other.join is Join.INCLUSIVE for other in net.vertices.values())


def _take_over(net: Net, name: str, number: int) -> None:
    vertex, edge = net.vertices[name], net.edges[number]
    following = net.vertices[edge.target]
    net.drop(number)
    if not following.incoming:
        del net.vertices[edge.target]
    before = (*edge.via, following.element)
    ways, only = following.outcomes, following.outcomes[0]
    if len(following.outcomes) == 1 and len(only.edges) == 1:  # a sequence: the token lies before what it passes
        (after,) = only.edges
        net.edges[after].via[:0] = before + only.path
        before, ways = (), [Outcome(only.edges)]
    outcomes: list[Outcome] = []
    for outcome in vertex.outcomes:
        if number in outcome.edges:
            rest, path = outcome.edges - {number}, outcome.path + before
            outcomes += [Outcome(rest | way.edges, path + way.path, way.leaving) for way in ways]
        else:
            outcomes.append(outcome)
    vertex.outcomes = outcomes
    vertex.covers |= following.covers
    for outcome in following.outcomes:
        for taken in outcome.edges:
            net.edges[taken].source = name
    _distinct(vertex)


def _pass_on(net: Net, name: str) -> set[str]:
    """A merge that only leads to another merge hands its edges to that one; where to no other, that is absorbed."""
    vertex = net.vertices[name]
    if name == ENTRY or vertex.join is not Join.EACH or len(vertex.outcomes) != 1 or vertex.outcomes[0].leaving:
        return set()
    outcome = vertex.outcomes[0]
    if len(outcome.edges) != 1:
        return set()
    (number,) = outcome.edges
    edge = net.edges[number]
    following = net.vertices[edge.target]
    if edge.target in (SINK, name) or following.join is not Join.EACH or any(o.leaving for o in following.outcomes):
        return set()
    if following.incoming == {number}:
        return set()
    sources = _sources(net, name)
    for before in vertex.incoming:
        coming = net.edges[before]
        coming.via += [vertex.element, *outcome.path, *edge.via]
        coming.flow, coming.target = edge.flow, edge.target
        following.incoming.add(before)
        if coming.source in net.vertices:
            net.vertices[coming.source].covers |= vertex.covers
    following.incoming.discard(number)
    del net.edges[number], net.vertices[name]
    return {edge.target} | sources
