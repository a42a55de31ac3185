"""加签 and 委派: colleagues are asked in person about a task, which waits for them, or sign along or after it."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import events as on
from zhengtong.engines.bpmn.verbs.asked import AFTER
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import Asked, TaskState
from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import wants_words
from zhengtong.matters.workflow.registry import Subject
from zhengtong.matters.workflow.services import rows
from zhengtong.matters.workflow.services.following import name_for
from zhengtong.matters.workflow.services.processes import complete_task, require_task
from zhengtong.matters.workflow.services.sending_back import require_reason, take_in_hand
from zhengtong.matters.workflow.services.stepping import advance, run_of
from zhengtong.matters.workflow.services.voting import require_new
from zhengtong.people.identity.queries import Account

MOST_ASKED = 20
ASKING = _("Say what you want to know or have done, in 2 to 500 characters.")


def add_signers(
    *,
    by: Actor,
    task: Task,
    to: Iterable[Account],
    reason: str,
    subject: Subject,
    now: dt.datetime,
    after: bool = False,
) -> None:
    """Have colleagues sign an open task too (加签): all at once before it, which is held until they have, or one after
    another once it is done. Call within a write, with the subject taken.

    Whether the colleagues may is the subject's to know. Raises NotAllowed, Invalid (nobody, oneself, no reason),
    Conflict (somebody was faster, and who; of several, one who signs there already), EngineError (not while it is
    held, or too deep).
    """
    asked = list(to)
    place = AFTER if after else "before"
    event = on.AddSigners(task.number, tuple(name_for(account.pk) for account in asked), place)
    _ask(by, task, asked, reason, subject, now, event, "workflow.signers_named" if after else "workflow.signers_added")


def add_alongside(
    *, by: Actor, task: Task, to: Iterable[Account], reason: str, subject: Subject, now: dt.datetime
) -> None:
    """Have colleagues sign along with the several of whom the actor is one (加签), at once or, where these sign in
    turn, after them; call and errors as `add_signers`, and Conflict where one of them signs there already.
    """
    asked = list(to)
    event = on.AddInstances(task.number, tuple(name_for(account.pk) for account in asked))
    added = _ask(by, task, asked, reason, subject, now, event, "workflow.signers_joined")
    new = Task.objects.filter(process_id=task.process_id, number__in=added, who_id__in=[each.pk for each in asked])
    new.update(asked=Asked.ALONGSIDE, asker_id=task.id, words=reason.strip())


def delegate(*, by: Actor, task: Task, to: Account, reason: str, subject: Subject, now: dt.datetime) -> None:
    """Have a colleague do the work of an open task and give it back (委派); call and errors as `add_signers`."""
    event = on.Delegate(task.number, name_for(to.pk))
    _ask(by, task, [to], reason, subject, now, event, "workflow.task_delegated")


def answer(*, by: Actor, task: Task, words: str, subject: Subject, now: dt.datetime) -> None:
    """Say what one was asked to say; whoever asked reads it and has his task back once all have.

    Call within a write, with the subject taken. Raises NotAllowed, Invalid (no words), Conflict (nobody asked, or it
    was withdrawn meanwhile).
    """
    require_task(by, task)
    if not wants_words(task):
        raise Conflict("workflow.not_asked", _("This task asks for a decision of its own, not for an opinion."))
    require_reason(words, _("Say what you think, in 2 to 500 characters."))
    complete_task(by=by, task=task, subject=subject, data={}, now=now)
    Task.objects.filter(id=task.id).update(words=words.strip())
    told = {"task": task.id, "element": task.element, "from": by.name, "asker": task.asker_id}
    subject_of = ("process", task.process_id)
    ledger.record(by=by, type="workflow.asked_answered", subject=subject_of, payload=told, reason=words.strip())


def _ask(
    by: Actor,
    task: Task,
    asked: list[Account],
    reason: str,
    subject: Subject,
    now: dt.datetime,
    event: on.AddSigners | on.AddInstances | on.Delegate,
    kind: str,
) -> list[int]:
    """Answers the numbers of the tokens that came of it."""
    require_task(by, task)
    _check(by, asked)
    require_reason(reason, ASKING)
    run = run_of(rows.take(task.process_id), subject, by, now)
    run.asker = task.id
    if isinstance(event, on.AddInstances) or (isinstance(event, on.AddSigners) and event.place == AFTER):
        require_new(by, task, run, asked)
    take_in_hand(by, task, now)
    advance(run, event)
    waiting = Task.objects.filter(
        process_id=task.process_id, asker_id=task.id, state=TaskState.CLAIMED, words__isnull=True
    )
    waiting.filter(who_id__in=[account.pk for account in asked]).update(words=reason.strip())
    names = [account.person.name if account.person else account.username for account in asked]
    told = {"task": task.id, "element": task.element, "from": by.name, "to": "、".join(names)}
    told["accounts"] = [account.pk for account in asked]
    ledger.record(by=by, type=kind, subject=("process", task.process_id), payload=told, reason=reason.strip())
    return list(run.added)


def _check(by: Actor, asked: list[Account]) -> None:
    faults = []
    if not asked:
        faults.append(("to", "required", str(_("Choose a colleague."))))
    elif len(asked) > MOST_ASKED:
        faults.append(("to", "too_many", str(_("At most 20 colleagues at once."))))
    elif any(account.pk == by.account_id for account in asked):
        faults.append(("to", "oneself", str(_("That is you; choose a colleague."))))
    if faults:
        raise Invalid("workflow.ask", _("Please complete what is marked."), faults)
