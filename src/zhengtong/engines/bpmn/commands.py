"""What a step asks the world around it to do, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zhengtong.engines.bpmn.events import nothing


@dataclass(frozen=True, slots=True)
class CreateTask:
    """Put a task before people; answered by `TaskCompleted(token)`. `data` is what the model says goes in.

    `who` names the one it is for, where that is known: the item of a repetition, or somebody who was asked. `asked`
    says why it is more than a step of the model: `before`, `after`, `delegated`, `returned` or `withdrawn`.
    """

    token: int
    element: str
    role: str
    outcomes: tuple[str, ...]
    data: Mapping[str, object] = field(default_factory=nothing)
    who: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class CancelTask:
    """Take an open task away."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class OfferActivities:
    """Let people start any of `activities`, as often as they like: `ActivityStarted(token, element)`.

    It takes the place of what was offered there before; nothing is on offer once it is empty.
    """

    token: int
    element: str
    role: str
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelOffer:
    """Nothing there can be started any more."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class HoldTask:
    """Others were asked: an open task stays where it is, but cannot be completed until `ResumeTask`."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class ResumeTask:
    """Everybody who was asked has answered: a held task can be completed again."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class CallAction:
    """Do the named action; answered by `ActionDone(token)` or `ActionFailed(token)`. `data` as in `CreateTask`."""

    token: int
    element: str
    action: str
    data: Mapping[str, object] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Decide:
    """Ask the named decision; answered like `CallAction`."""

    token: int
    element: str
    decision: str
    data: Mapping[str, object] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class CancelCall:
    """Nobody awaits the answer of this action or decision any more."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class Stalled:
    """Something failed and nothing in the model catches that: show it to whoever can mend it."""

    token: int
    element: str
    reason: str


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Send `TimerFired(token)` at `due`, or, where `due` is None, when the outside `clock` runs out."""

    token: int
    element: str
    due: datetime | None
    clock: str


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Stop a timer."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class AwaitMessage:
    """Send `MessageReceived(name=message)` when it comes."""

    token: int
    element: str
    message: str


@dataclass(frozen=True, slots=True)
class CancelMessage:
    """The message is awaited no longer."""

    token: int
    element: str
    message: str


@dataclass(frozen=True, slots=True)
class AwaitSignal:
    """Send `SignalReceived(name=signal)` whenever it is broadcast elsewhere."""

    token: int
    element: str
    signal: str


@dataclass(frozen=True, slots=True)
class CancelSignal:
    """The signal is awaited no longer."""

    token: int
    element: str
    signal: str


@dataclass(frozen=True, slots=True)
class AwaitCondition:
    """Send `DataChanged` when one of the `names` that the condition reads changes without an event of its own."""

    token: int
    element: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelCondition:
    """The condition is awaited no longer."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class StoreData:
    """Lay these values over the data of the instance, before anything else is sent to it."""

    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Send a message once the step is safe. `to` are the ids at the other ends of its message flows, if drawn."""

    element: str
    message: str
    data: Mapping[str, object] = field(default_factory=nothing)
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BroadcastSignal:
    """Let every other instance that awaits the signal have it; this one has had it already."""

    element: str
    signal: str
    data: Mapping[str, object] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Escalated:
    """The process asks for attention; `caught` says whether something in the model sees to it."""

    element: str
    escalation: str
    data: Mapping[str, object] = field(default_factory=nothing)
    caught: bool = False


@dataclass(frozen=True, slots=True)
class Suspended:
    """Nothing is taken any more until `Resumed`; keep `state.suspended` with the instance."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """Events are taken again; what fell due meanwhile may be sent now."""


@dataclass(frozen=True, slots=True)
class ProcessEnded:
    """No token is left.

    `cancelled` tells an instance cut short by `Cancel`, `error` the code of an error that nothing caught.
    """

    cancelled: bool = False
    error: str = ""


Command = (
    CreateTask
    | CancelTask
    | OfferActivities
    | CancelOffer
    | HoldTask
    | ResumeTask
    | CallAction
    | Decide
    | CancelCall
    | Stalled
    | StartTimer
    | CancelTimer
    | AwaitMessage
    | CancelMessage
    | AwaitSignal
    | CancelSignal
    | AwaitCondition
    | CancelCondition
    | StoreData
    | SendMessage
    | BroadcastSignal
    | Escalated
    | Suspended
    | Resumed
    | ProcessEnded
)
