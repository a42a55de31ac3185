"""What may happen to a process instance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from zhengtong.engines.bpmn.state import NO_HISTORY, History

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


@dataclass(frozen=True, slots=True)
class SendBack:
    """退回: whoever has the open task `token` sends the work back to the activity `to`, done before it.

    `to` is the id of an activity, or of a start event, or "" for the applicant (the start event without a trigger).
    Exactly what came of that activity's completion is undone; it is done anew, by a new token. `history` has every
    ended token of the instance. With `direct` nothing is undone: the task is held meanwhile, and resumed after.
    """

    token: int
    to: str = ""
    history: History = NO_HISTORY
    reason: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    """撤回: whoever completed the task `token` takes that back, as long as nothing was done after it."""

    token: int
    history: History = NO_HISTORY


@dataclass(frozen=True, slots=True)
class AddSigners:
    """加签: others sign as well, all at once before the open task `token`, or one after another after it."""

    token: int
    who: tuple[str, ...]
    place: str = "before"


@dataclass(frozen=True, slots=True)
class Delegate:
    """委派: somebody else does the work of the open task `token` and gives it back."""

    token: int
    to: str


@dataclass(frozen=True, slots=True)
class AddInstances:
    """加签 alongside: the repeated activity `token`, or that of which `token` is one time, is done for more items."""

    token: int
    items: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RemoveSigner:
    """减签: take away one of several that is not done, or somebody who was asked."""

    token: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Suspend:
    """挂起: until `Resume`, nothing is taken but that and `Cancel`."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """恢复: go on after `Suspend`."""


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
    | SendBack
    | Withdraw
    | AddSigners
    | Delegate
    | AddInstances
    | RemoveSigner
    | Suspend
    | Resume
)
