"""What a step asks the world around it to do, in order."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CreateTask:
    """Put a task before people; answered by `TaskCompleted(token)`."""

    token: int
    element: str
    role: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CancelTask:
    """Take an open task away."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class CallAction:
    """Do the named action; answered by `ActionDone(token)` or `ActionFailed(token)`."""

    token: int
    element: str
    action: str


@dataclass(frozen=True, slots=True)
class Decide:
    """Ask the named decision; answered like `CallAction`."""

    token: int
    element: str
    decision: str


@dataclass(frozen=True, slots=True)
class CancelCall:
    """Nobody awaits the answer of this action or decision any more."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class Stalled:
    """An action or decision failed and nothing in the model catches that: show it to whoever can mend it."""

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
class ProcessEnded:
    """No token is left; `cancelled` tells an instance cut short by `Cancel`."""

    cancelled: bool = False


Command = (
    CreateTask
    | CancelTask
    | CallAction
    | Decide
    | CancelCall
    | Stalled
    | StartTimer
    | CancelTimer
    | AwaitMessage
    | CancelMessage
    | ProcessEnded
)
