"""What a process may ask of the matter it moves: named actions, and the subject that gives its tasks a face."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.foundation.core.registry import Shelf, registry
from zhengtong.foundation.core.statements import Outgoing
from zhengtong.foundation.policy import Actor, declare_permission


@dataclass(frozen=True)
class TaskFace:
    """What a task shows in an inbox and sorts by; never anything sensitive."""

    agency_id: int
    title: str
    title_en: str
    label: str
    reference: str
    yellow_on: dt.date | None
    red_on: dt.date
    paused: bool = False


class Subject(Protocol):
    """What a process moves: loaded and locked by its own app, handed through, written once at the end."""

    @property
    def kind(self) -> str: ...

    @property
    def id(self) -> int: ...

    @property
    def rows(self) -> Outgoing:
        """The rows gathered for this step, sent when it ends; the process adds its own."""

    def face(self) -> TaskFace:
        """How its tasks look now."""

    def timer_due(self, clock: str) -> dt.datetime:
        """The instant at which the named clock runs out."""

    def decide(self, decision: str, call: "Call") -> Mapping[str, object]:
        """What the rules say on the named decision; it goes into the process's data under that name.

        Truth values, numbers and words of the rules only, or lists and mappings of them, None where the rules come to
        nothing: never anything personal. Raises a refusal, and with it refuses the step, for a decision that does not
        exist.
        """

    def flush(self) -> None:
        """Write what changed, or raise `Conflict` when somebody else wrote meanwhile."""


@dataclass(frozen=True)
class Call:
    """One call of an action: who acts, on what, with the data of the step, when."""

    by: Actor
    subject: Subject
    data: Mapping[str, object]
    now: dt.datetime
    process_id: int


Action = Callable[[Call], Mapping[str, object] | None]
Loader = Callable[[int, Actor, dt.datetime], Subject]

actions: Shelf[Action] = registry.shelf("actions")
subjects: Shelf[Loader] = registry.shelf("subjects")


def action(name: str) -> Callable[[Action], Action]:
    """Offer a function to processes under a versioned name (`cases.accept@1`)."""

    def offer(run: Action) -> Action:
        return actions.add(name, run)

    return offer


ROLES = {
    "clerk": _("Examine and accept applications"),
    "reviewer": _("Review cases and give an opinion"),
    "decider": _("Decide cases"),
    "head": _("Approve as head of the authority"),
}
"""The roles that tasks name; each is done by whoever holds the permission `task.<role>` where the task lies."""

WHO = {
    "clerk": pgettext_lazy("who does a step", "Clerk"),
    "reviewer": pgettext_lazy("who does a step", "Reviewer"),
    "decider": pgettext_lazy("who does a step", "Decider"),
    "head": pgettext_lazy("who does a step", "Head of the authority"),
}
"""The same as people: whom one asks, waits for and lets know."""

for _role, _label in ROLES.items():
    declare_permission(f"task.{_role}", _label, lent=True)
READ_ERRANDS = declare_permission("errand.read", _("Read the errands of an authority"), lent=True)
URGE_ERRANDS = declare_permission("errand.urge", _("Urge on those who handle an errand"))
HALT_ERRANDS = declare_permission("errand.halt", _("Suspend the handling of an errand, and have it go on"))
TERMINATE_ERRANDS = declare_permission("errand.terminate", _("Terminate an errand"))
REPAIR = declare_permission("process.repair", _("See and mend stuck processes"), kind="sys")
RELOCATE = declare_permission("process.relocate", _("Move running processes to another version"), kind="sys")
SEND = declare_permission("process.send", _("Send messages and signals to processes from outside"))
