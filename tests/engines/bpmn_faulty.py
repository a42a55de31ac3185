"""Textbook processes: each fault by itself, and sound ones that look alike."""

from engines.bpmn_drawing import (
    adhoc,
    chain,
    compensate,
    condition,
    error,
    escalation,
    flow,
    handler,
    message,
    node,
    script,
    signal,
    sub,
    task,
    timer,
    undoable,
    undone,
)

START, END = node("startEvent", "s"), node("endEvent", "e")


def parallel(name: str) -> str:
    return node("parallelGateway", name)


def exclusive(name: str, default: str = "") -> str:
    return node("exclusiveGateway", name, **({"default": default} if default else {}))


def inclusive(name: str, default: str = "") -> str:
    return node("inclusiveGateway", name, **({"default": default} if default else {}))


def repeated(name: str, how: str, *inside: str, **attributes: str) -> str:
    """A user task that is done several times, or a sub-process of `inside` that is."""
    if not inside:
        return node("userTask", name, how, zt_role="clerk", **attributes)
    return node("subProcess", name, how + node("startEvent", f"{name}s") + "".join(inside))


def boundary(name: str, host: str, definition: str, *, stops: bool = True) -> str:
    return node("boundaryEvent", name, definition, attachedToRef=host, cancelActivity=str(stops).lower())


def inner(name: str, *body: str) -> str:
    return node("subProcess", name, "".join((node("startEvent", f"{name}s"), node("endEvent", f"{name}e"), *body)))


FORK = [START, END, parallel("f"), task("a"), task("b"), chain("s", "f", "a"), chain("f", "b")]
PICK = [
    START,
    END,
    exclusive("x", "x_b"),
    task("a"),
    task("b"),
    flow("s", "x"),
    flow("x", "a", "v > 1"),
    flow("x", "b"),
]
OOPS = node("endEvent", "oops", error("x"))
BAD = [parallel("f"), task("a"), task("b"), exclusive("m"), chain("ws", "f", "a", "m", "we"), chain("f", "b", "m")]
SOME = [START, END, inclusive("o", "o_b"), task("a"), task("b"), task("c"), flow("s", "o"), flow("o", "a", "v > 1")]
SOME += [flow("o", "c", "w > 1"), flow("o", "b")]
LOOP = "<standardLoopCharacteristics><loopCondition>{}</loopCondition></standardLoopCharacteristics>"
VOTE = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
EACH = (
    "<multiInstanceLoopCharacteristics><loopCardinality>{}</loopCardinality>"
    "<completionCondition>enough</completionCondition></multiInstanceLoopCharacteristics>"
)
LATE = [START, END, task("a"), boundary("late", "a", timer(), stops=False), task("r")]

