"""The compiled process: everything a step asks is already looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

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
    THROW = "throw"
    ERROR = "error"
    CAUGHT = "caught"
    SCRIPT = "script"


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


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. `tag` is its BPMN element, `scope` the sub-process it stands in ("" in the process itself).

    `attached` are the boundary events of an activity, or the events an event gateway waits for; of them `watched` wait
    by a token of their own and `caught` are reached by what is thrown inside. `host` is the activity of a boundary
    event; `inner` the start event of a sub-process, `triggered` says that it is an event sub-process, `handlers` are
    the start events of the event sub-processes in it.

    `trigger` is what an event waits for or throws (`message`, `timer`, `signal`, `error`, `escalation`, `conditional`,
    `link`, `terminate`; "" for a plain one), `code` the name of a signal, error or escalation ("" catches any),
    `condition` what is to become true, `to` where message flows from it lead. The flow of a link has the id of the
    event that throws it. `script` gives values, or the one of the variable `result`. `stage`, `name_en`, `role`,
    `outcomes`, `form`, `action` and `decision` are the `zt:` attributes as written.
    """

    id: str
    tag: str
    kind: Kind
    name: str = ""
    name_en: str = ""
    stage: str = ""
    scope: str = ""
    outgoing: tuple[Flow, ...] = ()
    conditional: bool = False
    default: Flow | None = None
    incoming: int = 0
    attached: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    caught: tuple[str, ...] = ()
    handlers: tuple[str, ...] = ()
    triggered: bool = False
    host: str = ""
    interrupting: bool = True
    inner: str = ""
    role: str = ""
    outcomes: tuple[str, ...] = ()
    form: str = ""
    action: str = ""
    decision: str = ""
    message: str = ""
    timer: Timer | None = None
    trigger: str = ""
    code: str = ""
    condition: Expression | None = None
    to: tuple[str, ...] = ()
    script: Expression | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """An executable process. `starts` are its start events in document order, `notices` what has no effect.

    `handlers` are the start events of its own event sub-processes; `conditional` says that something in it waits for
    a condition. `reach` has, for each inclusive join, a bit for each flow into it, and for each node those of the
    flows that can be reached from there without passing the join.
    """

    process: str
    name: str
    nodes: Mapping[str, Node]
    starts: tuple[str, ...]
    name_en: str = ""
    notices: tuple[Finding, ...] = ()
    move_limit: int = 1000
    handlers: tuple[str, ...] = ()
    conditional: bool = False
    reach: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]] = field(default_factory=dict)
