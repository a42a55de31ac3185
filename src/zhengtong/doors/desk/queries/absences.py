"""Absences of officials: one's own, those one stands in for, those of one's office; and the form to enter one."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.queries.asking import choices
from zhengtong.doors.desk.queries.turning import turned
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor
from zhengtong.people.access.queries.absences import visible_absences
from zhengtong.people.access.registry import MANAGE_ABSENCES
from zhengtong.people.identity import queries as identity

Row = dict[str, Any]


def listing(actor: Actor, before: int) -> Row:
    """A page of the absences the reader may see, newest first, those that are over among them."""
    found, ways = turned(visible_absences(actor), before, "absences")
    return {"rows": [_row(actor, each) for each in found]} | ways


def _row(actor: Actor, each: Any) -> Row:
    today = clock.today()
    over = each.ended_at is not None or each.ends_on < today
    states = {True: (_("over"), ""), False: (_("now"), "gold") if each.begins_on <= today else (_("to come"), "azure")}
    own = actor.account_id == each.account_id or f"org:{each.organisation_id}" in actor.scopes(MANAGE_ABSENCES)
    words, state = states[over]
    return {
        "name": _name(each.account),
        "substitute": _name(each.substitute),
        "begins_on": each.begins_on,
        "ends_on": each.ends_on,
        "reason": each.reason,
        "words": words,
        "state": state,
        "end_url": reverse("desk:absence_end", args=[each.pk]) if own and not over else "",
    }


def entering(actor: Actor, typed: Mapping[str, Any]) -> Row:
    """The form: who is away (only for who keeps the office), from when to when, and who stands in."""
    serving = identity.officials_at(actor.organisation_id) if actor.organisation_id is not None else []
    once_each = {account.pk: (account, post) for account, post in serving}
    options = [
        {"value": str(key), "name": _name(account), "detail": post.name if post else ""}
        for key, (account, post) in once_each.items()
    ]
    keeps = f"org:{actor.organisation_id}" in actor.scopes(MANAGE_ABSENCES)
    others = [each for each in options if keeps or each["value"] != str(actor.account_id)]
    groups = [choices("to", _("Who stands in"), others, [typed.get("to", "")])]
    if keeps:
        groups.insert(0, choices("who", _("Who is away"), options, [typed.get("who", str(actor.account_id))]))
    return {
        "title": _("Enter an absence"),
        "intro": _("Meanwhile your substitute sees and may do your tasks, and each task says so. It ends by itself."),
        "back_url": reverse("desk:absences"),
        "back_label": _("Back to the absences"),
        "once": typed.get("once") or new_token(),
        "groups": groups,
        "dates": [
            {"name": "begins_on", "label": _("First day"), "value": typed.get("begins_on", "")},
            {"name": "ends_on", "label": _("Last day"), "value": typed.get("ends_on", "")},
        ],
        "reason": typed.get("reason", ""),
        "reason_label": _("Reason (may be left empty)"),
        "submit": _("Enter the absence"),
        "barred": "" if others else _("Nobody else serves at your organisation."),
    }


def _name(account: Any) -> str:
    return account.person.name if account.person else account.username