UNDO = node("intermediateThrowEvent", "undo", compensate())
CANCELLED = node("endEvent", "stop", "<cancelEventDefinition/>")
FAULTS: dict[str, tuple[list[str], dict[str, str]]] = {
    "a choice joined by a parallel gateway waits for the branch not taken": (
        [*PICK, parallel("j"), chain("a", "j"), chain("b", "j", "e")],
        {"deadlock": "j", "unreachable": "e j"},
    ),
    "a parallel split joined by an exclusive gateway does what follows twice": (
        [*FORK, exclusive("m"), task("t"), chain("a", "m"), chain("b", "m", "t", "e")],
        {"lack_of_synchronisation": "m"},
    ),
    "the same where only the end follows": (
        [*FORK, exclusive("m"), chain("a", "m"), chain("b", "m", "e")],
        {"lack_of_synchronisation": "m"},
    ),
    "an activity that two parallel flows enter is done twice": (
        [*FORK, task("t"), chain("a", "t"), chain("b", "t", "e")],
        {"lack_of_synchronisation": "t"},
    ),
    "each round of a loop leaves a branch behind": (
        [START, END, exclusive("m"), parallel("f"), task("a"), task("b"), chain("s", "m", "f", "a", "m")]
        + [chain("f", "b", "e")],
        {"unbounded_growth": "b"},
    ),
    "a loop that nothing leaves": (
        [START, END, exclusive("x", "x_e"), exclusive("m"), task("a"), chain("s", "x", "e"), flow("x", "m", "v = 1")]
        + [chain("m", "a", "m")],
        {"endless": "a m"},
    ),
    "a path that stops without an end event": (
        [START, END, exclusive("x", "x_e"), task("a"), chain("s", "x", "e"), flow("x", "a", "v = 1")],
        {"dead_end": "a"},
    ),
    "an island": (
        [START, END, task("a"), task("b"), task("c"), chain("s", "a", "e"), chain("b", "c", "b")],
        {"unreachable": "b c"},
    ),
    "a join that also waits for an island": (
        [START, END, task("a"), task("b"), task("c"), parallel("j"), chain("s", "a", "j", "e")]
        + [chain("b", "c", "b"), flow("c", "j")],
        {"deadlock": "j", "unreachable": "b c e j"},
    ),
    "a value that no condition covers": (
        [START, END, exclusive("x"), task("a"), task("b"), flow("s", "x"), flow("x", "a", "v > 10")]
        + [flow("x", "b", "v < 10"), chain("a", "e"), chain("b", "e")],
        {"missing_default": "x"},
    ),
    "an outcome that no condition covers": (
        [START, END, task("t", "yes no later"), exclusive("x"), task("a"), chain("s", "t", "x")]
        + [flow("x", "a", 'outcome = "yes"'), flow("x", "e", 'outcome = "no"'), chain("a", "e")],
        {"missing_default": "x"},
    ),
    "conditions that leave an activity and may all be false": (
        [
            START,
            END,
            task("t"),
            task("a"),
            task("b"),
            flow("s", "t"),
            flow("t", "a", "p"),
            flow("t", "b", "not(p) and q"),
        ]
        + [chain("a", "e"), chain("b", "e")],
        {"missing_default": "t"},
    ),
    "a condition that can never be true": (
        [START, END, task("t", "yes no"), exclusive("x", "x_e"), task("a"), chain("s", "t", "x", "e")]
        + [flow("x", "a", 'outcome = "maybe"'), chain("a", "e")],
        {"unreachable": "a"},
    ),
    "a fault inside a sub-process is told of the inside": (
        [START, END, chain("s", "w", "e"), inner("w", *BAD)],
        {"lack_of_synchronisation": "m"},
    ),
    "a reminder that goes on into the main path does it twice": (
        [*LATE, exclusive("m"), task("t"), chain("s", "a", "m", "t", "e"), chain("late", "r", "m")],
        {"lack_of_synchronisation": "m"},
    ),
    "a join that waits for a reminder that need not come": (
        [*LATE, parallel("j"), chain("s", "a", "j", "e"), chain("late", "r", "j")],
        {"deadlock": "j"},
    ),
    "a deadline that interrupts and is joined with what it interrupts": (
        [START, END, task("a"), boundary("late", "a", timer()), parallel("j"), chain("s", "a", "j", "e")]
        + [flow("late", "j")],
        {"deadlock": "j", "unreachable": "e j"},
    ),
}
SOUND: dict[str, list[str]] = {
    "a parallel split and its join": [*FORK, parallel("j"), chain("a", "j"), chain("b", "j", "e")],
    "a choice and its merge": [*PICK, exclusive("m"), chain("a", "m"), chain("b", "m", "e")],
    "branches that each end": [*FORK, node("endEvent", "e2"), chain("a", "e"), chain("b", "e2")],
    "branches that end in one event": [*FORK, chain("a", "e"), chain("b", "e")],
    "a loop with a way out": [
        *(START, END, exclusive("m"), task("a"), exclusive("x", "x_e"), chain("s", "m", "a", "x", "e")),
        flow("x", "m", "again"),
    ],
    "complementary conditions": [
        *(START, END, exclusive("x"), task("a"), task("b"), flow("s", "x"), flow("x", "a", "v > 10")),
        *(flow("x", "b", "v <= 10"), chain("a", "e"), chain("b", "e")),
    ],
    "every outcome covered, told apart twice": [
        *(START, END, task("t", "yes no later"), exclusive("x", "x_y"), exclusive("y"), task("a")),
        *(chain("s", "t", "x", "y"), flow("x", "a", 'outcome = "later"'), flow("y", "e", 'outcome = "no"')),
        *(flow("y", "a", 'outcome = "yes"', name="again"), flow("a", "e")),
    ],
    "a reminder beside the work, in a loop": [
        *(*LATE, exclusive("m"), exclusive("x", "x_e"), node("endEvent", "told")),
        *(chain("s", "m", "a", "x", "e"), flow("x", "m", "again"), chain("late", "r", "told")),
    ],
    "messages that may come again and again": [
        *(START, END, task("a"), boundary("asked", "a", message(), stops=False), task("r"), chain("s", "a", "e")),
        chain("asked", "r", "e"),
    ],
    "a deadline that interrupts": [
        *(START, END, task("a"), boundary("late", "a", timer()), task("b"), exclusive("m")),
        *(chain("s", "a", "m", "e"), chain("late", "b", "m")),
    ],
    "a termination cuts off what else runs": [
        *(*FORK, node("endEvent", "stop", node("terminateEventDefinition", "d")), chain("a", "e"), chain("b", "stop")),
    ],
    "an event decides": [
        *(START, END, node("eventBasedGateway", "g"), node("intermediateCatchEvent", "one", message())),
        *(node("intermediateCatchEvent", "two", timer()), chain("s", "g", "one", "e"), chain("g", "two", "e")),
    ],
    "splits and joins that cross": [
        *(*FORK, parallel("k"), parallel("l"), task("c"), task("d"), parallel("j")),
        *(chain("a", "k", "c", "j", "e"), chain("b", "l", "d", "j"), flow("k", "l")),
    ],
    "an outcome is still known after a script": [
        *(START, END, task("t", "yes no"), exclusive("x"), task("a"), chain("s", "t", "c", "x")),
        *(flow("x", "a", 'outcome = "yes"'), flow("x", "e", 'outcome = "no"'), chain("a", "e")),
        script("c", "1", zt_result="n"),
    ],
    "signals, conditions and messages sent": [
        *(
            START,
            END,
            task("a"),
            boundary("now", "a", condition("n > 1"), stops=False),
            task("r"),
            chain("now", "r", "told"),
        ),
        *(node("intermediateThrowEvent", "cry", signal()), node("intermediateCatchEvent", "hear", signal())),
        *(chain("s", "a", "cry", "hear", "e"), node("endEvent", "told", message())),
    ],
    "an error is caught around the sub-process that ends in it": [
        *(START, END, task("z"), boundary("bad", "w", error("x")), chain("s", "w", "e"), chain("bad", "z", "e")),
        inner("w", exclusive("x", "x_we"), chain("ws", "x", "we"), flow("x", "oops", "n > 1"), OOPS),
    ],
    "an error of whoever does a task": [
        *(
            START,
            END,
            task("a"),
            boundary("bad", "a", error("x")),
            task("z"),
            chain("s", "a", "e"),
            chain("bad", "z", "e"),
        ),
    ],
    "an escalation tells those around and goes on": [
        *(START, END, boundary("told", "w", escalation("x"), stops=False), task("z"), node("endEvent", "done")),
        *(chain("s", "w", "e"), chain("told", "z", "done")),
        inner("w", node("intermediateThrowEvent", "tell", escalation("x")), chain("ws", "tell", "we")),
    ],
    "event sub-processes, in place and beside": [
        *(START, END, task("a"), chain("s", "a", "e")),
        handler("stop", message(), task("b"), node("endEvent", "bE"), chain("stop_s", "b", "bE")),
        handler("also", timer(), task("c"), node("endEvent", "cE"), chain("also_s", "c", "cE"), beside=True),
    ],
    "an error is handled in place of what threw it": [
        *(START, OOPS, task("a"), chain("s", "a", "oops")),
        handler("help", error(), task("b"), node("endEvent", "bE"), chain("help_s", "b", "bE")),
    ],
}
FAULTS |= {
    "an event at the border that nothing inside throws": (
        [START, END, boundary("bad", "w", error("y")), task("z"), chain("s", "w", "e"), chain("bad", "z", "e")]
        + [inner("w", node("manualTask", "i"), chain("ws", "i", "we")).replace("manualTask", "intermediateThrowEvent")],
        {"unreachable": "bad z"},
    ),
    "a sub-process that only ends in an error goes on only from there": (
        [START, END, boundary("bad", "w", error("x")), task("n"), chain("s", "w", "n", "e"), chain("bad", "e")]
        + [sub("w", OOPS, chain("w_s", "oops"))],
        {"unreachable": "n"},
    ),
    "a fault inside an event sub-process": (
        [START, END, task("q"), chain("s", "q", "e")]
        + [handler("h", message(), *BAD, node("endEvent", "we")).replace("ws_f", "h_s_f").replace('"ws"', '"h_s"')],
        {"lack_of_synchronisation": "m"},
    ),
    "a deadline around it does not hide that the inside gets stuck": (
        [START, END, boundary("late", "w", timer()), chain("s", "w", "e"), chain("late", "e")]
        + [inner("w", *PICK[2:5], *PICK[6:], flow("ws", "x"), parallel("j"), chain("a", "j"), chain("b", "j", "we"))],
        {"deadlock": "j", "unreachable": "j we"},
    ),
}
FAULTS |= {
    "some branches joined by a parallel gateway wait for those not taken": (
        [*SOME, parallel("j"), chain("a", "j"), chain("b", "j"), chain("c", "j", "e")],
        {"deadlock": "j", "unreachable": "e j"},
    ),
    "some branches that meet without being joined": (
        [*SOME, exclusive("m"), task("t"), chain("a", "m"), chain("b", "m"), chain("c", "m", "t", "e")],
        {"lack_of_synchronisation": "m"},
    ),
    "two inclusive gateways that wait for one another": (
        [
            *FORK,
            inclusive("j"),
            inclusive("k"),
            parallel("l"),
            task("c"),
            parallel("q"),
            task("d"),
            chain("a", "j", "l"),
        ]
        + [chain("b", "k", "q"), chain("l", "c", "k"), chain("q", "d", "j"), chain("l", "e"), chain("q", "e")],
        {"deadlock": "j | k", "unreachable": "c d e j k l q"},
    ),
    "a loop whose condition is always true": (
        [START, END, repeated("a", LOOP.format("true")), chain("s", "a", "e")],
        {"endless": "a", "unreachable": "e"},
    ),
    "an activity that is to be done no times": (
        [START, END, repeated("a", EACH.format("0")), chain("s", "a", "e")],
        {"unreachable": "a"},
    ),
    "a fault inside what is done for each": (
        [START, END, chain("s", "w", "e"), repeated("w", EACH.format("n"), node("endEvent", "we"), *BAD)],
        {"lack_of_synchronisation": "m"},
    ),
    "each that ends in an error goes on only from there": (
        [START, END, boundary("bad", "w", error("x")), task("n"), chain("s", "w", "n", "e"), chain("bad", "e")]
        + [repeated("w", EACH.format("3"), OOPS, chain("ws", "oops"))],
        {"unreachable": "n"},
    ),
    "an escalation that interrupts ends whoever escalates": (
        [START, END, boundary("told", "w", escalation("x")), chain("s", "w", "e"), chain("told", "e")]
        + [
            inner(
                "w", node("intermediateThrowEvent", "tell", escalation("x")), task("i"), chain("ws", "tell", "i", "we")
            )
        ],
        {"unreachable": "i we"},
    ),
    "a timer at a script has nothing to interrupt": (
        [START, END, script("c", "1", zt_result="n"), boundary("late", "c", timer()), task("z"), chain("s", "c", "e")]
        + [chain("late", "z", "e")],
        {"unreachable": "late z"},
    ),
}
SOUND |= {
    "some branches and their join": [
        *(*SOME, inclusive("j"), chain("a", "j"), chain("b", "j"), chain("c", "j", "e")),
    ],
    "a parallel split joined by an inclusive gateway": [*FORK, inclusive("j"), chain("a", "j"), chain("b", "j", "e")],
    "a reminder that an inclusive gateway waits for": [
        *(*LATE, inclusive("j"), chain("s", "a", "j", "e"), chain("late", "r", "j")),
    ],
    "a loop that may end": [START, END, repeated("a", LOOP.format("loopCounter &lt; 3")), chain("s", "a", "e")],
    "a loop that only a message ends": [
        *(START, END, repeated("a", LOOP.format("true")), boundary("over", "a", message()), chain("s", "a", "e")),
        chain("over", "e"),
    ],
    "a vote of each that is over once enough have voted": [
        *(START, END, repeated("a", EACH.format("count(members)")), boundary("late", "a", timer()), task("z")),
        *(chain("s", "a", "z", "e"), chain("late", "z")),
    ],
    "a vote gives one of its outcomes": [
        *(START, END, exclusive("x"), task("z"), chain("s", "a", "x"), chain("z", "e")),
        repeated("a", VOTE, zt_sign="2/3", zt_outcomes="yes no"),
        *(flow("x", "z", 'outcome = "yes"'), flow("x", "e", 'outcome = "no"')),
    ],
    "each in a sub-process with ends and errors of its own": [
        *(START, END, boundary("bad", "w", error("x")), task("z"), chain("s", "w", "e"), chain("bad", "z", "e")),
        repeated(
            *("w", EACH.format("n"), exclusive("x", "x_we"), node("endEvent", "we"), OOPS, chain("ws", "x", "we")),
            flow("x", "oops", "n > 1"),
        ),
    ],
}
UNDONE = [START, END, undoable("a"), task("b"), chain("s", "a", "b")]
FAULTS |= {
    "a fault inside what is on offer": (
        [START, END, chain("s", "h", "e"), adhoc("h", inner("w", *BAD))],
        {"lack_of_synchronisation": "m"},
    ),
    "what is on offer is never over": (
        [START, END, chain("s", "h", "e"), adhoc("h", task("a"), until="false")],
        {"endless": "h", "unreachable": "e"},
    ),
    "a fault inside what undoes": (
        [START, END, task("t"), undone("t", "w"), chain("s", "t", "undo", "e"), UNDO]
        + [inner("w", *BAD).replace('id="w"', 'id="w" isForCompensation="true"')],
        {"lack_of_synchronisation": "m"},
    ),
    "a transaction that is always cancelled goes on only from there": (
        [START, END, node("transaction", "w", node("startEvent", "ws") + CANCELLED + chain("ws", "stop")), task("z")]
        + [boundary("off", "w", "<cancelEventDefinition/>"), chain("s", "w", "z", "e"), chain("off", "e")],
        {"unreachable": "z"},
    ),
}
SOUND |= {
    "what is on offer, as people like": [
        *(START, END, chain("s", "h", "e"), adhoc("h", task("a"), task("b"), task("c"), chain("a", "b"), until="done")),
    ],
    "what was done is undone": [*UNDONE, UNDO, chain("b", "undo", "e")],
    "what was done is undone or not": [
        *(*UNDONE, UNDO, exclusive("x", "x_e"), chain("b", "x", "e"), flow("x", "undo", "bad"), chain("undo", "e")),
    ],
}
