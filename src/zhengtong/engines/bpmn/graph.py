"""The compiled process: everything a step asks is already looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from zhengtong.engines.bpmn.errors import Finding
from zhengtong.engines.bpmn.instants import Cycle, Duration
from zhengtong.engines.feel import Expression


class Kind(StrEnum):
    """How a node behaves; several BPMN elements may behave alike."""

    START = "start"
    PASS = "pass"  # noqa: S105 - a token passes through
    END = "end"
    TERMINATE = "terminate"
    TASK = "task"
    ACTION = "action"
    DECISION = "decision"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"
    CHOICE = "choice"
    SCOPE = "scope"
    ADHOC = "adhoc"
    CALL = "call"
    THROW = "throw"
    ERROR = "error"
    CAUGHT = "caught"
    SCRIPT = "script"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow: where it leads, when, and what it is called."""

    id: str
    target: str
    condition: Expression | None = None
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """When a timer is due: exactly one of a duration, an instant, a repetition, or the name of a clock kept outside.

    Or it is computed when the timer starts: by `expression`, which gives what `unit` says (`duration`, `date`,
    `cycle`).
    """

    duration: Duration | None = None
    instant: datetime | None = None
    clock: str = ""
    cycle: Cycle | None = None
    expression: Expression | None = None
    unit: str = ""


class Repeat(StrEnum):
    """How an activity is done several times: while a condition holds, for each at once, or for each in turn."""

    LOOP = "loop"
    AT_ONCE = "at once"
    IN_TURN = "in turn"


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity is done; what does not apply is empty. Names are those of variables."""

    repeat: Repeat
    condition: Expression | None = None  # of a loop: goes on while true, `before` the first time already
    before: bool = False
    most: int | None = None
    cardinality: Expression | None = None  # so many times, or
    collection: str = ""  # once for each of these
    item: str = ""  # the one it is done for
    output: str = ""  # the list of what each time gave as `output_item`
    output_item: str = ""
    until: Expression | None = None  # ends it before all are done
    tallied: bool = False  # each time that is over leaves a note
    share: Fraction | None = None  # of a vote: how many of them must agree; 0 is one alone
    agree: str = ""  # the outcome with which they agree


@dataclass(frozen=True, slots=True)
class AdHoc:
    """What may be started in an ad-hoc sub-process, in document order, and when that is over."""

    offers: tuple[str, ...] = ()
    until: Expression | None = None  # without it somebody says so
    in_turn: bool = False  # one at a time
    cancels: bool = True  # what still runs then ends with it


@dataclass(frozen=True, slots=True)
class Transfer:
    """One value on its way into an activity or out of it: what `value` gives, or the one named `source`."""

    target: str
    source: str = ""
    value: Expression | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node; what does not apply to it is empty."""

    id: str
    tag: str  # its BPMN element
    kind: Kind
    name: str = ""
    name_en: str = ""
    stage: str = ""  # shown to citizens
    scope: str = ""  # the sub-process it stands in, "" for the process itself

    # Flows
    outgoing: tuple[Flow, ...] = ()  # in the order in which conditions are asked; a link's has the id of its event
    conditional: bool = False
    default: Flow | None = None
    incoming: int = 0

    # Events that belong to it, and what it belongs to
    attached: tuple[str, ...] = ()  # boundary events of an activity, or what an event gateway waits for
    watched: tuple[str, ...] = ()  # those of them that wait by a token of their own
    caught: tuple[str, ...] = ()  # those that something thrown inside reaches
    host: str = ""  # the activity of a boundary event, the gateway of an event
    interrupting: bool = True
    undo: str = ""  # the activity that undoes this one
    undo_inside: str = ""  # the start event of the event sub-process that undoes what it stands in
    noted: bool = False  # once completed it leaves a note, for it or something inside can be undone
    undoes: bool = False  # begun by compensation alone
    inner: str = ""  # the start event of a sub-process
    triggered: bool = False  # an event sub-process
    handlers: tuple[str, ...] = ()  # start events of the event sub-processes inside
    loop: Loop | None = None
    adhoc: AdHoc | None = None
    improvised: bool = False  # an activity of an ad-hoc sub-process
    called: str = ""  # the process that a call activity runs, a key of the library
    isolated: bool = False  # which then knows only what goes in

    # What people, the world and rules are asked for
    role: str = ""  # as written, else that of its lane
    outcomes: tuple[str, ...] = ()
    form: str = ""
    action: str = ""
    decision: str = ""
    script: Expression | None = None
    result: str = ""  # the variable of what a script gives

    inputs: tuple[Transfer, ...] = ()
    outputs: tuple[Transfer, ...] = ()

    # What an event, a send task or a receive task waits for or throws
    trigger: str = (
        ""  # message timer signal error escalation conditional link terminate compensate cancel; "" for a plain event
    )
    message: str = ""
    timer: Timer | None = None
    code: str = ""  # name of a signal, code of an error or escalation ("" catches any), activity to undo ("" for all)
    condition: Expression | None = None
    to: tuple[str, ...] = ()  # where message flows from it lead
    instantiates: bool = False  # an instance may begin here, or at the events of this gateway
    together: bool = False  # and then the other events of this gateway are awaited too


@dataclass(frozen=True, slots=True)
class Graph:
    """An executable process. `starts` is where it may begin, in document order, `notices` what has no effect.

    `handlers` are the start events of its own event sub-processes; `conditional` says that something in it waits for
    a condition. `reach` has, for each inclusive join, a bit for each flow into it, and for each node those of the
    flows that can be reached from there without passing the join. `library` has the processes that it calls, and
    those that they call, by key. `agency` is whose tasks they are where nothing else says, by its credit code.
    """

    process: str
    name: str
    nodes: Mapping[str, Node]
    starts: tuple[str, ...]
    name_en: str = ""
    agency: str = ""
    notices: tuple[Finding, ...] = ()
    move_limit: int = 1000
    handlers: tuple[str, ...] = ()
    conditional: bool = False
    library: "Mapping[str, Graph]" = field(default_factory=dict)
    reach: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]] = field(default_factory=dict)

    def expressions(self) -> Iterator[tuple[str, Expression]]:
        """Every expression of the process with the id of the flow or element that has it, in document order."""
        for node in self.nodes.values():
            yield from ((node.id, expression) for expression in _of(node) if expression is not None)
            yield from ((flow.id, flow.condition) for flow in node.outgoing if flow.condition is not None)


def _of(node: Node) -> Iterator[Expression | None]:
    yield from (node.condition, node.script)
    yield from (transfer.value for transfer in (*node.inputs, *node.outputs))
    if node.timer is not None:
        yield node.timer.expression
    if node.loop is not None:
        yield from (node.loop.condition, node.loop.cardinality, node.loop.until)
    if node.adhoc is not None:
        yield node.adhoc.until
