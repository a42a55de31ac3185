"""The small pages that ask for one act on a case: whom it concerns, why, and what bars it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.panels import step_words
from zhengtong.doors.desk.queries.saying import grouped, moment_words, named
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.cases.queries.following import brought_tokens, may_urge
from zhengtong.matters.cases.registry import READ
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.queries import copies
from zhengtong.matters.workflow.services.urging import period
from zhengtong.people.identity import queries as identity

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

PAGE = 50
Row = dict[str, Any]
Typed = Mapping[str, Any]


def asking(
    case: Any, typed: Typed, *, title: object, submit: object, task: "Task | None" = None, **more: object
) -> Row:
    """The frame of such a page; `more` holds groups of choices, the label of the reason, what bars the act."""
    about = f"{case.applicant_label}　{named(case.item_name, case.item_name_en)}"
    return {
        "case": case,
        "title": title,
        "submit": submit,
        "about": f"{about} · {step_words(task)}" if task is not None else about,
        "back_url": reverse("desk:case", args=[case.token]),
        "back_label": f"{_('Back to the case')} {grouped(case.short_no)}",
        "task_id": task.id if task is not None else 0,
        "once": typed.get("once") or new_token(),
        "reason": typed.get("reason", ""),
        "reason_label": _("Reasons"),
        "reason_hint": _("Colleagues read it in the history; the applicant does not."),
        **more,
    }


def choices(name: str, legend: object, options: Iterable[Row], chosen: Iterable[str], *, kind: str = "radio") -> Row:
    """A group of choices; what was chosen stays chosen."""
    kept = set(chosen)
    rows = [each | {"checked": str(each["value"]) in kept} for each in options]
    return {"name": name, "legend": legend, "kind": kind, "options": rows}


def urging(actor: Actor, case: Any, typed: Typed) -> Row:
    """Urging whoever has the case's open task, or what bars it."""
    task = workflow.open_task("case", case.id)
    return asking(
        case,
        typed,
        task=task,
        title=_("Urge"),
        submit=_("Urge now"),
        intro=_("Whoever has the task, or may take it, gets a message. Once a day is enough to be heeded."),
        reason_label=_("What to say to them (may be left empty)"),
        barred=urging_barred(actor, case, task),
    )


def urging_barred(actor: Actor, case: Any, task: "Task | None", *, acted: bool | None = None) -> str:
    """Why the actor cannot urge now, empty where he can; `acted` as in `may_urge`."""
    if task is None:
        return _("Nothing is to be done here now.")
    if not may_urge(actor, case, acted=acted):
        return _("Whoever has handled this case, or may by his post, can urge it.")
    if task.assignee_id is not None and task.assignee_id == actor.account_id:
        return _("This task lies in your own hands.")
    if task.urged_at is not None and task.urged_at + period() > clock.now():
        words = _("It was urged on %(at)s; the next time is from %(again)s on.")
        return words % {"at": moment_words(task.urged_at), "again": moment_words(task.urged_at + period())}
    return ""


def copying(actor: Actor, case: Any, typed: Typed) -> Row:
    """Sending copies to colleagues, those who have one left out."""
    standing = {row.account_id for row in copies.copies_of("case", case.id) if row.taken_back_at is None}
    serving = identity.officials_at(case.agency_id) if may(actor, READ, case) else []
    named_once = {account.pk: (account, post) for account, post in serving}
    options = [
        {"value": str(key), "name": account.person.name if account.person else "", "detail": post.name if post else ""}
        for key, (account, post) in named_once.items()
        if key not in standing and key != actor.account_id
    ]
    barred = "" if may(actor, READ, case) else _("Copies are sent by who handles the cases of this authority.")
    return asking(
        case,
        typed,
        title=_("Send copies"),
        submit=_("Send, tell the colleagues"),
        intro=_("They may read this case until you take the copy back; nothing is theirs to do."),
        groups=[choices("to", _("To whom"), options, typed.get("chosen", ()), kind="checkbox")],
        reason_label=_("What they should know (may be left empty)"),
        barred=barred or ("" if options else _("Every colleague here has a copy already.")),
    )


def copies_page(actor: Actor, before: int) -> Row:
    """A page of the copies sent to the actor, newest first; read by `before`, the id the page begins after."""
    rows = copies.copies_for(actor).filter(subject_kind="case")
    found = list((rows.filter(id__lt=before) if before else rows)[: PAGE + 1])
    tokens = brought_tokens(actor, [each.subject_id for each in found])
    return {
        "rows": [_copy(each, tokens[each.subject_id]) for each in found[:PAGE]],
        "next_url": f"?before={found[PAGE - 1].id}" if len(found) > PAGE else "",
        "first_url": reverse("desk:copies") if before else "",
    }


def _copy(row: Any, token: str) -> Row:
    return {
        "title": named(row.title, row.title_en),
        "number": grouped(row.reference),
        "label": row.label,
        "giver": row.giver_name,
        "given_at": row.given_at,
        "words": row.words,
        "read_at": row.read_at,
        "url": reverse("desk:case", args=[token]),
        "read_url": reverse("desk:copy_read", args=[row.id]),
    }
