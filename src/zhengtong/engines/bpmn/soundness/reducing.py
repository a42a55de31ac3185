"""Make a net smaller without adding or removing a fault, so that little is left to explore.

Rules in the manner of T. Murata, Petri Nets: Properties, Analysis and Applications (1989) §VII: sequences, decisions
that follow at once, parallel edges, merges before merges and loops around one vertex are folded. What lies on a folded
way stays named in `via`, `path` and `covers`.

What moves in a step in which some branch may end everything is left as it is drawn.

Where inclusive joins wait, places are only made one where every such join sees a token on either alike, and what rests
is never made to go on at once.
"""

from collections import defaultdict, deque

from zhengtong.engines.bpmn.soundness.hurrying import hurried_edges
from zhengtong.engines.bpmn.soundness.nets import ENTRY, SINK, Edge, Join, Net, Outcome, Vertex

MOST_OUTCOMES = 64
"""Folding may multiply the outcomes of a vertex; beyond this it stays as it is."""


def reduce(net: Net) -> None:
    """Apply every rule until none applies; again where no join waits any more, which forbids some of them."""
    net.hurried = hurried_edges(net)
    waits = True
    while waits:
        waits = net.waits
        _reduce(net)
        waits = waits and not net.waits
    for vertex in net.vertices.values():
        _use_up(net, vertex)


def _reduce(net: Net) -> None:
    waiting = deque(reversed(net.vertices))
    queued = set(waiting)
    while waiting:
        name = waiting.pop()
        queued.discard(name)
        if name == SINK or name not in net.vertices:
            continue
        touched = _fold(net, name) | _settle(net, name) | _unloop(net, name) | _absorb(net, name) | _pass_on(net, name)
        if touched:
            touched |= _sources(net, name)
            fresh = touched - queued
            queued |= fresh
            wide = {each for each in fresh & net.vertices.keys() if len(net.vertices[each].outcomes) > MOST_OUTCOMES}
            waiting.extend(fresh - wide)
            waiting.extendleft(wide)  # looked at once after all that follows it, not after each


def _use_up(net: Net, vertex: Vertex) -> None:
    """A token that comes to an end without resting is there no more."""
    ends = {n for outcome in vertex.outcomes for n in outcome.edges if net.edges[n].target == SINK}
    ends = {number for number in ends if not net.edges[number].rests}
    passed = {number: tuple(net.edges[number].via) for number in ends}
    vertex.outcomes = [
        Outcome(o.edges - ends, sum((passed[n] for n in sorted(o.edges & ends)), o.path), o.leaving)
        for o in vertex.outcomes
    ]
    _distinct(vertex)
    for number in ends:
        net.drop(number)


def _sources(net: Net, name: str) -> set[str]:
    vertex = net.vertices.get(name)
    return {net.edges[number].source for number in vertex.incoming} if vertex else set()


def _fold(net: Net, name: str) -> set[str]:
    """Edges to the same target that say the same become one."""
    vertex = net.vertices[name]
    by_target: dict[str, list[int]] = defaultdict(list)
    for number in sorted({number for outcome in vertex.outcomes for number in outcome.edges} - net.hurried):
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
    if net.waits and not _alike_from_afar(net, numbers, at):
        return {}
    if target == SINK:
        return _by_rest(net, numbers)
    if at.join is Join.INCLUSIVE:
        return {numbers[0]: numbers[1:]} if at.incoming == set(numbers) and _alone(net, target) else {}
    if at.join is Join.EACH:
        together = any(len(outcome.edges & set(numbers)) > 1 for outcome in vertex.outcomes)
        return {} if together else {numbers[0]: numbers[1:]}
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for number in numbers:
        groups[tuple(at for at, outcome in enumerate(vertex.outcomes) if number in outcome.edges)].append(number)
    return {group[0]: group[1:] for group in groups.values() if len(group) > 1}


def _by_rest(net: Net, numbers: list[int]) -> dict[int, list[int]]:
    """Ends after a rest, and ends at once."""
    groups = [[number for number in numbers if net.edges[number].rests is rests] for rests in (True, False)]
    return {group[0]: group[1:] for group in groups if len(group) > 1}


# Inclusive joins: what they see


def _alike_from_afar(net: Net, numbers: list[int], at: Vertex) -> bool:
    """Whether it is the same to every inclusive join but the one they lead to on which edge a token lies."""
    if len({net.view(number, at.element) for number in numbers}) > 1:
        return False
    return at.join is Join.ALL or len({net.edges[number].rests for number in numbers}) == 1


