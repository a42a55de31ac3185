"""Random tangles of gateways and activities: sound ones, and broken ones of every sort."""

from collections import Counter
from dataclasses import dataclass

from hypothesis import strategies as st

from engines.bpmn_drawing import (
    adhoc,
    chain,
    compensate,
    document,
    error,
    escalation,
    flow,
    handler,
    node,
    process,
    script,
    signal,
    task,
    timer,
    undoable,
)
from zhengtong.engines.bpmn import Graph, compile_process, read

PLAIN = ("exclusiveGateway", "exclusiveGateway", "parallelGateway", "parallelGateway", "terminate")
INCLUSIVE = ("exclusiveGateway", "inclusiveGateway", "inclusiveGateway", "parallelGateway")
HASTY = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "parallelGateway", "terminate", "failing")
EVERY = ("exclusiveGateway", "exclusiveGateway", "inclusiveGateway", "parallelGateway", "terminate")


@dataclass(frozen=True)
class Way:
    """A flow from one gateway to another, -1 for the end, by an activity; `else_to` where its event leads."""

    source: int
    target: int
    activity: str = "task"
    else_to: int | None = None


@dataclass(frozen=True)
class Tangle:
    """Gateways by kind, "" for those left out, and the ways between them; the first is where it begins."""

    kinds: tuple[str, ...]
    ways: tuple[Way, ...]


@st.composite
def tangles(
    draw: st.DrawFn,
    kinds: tuple[str, ...] = PLAIN,
    activities: tuple[str, ...] = ("task",),
    gateways: int = 7,
    leaving: int = 3,
) -> Tangle:
    """Gateways that are entered, each with some ways on. Whatever goes back does so by a task."""
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=gateways))
    ways = []
    for number, kind in enumerate(chosen):
        most = 0 if kind in ("terminate", "failing") else leaving
        for target in draw(st.lists(st.integers(-1, len(chosen) - 1), min_size=min(most, 1), max_size=most)):
            activity = draw(st.sampled_from(activities))
            if activity not in WAITING and -1 < target <= number:
                activity = "task"
            event = (
                draw(st.integers(number + 1, len(chosen))) % (len(chosen) + 1)
                if activity.partition(".")[0] in GUARDED
                else None
            )
            ways.append(Way(number, target, activity, -1 if event == len(chosen) else event))
    kept = set(range(len(chosen)))
    while True:
        entered = {0} | {t for way in ways if way.source in kept for t in (way.target, way.else_to) if t is not None}
        if kept <= entered:
            break
        kept &= entered
    ways = [way for way in ways if way.source in kept]
    return Tangle(tuple(kind if number in kept else "" for number, kind in enumerate(chosen)), tuple(ways))


def draw_tangle(tangle: Tangle) -> Graph:
    """The process of a tangle. Conditions are names, each of which may be true or false whenever it is asked."""
    body, beside = [node("startEvent", "s"), task("t"), flow("s", "t"), flow("t", "g0")], []
    used = {target for way in tangle.ways for target in (way.target, way.else_to)}
    body += [node("endEvent", "e")] if -1 in used else []
    places: Counter[int] = Counter()
    for number, way in enumerate(tangle.ways):
        place, places[way.source] = places[way.source], places[way.source] + 1
        asked = f"c{number}" if tangle.kinds[way.source] in CHOOSING and place else None
        name, to = f"f{way.source}_{place}", _named(way.target)
        if way.activity == "none":
            body.append(flow(f"g{way.source}", to, asked, name=name))
            continue
        activity = f"t{number}{way.activity}"
        body += [flow(f"g{way.source}", activity, asked, name=name), flow(activity, to)]
        drawn, called = _activity(activity, way.activity)
        body.append(drawn)
        beside += called
        if way.else_to is not None:
            event = f"{activity}_event"
            on = {"attachedToRef": activity, "cancelActivity": str(not way.activity.startswith("telling")).lower()}
            body += [node("boundaryEvent", event, _event(way.activity), **on), flow(event, _named(way.else_to))]
    for number, kind in enumerate(tangle.kinds):
        if kind == "terminate":
            body.append(node("endEvent", f"g{number}", node("terminateEventDefinition", f"d{number}")))
        elif kind == "failing":
            body.append(node("endEvent", f"g{number}", error("y")))
        elif kind:
            default = {"default": f"f{number}_0"} if kind in CHOOSING and places[number] > 1 else {}
            body.append(node(kind, f"g{number}", **default))
    return compile_process(read(document(*body, beside="".join(beside))), "p")


