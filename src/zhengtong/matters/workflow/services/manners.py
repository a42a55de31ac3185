"""In what manner a kind of matter is handled: what its own app adds to the verbs that all kinds share (`together`).

A manner says how a matter is taken for an act, which colleagues its law keeps from a task, what goes along when the
work goes back, and what is kept of what was said. The verbs themselves know no kind.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.core.registry import Shelf, registry
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import task as task_of_id
from zhengtong.matters.workflow.registry import Subject
from zhengtong.matters.workflow.services.processes import Hold

T = TypeVar("T")


class InHand(Subject, Protocol):
    """A matter taken for one act: who acts, and when."""

    by: Actor
    now: dt.datetime


S = TypeVar("S", bound=InHand)


class Manner(ABC, Generic[S]):
    """How matters of one kind are handled; codes of its refusals begin with its `area`."""

    kind: str
    area: str

    @abstractmethod
    def take(self, number: int, by: Actor) -> S:
        """A matter for an act, locked where the database locks rows; call within a write. Raises NotFound."""

    @abstractmethod
    def take_by_task(self, task_id: int, by: Actor) -> tuple[S, Hold]:
        """The matter of a task, locked before that is read, and the task; call within a write. Raises NotFound."""

    @abstractmethod
    def require_reader(self, matter: S) -> None:
        """NotAllowed unless the actor reads it by his post: a copy is no ground to send copies."""

    @abstractmethod
    def require_halter(self, matter: S) -> None:
        """NotAllowed unless the actor may halt it."""

    @abstractmethod
    def may_urge(self, matter: S) -> bool:
        """Whether the actor may urge on who has it."""

    @abstractmethod
    def running(self, matter: S) -> list[int]:
        """The processes that move it; Conflict where nothing of it runs any more."""

    def taken(self, matter: S, task: Task) -> None:
        """A task of it was taken in hand."""

    def forbid(self, matter: S, task: Task, account_id: int) -> None:
        """NotAllowed where this official may not have a task of it, nor be asked about it."""

    def go_back(self, matter: S, held: Hold, to: str, *, direct: bool) -> None:
        """The work is about to go back to an activity, empty for the applicant; Conflict where it cannot."""

    def why_it_stands(self, task: Task, error: EngineError) -> Conflict | None:  # noqa: ARG002 for kinds that use them
        """The refusal, in words of this kind, of taking back an act; None where the engine's words will do."""
        return None

    def keep(self, matter: S, task: Task, act: str, words: str) -> None:
        """Keep what was said with an act (`send_back`, `withdrawn`) beside the history."""

    def code(self, name: str) -> str:
        """The code of a refusal of this kind."""
        return f"{self.area}.{name}"


manners: Shelf[Manner[Any]] = registry.shelf("manners")


@dataclass(slots=True)
class RecordedRefusals:
    """What the law, the policy or the calendar forbids within is recorded although nothing was done (services.md §5.2).

    `about` tells the matter, asked once something is refused.
    """

    by: Actor
    about: Callable[[], tuple[str, int]]

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, refusal: BaseException | None, _traceback: object) -> None:
        if not isinstance(refusal, NotAllowed | Conflict | EngineError):
            return
        said = refusal.params if isinstance(refusal, EngineError) else refusal.details
        kind, number = self.about()
        ledger.record_refusal(
            by=self.by,
            type=f"{kind}.act",
            subject=(kind, number),
            reason=refusal.code,
            payload={key: str(value) for key, value in said.items()},
        )


def on_task(by: Actor, task_id: int, do: Callable[[Manner[Any], Any, Hold], T]) -> T:
    """Do something with a task and its matter in one write; a refusal is recorded on the matter.

    Raises NotFound for an unknown task, and one of a matter that is handled in no manner of its own.
    """
    task = task_of_id(task_id)
    manner = _manner(task.subject_kind)

    def job() -> T:
        matter, held = manner.take_by_task(task_id, by)
        answer = do(manner, matter, held)
        matter.flush()
        return answer

    with RecordedRefusals(by, lambda: (task.subject_kind, task.subject_id)):
        return write(job)


def on_matter(by: Actor, about: tuple[str, int], do: Callable[[Manner[Any], Any], T]) -> T:
    """Do something with a matter, named by kind and number, in one write; a refusal is recorded on it."""
    manner = _manner(about[0])

    def job() -> T:
        matter = manner.take(about[1], by)
        answer = do(manner, matter)
        matter.flush()
        return answer

    with RecordedRefusals(by, lambda: about):
        return write(job)


def _manner(kind: str) -> Manner[Any]:
    if kind not in manners:
        raise Conflict("workflow.no_manner", _("Nobody says how such matters are handled."), kind=kind)
    return manners.get(kind)
