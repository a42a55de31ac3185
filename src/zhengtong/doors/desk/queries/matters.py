"""What a page of the desk is about: a case, an errand by one of its tasks, or a whole errand; asked the same verbs."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.saying import grouped, named
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.queries.following import may_urge as may_urge_case
from zhengtong.matters.cases.registry import HALT, READ
from zhengtong.matters.cases.rules import back_to
from zhengtong.matters.workflow.queries import errands, tasks_of
from zhengtong.matters.workflow.registry import HALT_ERRANDS

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task


class Matter(ABC):
    """A case or an errand as the small pages know it."""

    kind: str
    prefix: str
    halting: str
    back_label: str
    reason_hint: str

    def __init__(self, row: Any, key: str | int, about: str) -> None:
        self.row, self.key, self.about = row, key, about

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.row.id)

    @property
    def agency_id(self) -> int:
        """Whose it is; 0 where nobody says."""
        return int(self.row.agency_id or 0)

    def url(self, name: str, *more: int) -> str:
        """The address of a verb on it."""
        return reverse(f"desk:{self.prefix}{name}", args=[self.key, *more])

    @property
    @abstractmethod
    def back_url(self) -> str:
        """Its own page."""

    def tasks(self) -> "list[Task]":
        """Its tasks, those a page is about; with their processes."""
        return list(tasks_of(self.kind, self.id).select_related("process"))

    def may_halt(self, actor: Actor) -> bool:
        """Whether the actor may halt it, and have it go on."""
        return may(actor, self.halting, self.row)

    @abstractmethod
    def lets_back(self, stage: str) -> bool:
        """Whether the law lets it go back to a step of this stage."""

    @abstractmethod
    def reads(self, actor: Actor) -> bool:
        """Whether the actor may read it."""

    @abstractmethod
    def handles(self, actor: Actor) -> bool:
        """Whether the actor reads it by his post, and so may send copies."""

    @abstractmethod
    def may_urge(self, actor: Actor, *, acted: bool | None = None) -> bool:
        """Whether the actor may urge on who has it; `acted` says whether he has acted on it, where that is known."""


class OfCase(Matter):
    """A case, by its token."""

    kind, prefix, halting = "case", "", HALT

    def __init__(self, case: Any) -> None:
        super().__init__(case, case.token, f"{case.applicant_label}　{named(case.item_name, case.item_name_en)}")
        self.back_label = f"{_('Back to the case')} {grouped(case.short_no)}"
        self.reason_hint = _("Colleagues read it in the history; the applicant does not.")

    @property
    def back_url(self) -> str:
        """The workspace."""
        return reverse("desk:case", args=[self.key])

    def lets_back(self, stage: str) -> bool:
        """As the state machine of the law says."""
        return back_to(self.row.state, stage)[0]

    def reads(self, actor: Actor) -> bool:
        """By post, copy or question."""
        return cases.may_see(actor, self.row)

    def handles(self, actor: Actor) -> bool:
        """By `case.read`."""
        return may(actor, READ, self.row)

    def may_urge(self, actor: Actor, *, acted: bool | None = None) -> bool:
        """Who acted on it, and supervisors."""
        return may_urge_case(actor, self.row, acted=acted)


class AnErrand(Matter):
    """An errand, however its page is reached."""

    kind, halting = errands.KIND, HALT_ERRANDS

    def __init__(self, errand: Any, key: int) -> None:
        super().__init__(errand, key, named(errand.title, errand.title_en))
        self.back_label = _("Back to the errand")
        self.reason_hint = _("Colleagues read it in the history.")

    def lets_back(self, stage: str) -> bool:  # noqa: ARG002 as matters have it
        """No law is against it."""
        return True

    def reads(self, actor: Actor) -> bool:
        """The page was reached by that."""
        return errands.reads(actor, self.row)

    def handles(self, actor: Actor) -> bool:
        """By post."""
        return errands.handles(actor, self.row)

    def may_urge(self, actor: Actor, *, acted: bool | None = None) -> bool:
        """Who acted on it, and supervisors."""
        return errands.may_urge(actor, self.row, acted=acted)


class OfErrand(AnErrand):
    """An errand, by one of its tasks: what the page is about."""

    prefix = "errand_"

    def __init__(self, errand: Any, task: "Task") -> None:
        super().__init__(errand, task.id)
        self.task = task

    @property
    def back_url(self) -> str:
        """The page of the task."""
        return reverse("desk:errand", args=[self.key])

    def tasks(self) -> "list[Task]":
        """The one task; several may be open at once."""
        return [self.task]


class WholeErrand(AnErrand):
    """An errand by itself, whatever tasks it has or has not."""

    prefix = "whole_errand_"

    def __init__(self, errand: Any) -> None:
        super().__init__(errand, errand.id)

    @property
    def back_url(self) -> str:
        """Its own page."""
        return reverse("desk:whole_errand", args=[self.key])


def found(actor: Actor, *, token: str = "", task_id: int = 0, errand_id: int = 0) -> Matter:
    """A case by its token, an errand by its number or by a task of it, that the actor may read; NotFound else."""
    if token:
        return OfCase(cases.case_by_token(actor, token))
    if errand_id:
        return WholeErrand(errands.errand_for(actor, errand_id))
    return OfErrand(*errands.errand_task(actor, task_id))


def acted(actor: Actor, *, token: str = "", task_id: int = 0) -> Matter:
    """The same, of a case on which the actor acted although he may no longer read it: to take that back."""
    if token:
        return OfCase(cases.acted_case(actor, token))
    return OfErrand(*errands.errand_task(actor, task_id))


def all_tasks(matter: Matter) -> "Iterable[Task]":
    """Every task the matter ever had."""
    return tasks_of(matter.kind, matter.id).select_related("process")