def _alone(net: Net, name: str) -> bool:
    """Whether an inclusive join need not look elsewhere: what lies there comes by none of its flows, or by all."""
    vertex = net.vertices[name]
    here = 0
    for number in vertex.incoming:
        here |= net.outlook.bit(vertex.element, net.edges[number].flow)
    elsewhere = (net.edges[number].at for number in net.edges if number not in vertex.incoming)
    seen = {net.outlook.ahead(vertex.element, at) for at in elsewhere}
    return all(not ahead or ahead & here == here for ahead in seen)


def _settle(net: Net, name: str) -> set[str]:
    """An inclusive join with one edge left that need not look elsewhere lets every token on."""
    vertex = net.vertices[name]
    if vertex.join is not Join.INCLUSIVE or len(vertex.incoming) != 1 or not _alone(net, name):
        return set()
    if vertex.incoming & net.hurried:
        return set()
    vertex.join = Join.EACH
    return {name}


def _blind(net: Net, numbers: set[int]) -> bool:
    """Whether no inclusive join sees tokens on these edges, nor is any hurry about them."""
    return not net.may_end_early and not any(any(net.view(number)) for number in numbers)


def _rename(net: Net, vertex: Vertex, kept: int, folded: list[int]) -> None:
    gone = frozenset(folded)
    vertex.outcomes = [
        Outcome((outcome.edges - gone) | {kept}, outcome.path, outcome.leaving) if outcome.edges & gone else outcome
        for outcome in vertex.outcomes
    ]
    _distinct(vertex)
    net.edges[kept].rests = any(net.edges[number].rests for number in (kept, *folded))
    net.edges[kept].at = next((net.edges[number].at for number in (kept, *folded) if net.edges[number].at), "")
    net.edges[kept].beside |= {
        element for number in folded for element in (*net.edges[number].via, *net.edges[number].beside)
    }
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
    if not loops or len(loops) == len(vertex.outcomes) or vertex.incoming & net.hurried:
        return set()
    if net.waits and not _rounds_unseen(net, vertex, {number for outcome in loops for number in outcome.edges}):
        return set()
    vertex.outcomes = [outcome for outcome in vertex.outcomes if outcome not in loops]
    used = {number for outcome in vertex.outcomes for number in outcome.edges}
    _may_rest(net, vertex.incoming, {number for outcome in loops for number in outcome.edges})
    for number in {number for outcome in loops for number in outcome.edges} - used:
        net.drop(number)
    return {name}


def _may_rest(net: Net, numbers: set[int], earlier: set[int]) -> None:
    """A token on one of `numbers` may from now on rest as it might have rested on the others."""
    resting = next((net.edges[number] for number in sorted(earlier) if net.edges[number].rests), None)
    if resting is not None:
        for number in numbers:
            _link(resting, net.edges[number], net.edges[number])


def _rounds_unseen(net: Net, vertex: Vertex, loops: set[int]) -> bool:
    """Whether a token that goes round stands where it might have stayed as well."""
    if not any(net.edges[number].rests for number in loops):
        return True
    alike = all(net.edges[number].rests for number in vertex.incoming)
    return _blind(net, vertex.incoming) or (alike and len({net.view(number) for number in vertex.incoming}) == 1)


def _absorb(net: Net, name: str) -> set[str]:
    """What follows at once upon one edge, and upon no other, is decided when the edge would get its token."""
    vertex = net.vertices[name]
    touched: set[str] = set()
    for number in sorted({number for outcome in vertex.outcomes for number in outcome.edges}):
        if len(vertex.outcomes) > MOST_OUTCOMES:
            break
        target = net.edges[number].target
        following = net.vertices[target]
        if target in (SINK, name) or (following.incoming != {number} and not _only_leaves(following)):
            continue
        if net.hurried and _hurries(net, number, following):
            continue
        if net.edges[number].rests and _forks_on_the_move(net, target):
            continue
        holding = [outcome for outcome in vertex.outcomes if number in outcome.edges]
        many = len(vertex.outcomes) + len(holding) * (len(following.outcomes) - 1)
        early = _may_leave_early(net, vertex, following, holding) and _may_go_on(net, number, following)
        if following.outcomes and many <= MOST_OUTCOMES and early:
            touched |= {name} | {net.edges[n].target for outcome in following.outcomes for n in outcome.edges}
            _take_over(net, name, number)
    return touched


def _hurries(net: Net, number: int, following: Vertex) -> bool:
    """Whether the order within a step would be lost: on the edge between, or after a rest on it."""
    after = {edge for outcome in following.outcomes for edge in outcome.edges}
    return number in net.hurried or (net.edges[number].rests and bool(after & net.hurried))