def _event(activity: str) -> str:
    """The event at the border of an activity."""
    if activity.startswith("timed"):
        return timer()
    return escalation("x") if activity.startswith(("escalating", "telling")) else error("x")


CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def _named(target: int) -> str:
    return f"g{target}" if target >= 0 else "e"


# Activities. Where their names hold "turn", how often they were done matters.

LOOP = "<standardLoopCharacteristics><loopCondition>again</loopCondition></standardLoopCharacteristics>"
BEFORE = LOOP.replace("Characteristics>", 'Characteristics testBefore="true">', 1)
FOR_EVER = LOOP.replace("again", "true")


def _many(count: str, *, in_turn: bool = False, until: bool = False) -> str:
    enough = "<completionCondition>enough</completionCondition>" if until else ""
    tag = "multiInstanceLoopCharacteristics"
    return f'<{tag} isSequential="{str(in_turn).lower()}"><loopCardinality>{count}</loopCardinality>{enough}</{tag}>'


REPEATED = {
    "task": "",
    "timed": "",
    "erring": "",
    "looping": LOOP,
    "asking": BEFORE,
    "rounds": FOR_EVER,
    "timedrounds": FOR_EVER,
    "each": _many("2"),
    "enough": _many("2", until=True),
    "turn": _many("2", in_turn=True),
    "erringturn": _many("2", in_turn=True, until=True),
    "perhaps": _many("if several then 2 else 0"),
    "never": _many("0"),
    "vote": _many("2"),
    "voteturn": _many("3", in_turn=True),
}
VOTES = {"vote": "any", "voteturn": "2/3"}
"""Those where several sign, and how many must agree."""
GUARDED = {"timed", "erring", "timedrounds", "erringturn", "erringsub", "timedsub", "erringcall", "erringeach"}
GUARDED |= {"escalatingsub", "tellingsub"}
WAITING = {"task", "timed", "erring", "looping", "rounds", "timedrounds", "each", "enough", "turn", "erringturn"}
WAITING |= {"vote", "voteturn"}

INSIDES = ("calm", "stuck", "crowd", "error", "either", "stop", "some")
"""What sub-processes and called processes are made of."""
SPECIAL = ("handled", "beside", "caught", "told", "escalates", "undo", "undoall", "offers", "offersuntil")
"""And those of event sub-processes, escalation, compensation and what is on offer."""
SCOPES = {
    "sub": "",
    "escalatingsub": "",
    "tellingsub": "",
    "erringsub": "",
    "timedsub": "",
    "subloop": LOOP,
    "subeach": _many("2"),
    "erringeach": _many("2", until=True),
    "subperhaps": _many("if several then 1 else 0"),
}
CALLS = {"call": "", "erringcall": "", "callturn": _many("2", in_turn=True)}
_PLAIN_SCOPES = tuple(scope for scope in SCOPES if scope not in ("escalatingsub", "tellingsub"))
EVERYTHING = (
    *(kind for kind in REPEATED if kind not in VOTES),
    *(f"{scope}.{inside}" for scope in (*_PLAIN_SCOPES, *CALLS) for inside in INSIDES),
    "none",
)
RAISING = (
    *VOTES,
    *(f"{scope}.{inside}" for scope in ("sub", "subloop", "erringsub", "timedsub", "call") for inside in SPECIAL),
    *(f"{scope}.{inside}" for scope in ("escalatingsub", "tellingsub") for inside in ("told", "escalates", "either")),
    "task",
)
"""Votes, ad-hoc work, compensation, event sub-processes, escalation."""
AT_ONCE = (
    "none",
    "none",
    "script",
    "sending",
    "sub.through",
    "sub.counts",
    "sub.fails",
    "sub.halts",
    "erringsub.fails",
)
SUDDEN = (
    "task",
    "task",
    "timed",
    "each",
    *AT_ONCE,
    "none",
    "sub.error",
    "sub.either",
    "sub.handled",
    "tellingsub.told",
)
"""What begins or is done in one step with what may end everything."""


