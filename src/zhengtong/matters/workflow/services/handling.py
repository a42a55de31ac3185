"""What officials do with errands alone: complete their tasks, start what is on offer, end one for good."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.workflow.queries import wants_words
from zhengtong.matters.workflow.queries.errands import KIND, offered
from zhengtong.matters.workflow.registry import TERMINATE_ERRANDS
from zhengtong.matters.workflow.services.errands import ErrandInHand
from zhengtong.matters.workflow.services.improvising import end_activities, gone, start_activity
from zhengtong.matters.workflow.services.manners import Manner, on_matter, on_task
from zhengtong.matters.workflow.services.processes import Hold, cancel, complete_task, require_task
from zhengtong.matters.workflow.services.sending_back import require_reason
from zhengtong.matters.workflow.services.standing_in import stand_in

LONGEST_WORDS = 500
DONE = "done"
"""What a task without outcomes is completed with, or with nothing."""


def complete_errand_task(*, by: Actor, task_id: int, outcome: str, words: str = "") -> None:
    """Complete a task of an errand; what comes next begins at once. The `words` stand in its history.

    Raises NotFound, NotAllowed, Invalid (none of its outcomes, too many words), Conflict: it is no longer open, it
    waits for others, it asks for words alone, or what comes next cannot be done.
    """

    def do(_manner: Manner[ErrandInHand], errand: ErrandInHand, held: Hold) -> None:
        task = held.task
        require_task(by, task)
        if wants_words(task):
            raise Conflict("errands.opinion_asked", _("You were asked for an opinion; give it, and who asked decides."))
        _check(outcome, task.outcomes, words)
        stand_in(by=by, task=task, now=errand.now)
        if task.held:
            raise Conflict("workflow.held", _("Others were asked; it can be completed once they answered."))
        data = {"outcome": outcome} if task.outcomes else {}
        complete_task(by=by, task=task, subject=errand, data=data, now=errand.now, held=held)
        told = {"task": task.id, "element": task.element, "outcome": outcome, "process": task.process_id}
        told |= {"step": task.name, "step_en": task.name_en}
        subject = (KIND, errand.id)
        ledger.record(by=by, type="workflow.errand_task_done", subject=subject, payload=told, reason=words.strip())

    on_task(by, task_id, do)


def improvise_errand(*, by: Actor, errand_id: int, task_id: int, element: str) -> None:
    """Start `element` of what an errand offers at a task on offer, or, where it is empty, say that nothing more is
    needed. Raises as `start_activity`, also for a task that is none of the errand's.
    """
    if task_id not in {task.id for task in offered(errand_id)}:
        raise gone()

    def do(_manner: Manner[ErrandInHand], errand: ErrandInHand, held: Hold) -> None:
        where = {"process_id": held.task.process_id, "number": held.task.number}
        if element:
            start_activity(by=by, **where, element=element, subject=errand, now=errand.now)
        else:
            end_activities(by=by, **where, subject=errand, now=errand.now)

    on_task(by, task_id, do)


def terminate_errand(*, by: Actor, errand_id: int, reason: str) -> None:
    """End an errand that has lost its object: what is open of it is taken away, what was done stays in the history.

    Raises NotFound, NotAllowed (without `errand.terminate` there), Invalid (no reason), Conflict (nothing of it runs).
    """

    def do(manner: Manner[ErrandInHand], errand: ErrandInHand) -> None:
        require(by, TERMINATE_ERRANDS, errand.row)
        require_reason(reason, _("Say why the errand is ended, in 2 to 500 characters."))
        numbers = manner.running(errand)
        for number in numbers:
            cancel(by=by, process_id=number, subject=errand, reason=reason.strip(), now=errand.now)
        told = {"processes": numbers, "from": by.name}
        subject = (KIND, errand.id)
        ledger.record(by=by, type="workflow.errand_terminated", subject=subject, payload=told, reason=reason.strip())

    on_matter(by, (KIND, errand_id), do)


def _check(outcome: str, offered: list[str], words: str) -> None:
    faults = []
    if outcome not in (offered or ["", DONE]):
        faults.append(("outcome", "required", str(_("Choose what came of it."))))
    if len(words.strip()) > LONGEST_WORDS:
        faults.append(("reason", "too_long", str(_("At most 500 characters."))))
    if faults:
        raise Invalid("workflow.outcome", _("Please complete what is marked."), faults)
