"""What may happen to a process instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOTHING: Mapping[str, object] = MappingProxyType({})


def nothing() -> Mapping[str, object]:
    """No data."""
    return NOTHING


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """A user or manual task is done; where it declares outcomes, `data["outcome"]` is one of them."""

    token: int
    data: Mapping[str, object] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class ActivityStarted:
    """Somebody starts one of the activities that the ad-hoc sub-process at `token` offers."""

    token: int
    element: str


@dataclass(frozen=True, slots=True)
class AdHocEnded:
    """Somebody says that an ad-hoc sub-process without a completion condition is over."""

    token: int


@dataclass(frozen=True, slots=True)
class ActionDone:
    """The answer to `CallAction` or `Decide`, whoever gives it: also how a failed one is mended or skipped."""

    token: int
    data: Mapping[str, object] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class ActionFailed:
    """`CallAction` or `Decide` could not be done; its token goes on waiting, until `Retry` or `ActionDone`."""

    token: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ErrorRaised:
    """An open task, action or decision ends in the named error; where nothing catches that, it goes on waiting."""

    token: int
    error: str
    data: Mapping[str, object] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Retry:
    """Ask once more for an action or decision that has not been answered."""

    token: int


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer is due."""

    token: int


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message came in. It is taken once: by `token` where given, else by the token that waited longest."""

    name: str
    data: Mapping[str, object] = field(default_factory=nothing)
    token: int = 0


@dataclass(frozen=True, slots=True)
class SignalReceived:
    """A signal was broadcast. Everything in the instance that awaits it has it."""

    name: str
    data: Mapping[str, object] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class DataChanged:
    """Something in the data is new: conditions that are awaited are looked at again."""

    data: Mapping[str, object] = field(default_factory=nothing)


@dataclass(frozen=True, slots=True)
class Cancel:
    """The whole instance ends here, as when a case is withdrawn or terminated."""

    reason: str = ""


Event = (
    TaskCompleted
    | ActivityStarted
    | AdHocEnded
    | ActionDone
    | ActionFailed
    | ErrorRaised
    | Retry
    | TimerFired
    | MessageReceived
    | SignalReceived
    | DataChanged
    | Cancel
)
