"""In what manner cases are handled: separation of review and decision, the law's ways back, opinions kept."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, NotAllowed
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.cases import rules
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.queries.following import may_urge
from zhengtong.matters.cases.registry import HALT, READ
from zhengtong.matters.cases.services.opinions import discard_opinion_drafts, keep_opinion
from zhengtong.matters.cases.services.work import KIND, Work, take, take_by_task
from zhengtong.matters.workflow.queries import wants_words
from zhengtong.matters.workflow.services import Hold
from zhengtong.matters.workflow.services.looking_back import ask_outcomes, stage_of
from zhengtong.matters.workflow.services.manners import Manner, manners

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

LATE = "bpmn.withdraw_late"
ACT_STANDS = _("What was done on the case stands; ask for it to be sent back.")
PROPOSED = frozenset({"propose_approve", "propose_refuse"})
"""The outcomes by which an official reviews a case."""


class CaseManner(Manner[Work]):
    """The law's state machine goes along with what colleagues do."""

    kind, area = KIND, "cases"

    def take(self, number: int, by: Actor) -> Work:
        """The case, locked."""
        return take(number, by=by)

    def take_by_task(self, task_id: int, by: Actor) -> tuple[Work, Hold]:
        """The case of a task, locked."""
        return take_by_task(task_id, by=by)

    def require_reader(self, matter: Work) -> None:
        """Whoever reads the cases of the authority."""
        require(matter.by, READ, matter.case)

    def require_halter(self, matter: Work) -> None:
        """Whoever holds `case.halt` there."""
        require(matter.by, HALT, matter.case)

    def may_urge(self, matter: Work) -> bool:
        """Whoever has acted on it, and supervisors."""
        return may_urge(matter.by, matter.case)

    def running(self, matter: Work) -> list[int]:
        """The process of a case that is not closed; Conflict for a closed one."""
        if matter.case.process_id is None or matter.case.closed_at is not None:
            raise Conflict("cases.over", _("This case is closed; nothing of it runs."))
        return [matter.case.process_id]

    def taken(self, matter: Work, task: "Task") -> None:
        """Taking the review of an accepted case starts the review (first responsibility)."""
        begin_review(matter, task)

    def forbid(self, matter: Work, task: "Task", account_id: int) -> None:
        """NotAllowed where a decision would come to whoever reviewed the case."""
        if task.role == "decider":
            given = ask_outcomes(task.id, account_id)()
            if matter.case.reviewer_id == account_id or given & PROPOSED:
                raise NotAllowed("cases.same_person", _("Whoever reviewed a case may not decide it."))

    def go_back(self, matter: Work, held: Hold, to: str, *, direct: bool) -> None:
        """The state of the case goes along, as far as the law knows a way back (`rules.back_to`): what was accepted
        stays accepted, what was decided is decided. Straight back and forth nothing changes. To the applicant only
        the law's own acts lead (correction).
        """
        if direct and to:
            return
        allowed, event = rules.back_to(matter.case.state, stage_of(held.task, to))
        if not allowed:
            state = State(matter.case.state)
            sentence = _("While the case is in the state “%(state)s” the law knows no way back there.")
            raise Conflict("cases.no_way_back", sentence % {"state": state.label}, state=state.value)
        if event is not None:
            matter.happen(event)
        discard_opinion_drafts(task_id=held.task.id)

    def why_it_stands(self, task: "Task", error: EngineError) -> Conflict | None:
        """What has done something to the case stands: its actions are done with it, and the law's way back is to send
        it back.
        """
        return Conflict("cases.act_stands", ACT_STANDS) if error.code == LATE and task.who_id is None else None

    def keep(self, matter: Work, task: "Task", act: str, words: str) -> None:
        """Among the opinions."""
        keep_opinion(matter, task.stage, act, words)


def begin_review(work: Work, task: "Task") -> None:
    """The first work of a reviewer on an accepted case begins the review."""
    if work.case.state == State.ACCEPTED and task.role == "reviewer" and not wants_words(task):
        work.change(reviewer_id=work.by.account_id)
        if work.case.first_contact_id is None:
            work.change(first_contact_id=work.by.account_id)
        work.happen(Event.START_REVIEW)


manners.add(KIND, CaseManner())
