"""What an official found, kept; what he types before acting; looking at what is masked, with a reason and a record."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Delete, Insert
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.cases.models import Case, Opinion, OpinionDraft
from zhengtong.matters.cases.queries import case_by_id
from zhengtong.matters.cases.services.entries import LONGEST, too_long
from zhengtong.matters.cases.services.work import KIND, Work
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import WAITING
from zhengtong.matters.workflow.queries import task as task_of_id

FULL = "pi.full"
_forget = Delete(OpinionDraft, where=("task_id",))
MOST_FIELDS = 120
_opinions = Insert(Opinion, "id", "case_id", "account_id", "name", "stage", "recommendation", "text", "given_at")
LEAST_REASON, LONGEST_REASON = 5, 500


def keep_opinion(work: Work, stage: str, recommendation: str, text: str) -> None:
    """Keep what the official said at a stage, with his name and the time."""
    by = (work.by.account_id or 0, work.by.name)
    work.told = True
    work.rows.add(_opinions, (new_id(), work.case.id, *by, stage, recommendation, text, work.now))


def save_opinion_draft(*, by: Actor, task_id: int, outcome: str, entry: Mapping[str, Any]) -> OpinionDraft:
    """Keep what is typed for a task, valid or not, for this account alone; too long a text is cut."""

    def job() -> OpinionDraft:
        workflow.require_task(by, task_of_id(task_id))
        return _lay_down(by.account_id or 0, task_id, outcome, entry)

    return write(job)


def _lay_down(account_id: int, task_id: int, outcome: str, entry: Mapping[str, Any]) -> OpinionDraft:
    kept = {str(key)[:80]: _cut(value) for key, value in list(entry.items())[:MOST_FIELDS]}
    now = {"outcome": outcome[:32], "entry": kept, "saved_at": clock.now()}
    draft, _created = OpinionDraft.objects.update_or_create(
        task_id=task_id, account_id=account_id, defaults=now, create_defaults={"id": new_id(), **now}
    )
    return draft


def discard_opinion_drafts(*, task_id: int) -> None:
    """Forget what was typed for a task that is done; within its write."""
    _forget.all((task_id,))


def view_in_full(*, by: Actor, case_id: int, reason: str) -> Case:
    """Let an official see the masked values of a case once, for a stated reason; the ledger keeps who and why.

    Raises NotAllowed without the permission `pi.full` for the case, Invalid without a reason (个人信息保护法 第28条).
    """
    case = case_by_id(by, case_id)
    require(by, FULL, case)
    if len(reason.strip()) < LEAST_REASON:
        sentence = str(_("Say what you need these data for; the reason is recorded."))
        raise Invalid("cases.view_reason", _("A reason is needed."), [("reason", "required", sentence)])
    if faults := too_long("reason", reason.strip(), LONGEST_REASON):
        raise Invalid("cases.view_reason", _("Please complete what is marked."), faults)
    write(
        lambda: ledger.record(
            by=by,
            type="case.viewed",
            subject=(KIND, case.id),
            payload={"scope": "sensitive"},
            reason=reason.strip(),
        )
    )
    return case


def _cut(value: Any) -> Any:
    if isinstance(value, list):
        return [str(one)[:LONGEST] for one in value[:MOST_FIELDS]]
    return str(value)[:LONGEST]


def keep_opinion_draft(*, account_id: int, task_id: int, outcome: str, entry: Mapping[str, Any]) -> None:
    """Keep what an official had typed when his session ended; the caller has proved for whom the form was drawn.

    It is laid down for that account alone and shown to nobody else; a task that waits no longer keeps nothing.
    """
    if task_of_id(task_id).state not in WAITING:
        return
    write(lambda: _lay_down(account_id, task_id, outcome, entry))