def _activity(name: str, activity: str) -> tuple[str, list[str]]:
    kind, _, inside = activity.partition(".")
    if kind == "script":
        return script(name, "1", zt_result="counted"), []
    if kind == "sending":
        return node("intermediateThrowEvent", name, signal("h")), []
    if kind in REPEATED:
        signed = {"zt_sign": VOTES[kind], "zt_agree": "yes", "zt_outcomes": "yes no"} if kind in VOTES else {}
        return node("userTask", name, REPEATED[kind], zt_role="clerk", **signed), []
    if kind in SCOPES:
        return node("subProcess", name, SCOPES[kind] + _inside(name, inside)), []
    called = f"{name}_p"
    return node("callActivity", name, CALLS[kind], calledElement=called), [process(called, _inside(name, inside))]


def _special(name: str, inside: str) -> str:
    """What raises something, undoes something, or is on offer."""
    s, e, a, b, h = (f"{name}.{part}" for part in "seabh")
    body = node("startEvent", s) + node("endEvent", e)
    if inside in ("handled", "beside"):
        work = task(f"{h}a") + node("endEvent", f"{h}e") + chain(f"{h}_s", f"{h}a", f"{h}e")
        return body + task(a) + chain(s, a, e) + handler(h, timer(), work, beside=inside == "beside")
    if inside == "caught":
        work = task(f"{h}a") + node("endEvent", f"{h}e") + chain(f"{h}_s", f"{h}a", f"{h}e")
        oops = node("endEvent", f"{name}.oops", error("x"))
        return (
            body + task(a) + oops + _pick(f"{name}.x", s, a, f"{name}.oops") + flow(a, e) + handler(h, error("x"), work)
        )
    if inside == "told":
        return body + node("intermediateThrowEvent", b, escalation("x")) + task(a) + chain(s, b, a, e)
    if inside == "escalates":
        up = node("endEvent", b, escalation("x"))
        return body + task(a) + up + _pick(f"{name}.x", s, a, b) + flow(a, e)
    if inside in ("undo", "undoall"):
        back = node("intermediateThrowEvent", b, compensate(a if inside == "undo" else ""))
        return body + undoable(a) + back + task(f"{name}.after") + chain(s, a, b, f"{name}.after", e)
    on_offer = adhoc(h, task(a), task(b), until="enough" if inside == "offersuntil" else "")
    return body + on_offer + chain(s, h, e)


def _inside(name: str, inside: str) -> str:
    if inside in SPECIAL:
        return _special(name, inside)
    s, e, x, a, b, j = (f"{name}.{part}" for part in "sexabj")
    body = node("startEvent", s) + node("endEvent", e)
    if inside in ("through", "counts"):
        return body + (chain(s, e) if inside == "through" else script(a, "1", zt_result="counted") + chain(s, a, e))
    if inside == "fails":
        return node("startEvent", s) + node("endEvent", e, error("x")) + chain(s, e)
    if inside == "halts":
        halt = node("endEvent", x, node("terminateEventDefinition", f"{name}.d"))
        fork = node("parallelGateway", b) + task(a) + chain(s, b, a, e) + flow(b, x)
        return body + halt + fork
    if inside == "error":
        oops = f"{name}.oops"
        return body + task(a) + node("endEvent", oops, error("x")) + _pick(x, s, a, oops) + flow(a, e)
    if inside == "either":
        return body + task(a) + _pick(x, s, a, e) + flow(a, e)
    if inside == "stop":
        stop = f"{name}.stop"
        halt = node("endEvent", stop, node("terminateEventDefinition", f"{name}.d"))
        return body + halt + _fork(x, s, a, b) + flow(a, e) + flow(b, stop)
    join = {"calm": "parallelGateway", "stuck": "parallelGateway", "crowd": "exclusiveGateway"}
    split = _pick(x, s, a, b) + task(a) + task(b) if inside == "stuck" else _fork(x, s, a, b)
    if inside == "some":
        split = node("inclusiveGateway", x, default=f"{x}_{j}") + task(a) + task(b) + chain(s, x, j)
        split += flow(x, a, "c38") + flow(x, b, "c39")
    after = f"{name}.after"
    joined = node(join.get(inside, "inclusiveGateway"), j)
    return body + split + joined + task(after) + flow(a, j) + flow(b, j) + chain(j, after, e)


def _pick(gateway: str, source: str, one: str, other: str) -> str:
    default = f"{gateway}_{other}"
    drawn = node("exclusiveGateway", gateway, default=default)
    return drawn + flow(source, gateway) + flow(gateway, one, "c39") + flow(gateway, other, name=default)


def _fork(gateway: str, source: str, one: str, other: str) -> str:
    return (
        node("parallelGateway", gateway) + task(one) + task(other) + chain(source, gateway, one) + flow(gateway, other)
    )
