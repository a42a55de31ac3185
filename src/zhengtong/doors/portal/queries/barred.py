"""What can no longer be done about a case, and why: read before a page offers a form that could only be refused."""

from typing import Any

from django.utils.translation import gettext as _

from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import CloseType, State
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.rules import MOST_ROUNDS, allowed_events

_DECIDED = (State.APPROVED, State.REFUSED, State.DELIVERED)
_GRADED = (State.CLOSED, State.ARCHIVED)


def withdrawing_barred(case: Any) -> str:
    """Why the application cannot be taken back; empty while it can (services.md §5.2)."""
    if Event.WITHDRAW in allowed_events(case.state):
        return ""
    if case.close_type == CloseType.WITHDRAWN:
        return _("You have withdrawn this application already. You can apply again at any time.")
    if case.state in _DECIDED or case.close_type in (CloseType.APPROVED, CloseType.REFUSED):
        return _("It has been decided already. An application can be withdrawn only before the decision.")
    return _("The case has ended without a decision, so nothing is left to withdraw. You can apply again at any time.")


def urging_barred(case: Any) -> str:
    """Why nobody can be pressed for an answer; empty while something may wait in the office."""
    if case.state == State.CORRECTION:
        return _("It waits for your correction, not for the office. Once you hand that in, it goes on.")
    if case.state in (*_DECIDED, *_GRADED):
        return _("The answer is there already; it stands with the case.")
    return ""


def delivery_barred(case: Any) -> str:
    """Why the way of delivery cannot be chosen; empty until the result is on its way."""
    if case.state in (State.DELIVERED, *_GRADED):
        return _("The case has ended, so nothing is left to deliver in another way.")
    return ""


def evaluating_barred(case: Any) -> str:
    """Why the handling cannot be graded (again); empty where it can."""
    if case.state not in _GRADED:
        return _("You can grade the handling once the case has ended.")
    if cases.evaluations_of(case).count() >= MOST_ROUNDS:
        return _("You have graded the handling and added to it. Both are kept, and nobody can change them.")
    return ""
