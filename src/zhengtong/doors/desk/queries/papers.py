"""Papers of a case and what became of others like it: letters, opinions, precedents."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.doors.desk.queries.saying import day_words, grouped
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import NoticeKind, Outcome
from zhengtong.matters.cases.queries import precedents as like

Row = dict[str, Any]
RECOMMENDED = {
    "approve": "propose_approve",
    "refuse": "propose_refuse",
    "send_back": "send_back",
    **{outcome: outcome for outcome in ("checked", "done", "agree", "disagree")},
}


def letters(case: Any) -> list[Row]:
    """The letters, newest first; one without a file yet is drawn when it is opened."""
    return [
        {
            "title": NoticeKind(each.kind).label,
            "number": each.number,
            "issued_on": each.issued_on,
            "url": reverse("desk:paper", args=[case.token, each.token]),
            "waits": each.file_id is None,
        }
        for each in reversed(cases.notices_of(case))
    ]


def opinions(case: Any) -> list[Row]:
    """What officials found, newest first."""
    return [
        {
            "name": each.name,
            "given_at": each.given_at,
            "label": _("Taken back")
            if each.recommendation == "withdrawn"
            else OUTCOMES[RECOMMENDED.get(each.recommendation, "send_back")].label,
            "text": each.text,
        }
        for each in reversed(cases.opinions_of(case))
    ]


def precedents(actor: Actor, case: Any) -> list[Row]:
    """How the last cases of the same item ended, those of the same situation first."""
    return [
        {
            "url": reverse("desk:case", args=[each.token]),
            "number": grouped(each.short_no),
            "applicant": each.applicant,
            "outcome": Outcome(each.outcome).label if each.outcome else "",
            "refused": each.outcome == Outcome.REFUSE,
            "alike": each.alike,
            "facts": _took(each),
            "reviewer": each.reviewer,
            "opinion": each.opinion,
        }
        for each in like.precedents(actor, case)
    ]


def _took(each: like.Precedent) -> str:
    facts = [_("decided %s") % day_words(each.decided_on)]
    if each.days is not None:
        words = ngettext("%(count)s working day", "%(count)s working days", each.days)
        facts.append(words % {"count": each.days} + ("" if each.kept else _(", over the promise")))
    return " · ".join(facts)
