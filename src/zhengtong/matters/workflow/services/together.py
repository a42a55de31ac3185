"""What colleagues do with the tasks of any matter: take, hand on, send back, ask, answer, take back, urge; halt it.

Each verb is one write with its events. What is special to a kind of matter its manner adds (`manners`).
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.models import Process, Task
from zhengtong.matters.workflow.queries import task as task_of_id
from zhengtong.matters.workflow.services import asking, copies, improvising, processes, taking_back, transfers, urging
from zhengtong.matters.workflow.services.manners import InHand, Manner, on_matter, on_task
from zhengtong.matters.workflow.services.processes import Hold, require_task
from zhengtong.matters.workflow.services.sending_back import require_reason, send_back
from zhengtong.matters.workflow.services.standing_in import stand_in
from zhengtong.people.access.queries import holders
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.queries import Account

About = tuple[str, int]
"""A matter by kind and number."""


def take_task(*, by: Actor, task_id: int) -> None:
    """Take a task in hand. Raises NotFound, NotAllowed, Conflict: a colleague was faster."""

    def do(manner: Manner[Any], matter: InHand, held: Hold) -> None:
        _stand_in(matter, held.task)
        processes.claim(by=by, task=held.task)
        manner.taken(matter, held.task)

    on_task(by, task_id, do)


def release_task(*, by: Actor, task_id: int) -> None:
    """Put a task from one's own hand back into the queue, for colleagues to take; `Conflict` where it is not there."""
    write(lambda: processes.release(by=by, task=task_of_id(task_id)))


def transfer_task(*, by: Actor, task_id: int, account_id: int, capacity: str, reason: str) -> None:
    """Hand a task on to a colleague, named by his account and the key of the capacity he will do it in (转办).

    Raises as `transfers.transfer_task`, and NotAllowed where the law keeps him from it.
    """

    def do(manner: Manner[Any], matter: InHand, held: Hold) -> None:
        to = _colleague(manner, account_id, capacity)
        manner.forbid(matter, held.task, to.account_id or 0)
        _stand_in(matter, held.task)
        transfers.transfer_task(by=by, task=held.task, to=to, reason=reason, now=matter.now)

    on_task(by, task_id, do)


def send_back_task(*, by: Actor, task_id: int, to: str, reason: str, direct: bool = False) -> None:
    """Send an open task back to an activity done before; with `direct` it comes straight back afterwards.

    Raises as `sending_back.send_back`, and Conflict where the law, or the kind of matter, knows no way there.
    """

    def do(manner: Manner[Any], matter: InHand, held: Hold) -> None:
        _stand_in(matter, held.task)
        manner.go_back(matter, held, to, direct=direct)
        send_back(by=by, task=held.task, to=to, reason=reason, subject=matter, now=matter.now, direct=direct)
        manner.keep(matter, held.task, "send_back", reason.strip())

    on_task(by, task_id, do)


def ask_colleagues(
    *, by: Actor, task_id: int, account_ids: Iterable[int], reason: str, way: Asked = Asked.BEFORE
) -> None:
    """Have colleagues sign an open task too: before it or do it instead (it is held until all have answered), alongside
    as more of several who sign, or one after another once it is done.

    Whom the law keeps from the task is not asked about it. Whoever signs alongside or after gives an outcome that
    counts, so he must hold the post of the step. Raises as `asking.add_signers`, Conflict (does not serve there, lacks
    the post).
    """
    wanted = list(dict.fromkeys(account_ids))

    def do(manner: Manner[Any], matter: InHand, held: Hold) -> None:
        _stand_in(matter, held.task)
        sentence = _("Only officials who serve at the same authority can be asked.")
        to = _serving(manner, matter, wanted, sentence)
        for key in wanted:
            manner.forbid(matter, held.task, key)
        _require_post(held.task, to, way)
        _ask(manner, matter, held.task, to, reason, way)

    on_task(by, task_id, do)


