"""会签 by a vote: whoever has signed does not sign for another of the several as well."""

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import Wait, locate
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import TaskState
from zhengtong.matters.workflow.models import Task, Token
from zhengtong.matters.workflow.services.stepping import Run


def forbid_second_vote(by: Actor, task: Task, run: Run) -> None:
    """Conflict where the actor has given one of the votes already that count in the round of an open task.

    A vote that was taken back counts no more. Whoever stands in for an absent colleague votes in that one's place,
    not his own. Nothing is read where no vote is taken.
    """
    token = run.state.find(task.number)
    body = run.state.find(token.scope) if token is not None and token.turn and not token.host else None
    if body is None or body.wait is not Wait.MANY or by.account_id is None:
        return
    loop = locate(run.graph, run.state, body.id).loop
    turns = {note.turn for note in run.state.tokens if note.wait is Wait.RESULT and note.scope == body.id}
    if loop is None or loop.share is None or not turns:
        return
    given = Token.objects.filter(process_id=task.process_id, scope=body.id, wait=Wait.TASK, turn__in=turns, host=0)
    latest = dict(given.order_by("number").values_list("turn", "number"))
    votes = Task.objects.filter(process_id=task.process_id, number__in=latest.values(), state=TaskState.DONE)
    own = votes.filter(assignee_id=by.account_id, absent_name="")
    if not task.absent_name and own.exists():
        raise Conflict("workflow.voted_already", _("You have signed already; another of the several signs this one."))