def _forks_on_the_move(net: Net, name: str) -> bool:
    """Whether a split puts tokens down that go on at once, and how far is not folded yet: one may come to an end there.

    Were the rest before the split laid on each branch now, such a token would seem to stay at its end.
    """
    several = (number for outcome in net.vertices[name].outcomes if len(outcome.edges) > 1 for number in outcome.edges)
    return any(
        not edge.rests and edge.target != SINK and _may_fold(net, name, net.vertices[edge.target])
        for edge in (net.edges[number] for number in several)
    )


def _may_fold(net: Net, name: str, following: Vertex) -> bool:
    """Whether what follows a vertex waits for no token but those from there."""
    return following.join is Join.EACH or all(net.edges[number].source == name for number in following.incoming)


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
    return alone and shown and not net.waits


def _may_go_on(net: Net, number: int, following: Vertex) -> bool:
    """Whether inclusive joins miss nothing where a token never lies on the edge before `following`."""
    if not net.waits:
        return True
    if following.join is Join.INCLUSIVE:
        return False
    if not net.edges[number].rests:
        return True
    after = {edge for outcome in following.outcomes for edge in outcome.edges}
    if _sequence(following) is not None:
        return all(_merges(net, number, edge) for edge in after)
    return _blind(net, after | {number})


def _sequence(vertex: Vertex) -> int | None:
    """The one edge by which every token leaves."""
    if len(vertex.outcomes) != 1 or vertex.outcomes[0].leaving or len(vertex.outcomes[0].edges) != 1:
        return None
    return next(iter(vertex.outcomes[0].edges))


def _merges(net: Net, first: int, second: int) -> bool:
    """Whether a token that rests on one edge, then goes on to another, may as well be said to lie on either."""
    after = net.edges[second]
    target = net.vertices[after.target]
    if target.join is not Join.EACH:
        join = target.element
        if target.join is Join.INCLUSIVE and net.outlook.ahead(join, net.edges[first].at) != net.outlook.bit(
            join, after.flow
        ):
            return False
        return net.view(first, join) == net.outlook.view(join, join)
    return not after.at or net.view(first) == net.view(second)


def _link(earlier: Edge, later: Edge, kept: Edge) -> None:
    """A token on `kept` may lie where it lay on either of two edges that follow one another."""
    at = later.at if later.rests or not earlier.rests else earlier.at
    kept.rests, kept.at = earlier.rests or later.rests, at or earlier.at


def _take_over(net: Net, name: str, number: int) -> None:
    vertex, edge = net.vertices[name], net.edges[number]
    following = net.vertices[edge.target]
    net.drop(number)
    if not following.incoming:
        del net.vertices[edge.target]
    before = (*edge.via, following.element) if following.element else (*edge.via,)
    ways, only = following.outcomes, following.outcomes[0]
    if len(following.outcomes) == 1 and len(only.edges) == 1:  # a sequence: the token lies before what it passes
        (after,) = only.edges
        net.edges[after].via[:0] = before + only.path
        net.edges[after].beside |= edge.beside
        _link(edge, net.edges[after], net.edges[after])
        before, ways = (), [Outcome(only.edges)]
    elif edge.rests:
        ways = _rest_after(net, name, edge, following)
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


def _rest_after(net: Net, name: str, edge: Edge, following: Vertex) -> list[Outcome]:
    """The ways on from where a token rested: it rests after having chosen, at the end where nothing follows."""
    every = {number for way in following.outcomes for number in way.edges}
    ends = {number for number in every if net.edges[number].target == SINK and not net.edges[number].rests}
    for number in every - ends:
        _link(edge, net.edges[number], net.edges[number])
    last = net.connect(name, SINK)
    net.edges[last].rests = True
    ways = []
    for way in following.outcomes:
        via = tuple(element for number in sorted(way.edges & ends) for element in net.edges[number].via)
        edges = way.edges - ends
        if way.edges and not edges:
            edges = frozenset({last})
        ways.append(Outcome(edges, way.path + via, way.leaving))
    following.outcomes = ways
    used = {number for way in ways for number in way.edges}
    for number in (ends | {last}) - used:
        net.drop(number)
    return ways


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
    if following.incoming == {number} or (vertex.incoming | {number}) & net.hurried:
        return set()
    if (
        net.waits
        and edge.rests
        and any(net.edges[n].rests and net.view(n) != net.view(number) for n in vertex.incoming)
    ):
        return set()
    sources = _sources(net, name)
    for before in vertex.incoming:
        coming = net.edges[before]
        coming.via += [*([vertex.element] if vertex.element else []), *outcome.path, *edge.via]
        coming.beside |= edge.beside
        coming.flow, coming.target = edge.flow, edge.target
        _link(coming, edge, coming)
        following.incoming.add(before)
        if coming.source in net.vertices:
            net.vertices[coming.source].covers |= vertex.covers
    following.incoming.discard(number)
    del net.edges[number], net.vertices[name]
    return {edge.target} | sources