def _require_post(task: Task, to: list[Account], way: Asked) -> None:
    if way not in (Asked.AFTER, Asked.ALONGSIDE) or not task.outcomes:
        return
    holding = {each.account_id for each in holders(f"task.{task.role}", task.agency_id)}
    lacking = next((each for each in to if each.pk not in holding), None)
    if lacking is not None:
        sentence = _("%(name)s does not hold the post that this step asks for; have him sign before you.")
        name = lacking.person.name if lacking.person else lacking.username
        raise Conflict("workflow.colleague_without_role", sentence % {"name": name}, role=task.role)


def _ask(manner: Manner[Any], matter: InHand, task: Task, to: list[Account], reason: str, way: Asked) -> None:
    by, now = matter.by, matter.now
    if way == Asked.DELEGATED and len(to) > 1:
        raise Conflict(manner.code("one_delegate"), _("A task is delegated to one colleague."))
    if way == Asked.DELEGATED and to:
        asking.delegate(by=by, task=task, to=to[0], reason=reason, subject=matter, now=now)
    elif way == Asked.ALONGSIDE:
        asking.add_alongside(by=by, task=task, to=to, reason=reason, subject=matter, now=now)
    else:
        after = way == Asked.AFTER
        asking.add_signers(by=by, task=task, to=to, reason=reason, subject=matter, now=now, after=after)


def give_opinion(*, by: Actor, task_id: int, words: str) -> None:
    """Say what one was asked to say; raises as `asking.answer`."""

    def do(manner: Manner[Any], matter: InHand, held: Hold) -> None:
        require_task(by, held.task)
        manner.forbid(matter, held.task, by.account_id or 0)
        _stand_in(matter, held.task)
        asking.answer(by=by, task=held.task, words=words, subject=matter, now=matter.now)

    on_task(by, task_id, do)


def ask_no_longer(*, by: Actor, task_id: int) -> None:
    """Take a question back that nobody has answered; raises as `taking_back.ask_no_longer`."""

    def do(_manner: Manner[Any], matter: InHand, held: Hold) -> None:
        taking_back.ask_no_longer(by=by, task=held.task, subject=matter, now=matter.now)

    on_task(by, task_id, do)


def name_no_longer(*, by: Actor, task_id: int) -> None:
    """Have nobody sign after one's own task; raises as `taking_back.name_no_longer`."""

    def do(_manner: Manner[Any], matter: InHand, held: Hold) -> None:
        taking_back.name_no_longer(by=by, task=held.task, subject=matter, now=matter.now)

    on_task(by, task_id, do)


def withdraw_act(*, by: Actor, task_id: int, reason: str) -> int:
    """Take back what one did or said, while nobody acted after it; answers the new task in its place.

    Raises as `taking_back.withdraw`, Conflict where the kind of matter says why it stands.
    """

    def do(manner: Manner[Any], matter: InHand, held: Hold) -> int:
        try:
            new = taking_back.withdraw(by=by, task=held.task, reason=reason, subject=matter, now=matter.now)
        except EngineError as error:
            stands = manner.why_it_stands(held.task, error)
            if stands is None:
                raise
            raise stands from None
        if held.task.outcomes:
            manner.keep(matter, held.task, "withdrawn", reason.strip())
        return new.id

    return on_task(by, task_id, do)


def urge_task(*, by: Actor, task_id: int, words: str = "") -> None:
    """Urge the holder of an open task (催办), or whom one asked. Raises NotAllowed, and as `urging.urge_task`."""

    def do(manner: Manner[Any], matter: InHand, held: Hold) -> None:
        if not (taking_back.asker_of(by, held.task) or manner.may_urge(matter)):
            sentence = _("Whoever has handled this, or may by his post, can urge it.")
            raise NotAllowed(manner.code("may_not_urge"), sentence)
        urging.urge_task(by=by, task=held.task, words=words, now=matter.now)

    on_task(by, task_id, do)


def send_copies(*, by: Actor, about: About, account_ids: Iterable[int], words: str = "") -> int:
    """Send copies of a matter to colleagues of its authority (抄送); answers how many are new.

    Raises NotAllowed, Conflict (somebody does not serve there), and as `copies.give_copies`.
    """
    wanted = list(dict.fromkeys(account_ids))

    def do(manner: Manner[Any], matter: InHand) -> int:
        manner.require_reader(matter)
        sentence = _("Copies go to officials who serve at the same authority.")
        to = _serving(manner, matter, wanted, sentence)
        return len(copies.give_copies(by=by, subject=matter, to=to, words=words, now=matter.now))

    return on_matter(by, about, do)


