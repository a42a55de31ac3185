"""The small pages that ask for one act on a case: whom it concerns, why, and what bars it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.matters import Matter
from zhengtong.doors.desk.queries.panels import step_words
from zhengtong.doors.desk.queries.saying import grouped, moment_words, named
from zhengtong.doors.desk.queries.turning import turned
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.queries.following import brought_tokens
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.queries import copies, errands
from zhengtong.matters.workflow.services.urging import in_peace, period
from zhengtong.people.identity import queries as identity

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

Row = dict[str, Any]
Typed = Mapping[str, Any]


def asking(
    matter: Matter, typed: Typed, *, title: object, submit: object, task: "Task | None" = None, **more: object
) -> Row:
    """The frame of such a page; `more` holds groups of choices, the label of the reason, what bars the act."""
    return {
        "title": title,
        "submit": submit,
        "about": f"{matter.about} · {step_words(task)}" if task is not None else matter.about,
        "back_url": matter.back_url,
        "back_label": matter.back_label,
        "task_id": task.id if task is not None else 0,
        "once": typed.get("once") or new_token(),
        "reason": typed.get("reason", ""),
        "reason_label": _("Reasons"),
        "reason_hint": matter.reason_hint,
        **more,
    }


def choices(name: str, legend: object, options: Iterable[Row], chosen: Iterable[str], *, kind: str = "radio") -> Row:
    """A group of choices; what was chosen stays chosen."""
    kept = set(chosen)
    rows = [each | {"checked": str(each["value"]) in kept} for each in options]
    return {"name": name, "legend": legend, "kind": kind, "options": rows}


def urging(actor: Actor, matter: Matter, typed: Typed) -> Row:
    """Urging whoever has the matter's open task, or what bars it."""
    task = open_task(matter)
    return asking(
        matter,
        typed,
        task=task,
        title=_("Urge"),
        submit=_("Urge now"),
        intro=_("Whoever has the task, or may take it, gets a message. Once a day is enough to be heeded."),
        reason_label=_("What to say to them (may be left empty)"),
        barred=urging_barred(actor, matter, task),
    )


def open_task(matter: Matter) -> "Task | None":
    """The waiting task that is urged: the one the page is about, else the matter's first."""
    waiting = [task for task in matter.tasks() if task.state in workflow.WAITING]
    return waiting[0] if waiting else workflow.open_task(matter.kind, matter.id)


def urging_barred(actor: Actor, matter: Matter, task: "Task | None", *, acted: bool | None = None) -> str:
    """Why the actor cannot urge now, empty where he can; `acted` as in `may_urge`."""
    if task is None:
        return _("Nothing is to be done here now.")
    if not matter.may_urge(actor, acted=acted):
        return _("Whoever has handled this case, or may by his post, can urge it.")
    if task.assignee_id is not None and task.assignee_id == actor.account_id:
        return _("This task lies in your own hands.")
    if task.urged_at is not None and in_peace(task):
        words = _("It was urged on %(at)s; the next time is from %(again)s on.")
        return words % {"at": moment_words(task.urged_at), "again": moment_words(task.urged_at + period())}
    return ""


def copying(actor: Actor, matter: Matter, typed: Typed) -> Row:
    """Sending copies to colleagues, those who have one left out."""
    may_send = matter.handles(actor)
    standing = {row.account_id for row in copies.copies_of(matter.kind, matter.id) if row.taken_back_at is None}
    serving = identity.officials_at(matter.agency_id) if may_send else []
    named_once = {account.pk: (account, post) for account, post in serving}
    options = [
        {"value": str(key), "name": account.person.name if account.person else "", "detail": post.name if post else ""}
        for key, (account, post) in named_once.items()
        if key not in standing and key != actor.account_id
    ]
    barred = "" if may_send else _("Copies are sent by who handles the cases of this authority.")
    return asking(
        matter,
        typed,
        title=_("Send copies"),
        submit=_("Send, tell the colleagues"),
        intro=_("They may read this case until you take the copy back; nothing is theirs to do."),
        groups=[choices("to", _("Who gets a copy"), options, typed.get("chosen", ()), kind="checkbox")],
        reason_label=_("What they should know (may be left empty)"),
        barred=barred or ("" if options else _("Every colleague here has a copy already.")),
    )


def copies_page(actor: Actor, before: int) -> Row:
    """A page of the copies sent to the actor, newest first; read by `before`, the id the page begins after."""
    found, ways = turned(copies.copies_for(actor), before, "copies")
    addresses = _addresses(actor, found)
    return {"rows": [_copy(each, addresses.get(each.subject_id, "")) for each in found]} | ways


def _addresses(actor: Actor, found: "list[Any]") -> dict[int, str]:
    """Where the matters of standing copies are read, by number; one read whatever their number."""
    of_cases = [each.subject_id for each in found if each.subject_kind != errands.KIND]
    of_errands = [each.subject_id for each in found if each.subject_kind == errands.KIND]
    tokens = brought_tokens(actor, of_cases)
    places = {number: reverse("desk:case", args=[token]) for number, token in tokens.items()}
    return places | {number: reverse("desk:whole_errand", args=[number]) for number in of_errands}


def _copy(row: Any, url: str) -> Row:
    return {
        "title": named(row.title, row.title_en),
        "number": grouped(row.reference) if row.subject_kind != errands.KIND else _("Errand"),
        "label": row.label,
        "giver": row.giver_name,
        "given_at": row.given_at,
        "words": row.words,
        "read_at": row.read_at,
        "url": url,
        "read_url": reverse("desk:copy_read", args=[row.id]),
    }