def halt(*, by: Actor, about: About, reason: str) -> None:
    """Have nothing be done on a matter until it goes on (挂起); its dates run on.

    Raises NotAllowed, Invalid (no reason), Conflict (nothing runs), EngineError (halted already).
    """

    def do(manner: Manner[Any], matter: InHand) -> None:
        manner.require_halter(matter)
        require_reason(reason, _("Say why nothing is to be done meanwhile, in 2 to 500 characters."))
        for number in _those(manner.running(matter), suspended=False):
            processes.suspend(by=by, process_id=number, subject=matter, reason=reason.strip(), now=matter.now)
            _record(by, "workflow.process_suspended", number, reason.strip())

    on_matter(by, about, do)


def go_on(*, by: Actor, about: About) -> None:
    """Have a halted matter go on (恢复). Raises NotAllowed, Conflict (nothing runs), EngineError (not halted)."""

    def do(manner: Manner[Any], matter: InHand) -> None:
        manner.require_halter(matter)
        for number in _those(manner.running(matter), suspended=True):
            processes.resume(by=by, process_id=number, subject=matter, now=matter.now)
            _record(by, "workflow.process_resumed", number, "")

    on_matter(by, about, do)


def start_activity(*, by: Actor, about: About, process_id: int | None = None, number: int, element: str) -> None:
    """Start an activity that is on offer at the token `number` of a matter's process, its first where none is named;
    raises as `improvising.start_activity`, and Conflict where nothing of it runs.
    """

    def do(manner: Manner[Any], matter: InHand) -> None:
        place = {"process_id": _one_of(manner, matter, process_id), "number": number}
        improvising.start_activity(by=by, **place, element=element, subject=matter, now=matter.now)

    on_matter(by, about, do)


def end_activities(*, by: Actor, about: About, process_id: int | None = None, number: int) -> None:
    """Say that what is on offer at the token `number` is over; raises as `start_activity`."""

    def do(manner: Manner[Any], matter: InHand) -> None:
        place = {"process_id": _one_of(manner, matter, process_id), "number": number}
        improvising.end_activities(by=by, **place, subject=matter, now=matter.now)

    on_matter(by, about, do)


def _those(numbers: list[int], *, suspended: bool) -> list[int]:
    """The processes that are, or are not, suspended; where none is, the first, whose engine says so."""
    found = Process.objects.filter(id__in=numbers, suspended=suspended).order_by("id")
    return list(found.values_list("id", flat=True)) or numbers[:1]


def _one_of(manner: Manner[Any], matter: InHand, process_id: int | None) -> int:
    found = manner.running(matter)
    return process_id if process_id in found else found[0]


def _stand_in(matter: InHand, task: Task) -> None:
    require_task(matter.by, task)
    stand_in(by=matter.by, task=task, now=matter.now)


def _serving(manner: Manner[Any], matter: InHand, wanted: list[int], otherwise: object) -> list[Account]:
    """Those colleagues, provided all serve at the authority of the matter."""
    serving = {account.pk: account for account, _post in identity.officials_at(matter.face().agency_id)}
    if any(key not in serving for key in wanted):
        raise Conflict(manner.code("no_colleague"), otherwise)
    return [serving[key] for key in wanted]


def _colleague(manner: Manner[Any], account_id: int, capacity: str) -> Actor:
    account = identity.account(account_id)
    if account is None:
        sentence = str(_("Choose a colleague."))
        raise Invalid(manner.code("colleague"), _("Please complete what is marked."), [("to", "required", sentence)])
    try:
        return identity.actor_in(account, capacity)
    except NotAllowed:
        sentence = str(_("This colleague no longer holds that post. Choose another."))
        raise Conflict(manner.code("colleague_left"), sentence) from None


def _record(by: Actor, kind: str, process_id: int, reason: str) -> None:
    ledger.record(by=by, type=kind, subject=("process", process_id), payload={"from": by.name}, reason=reason)
