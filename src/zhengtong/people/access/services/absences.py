"""Verbs of absence: an official, or who administers his organisation, says from when to when and who stands in."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.people.access import events, queries
from zhengtong.people.access.models import Absence
from zhengtong.people.access.queries import absences
from zhengtong.people.access.registry import MANAGE_ABSENCES
from zhengtong.people.access.services.separation import check_hand
from zhengtong.people.identity import queries as identity

MOST_DAYS = 366
LONGEST_REASON = 200


def enter_absence(
    *,
    by: Actor,
    account_id: int,
    organisation_id: int,
    substitute_id: int,
    begins_on: dt.date | None,
    ends_on: dt.date | None,
    reason: str = "",
) -> Absence:
    """Say that an official is away from his organisation on these days (both included), and who stands in for him.

    During them his substitute sees and may do his tasks, and nothing else of his; it ends by itself. Raises NotAllowed
    (another's absence without `absence.manage`), Invalid (days, oneself, who does not serve there), Conflict: two
    absences at once, a substitute who is away himself, standing in while away, roles that must not meet.
    """
    row = Absence(
        account_id=account_id,
        organisation_id=organisation_id,
        substitute_id=substitute_id,
        reason=reason.strip(),
        entered_by_id=by.account_id,
    )
    _require(by, row)
    row.begins_on, row.ends_on = _term(begins_on, ends_on, reason)

    def job() -> Absence:
        serving = {each.pk: each for each, _post in identity.officials_at(organisation_id)}
        if account_id not in serving or substitute_id not in serving or substitute_id == account_id:
            sentence = _("Choose a colleague who serves at the same organisation.")
            raise _lacks("to", sentence)
        people = [serving[account_id].person_id, serving[substitute_id].person_id]
        identity.lock_people(person_id for person_id in people if person_id is not None)
        _check_times(row)
        accounts = {"account_ids": [account_id, substitute_id]}
        check_hand(queries.roles_in_hand(people[0], **accounts) | queries.roles_in_hand(people[1], **accounts))
        row.save(force_insert=True)
        told: dict[str, object] = {"account": account_id, "substitute": substitute_id, "organisation": organisation_id}
        told |= {"begins_on": row.begins_on.isoformat(), "ends_on": row.ends_on.isoformat()}
        subject = ("absence", row.pk)
        ledger.record(by=by, type=events.ABSENCE_ENTERED, subject=subject, payload=told, reason=row.reason)
        return row

    return write(job)


def end_absence(*, by: Actor, absence_id: int) -> None:
    """End an absence now, before its time or before it began. Raises NotFound, NotAllowed, Conflict (over already)."""

    def job() -> None:
        row = absences.visible_absences(by).filter(pk=absence_id).first()
        if row is None:
            raise NotFound("access.no_absence", _("There is no such absence."))
        _require(by, row)
        running = Absence.objects.filter(pk=row.pk, ended_at=None, ends_on__gte=clock.today())
        if not running.update(ended_at=clock.now()):
            raise Conflict("access.absence_over", _("This absence is over already."))
        told = {"account": row.account_id, "substitute": row.substitute_id}
        ledger.record(by=by, type=events.ABSENCE_ENDED, subject=("absence", row.pk), payload=told)

    write(job)


def _require(by: Actor, row: Absence) -> None:
    own = by.kind == "staff" and by.account_id is not None and by.account_id == row.account_id
    if not own:
        policy.require(by, MANAGE_ABSENCES, row)


def _term(begins_on: dt.date | None, ends_on: dt.date | None, reason: str) -> tuple[dt.date, dt.date]:
    faults = []
    if begins_on is None or begins_on < clock.today():
        faults.append(("begins_on", "date", str(_("Give the first day, today or later."))))
    if ends_on is None or (begins_on is not None and ends_on < begins_on):
        faults.append(("ends_on", "date", str(_("Give the last day, not before the first."))))
    elif begins_on is not None and (ends_on - begins_on).days >= MOST_DAYS:
        faults.append(("ends_on", "too_long", str(_("At most a year."))))
    if len(reason.strip()) > LONGEST_REASON:
        faults.append(("reason", "too_long", str(_("At most 200 characters."))))
    if faults or begins_on is None or ends_on is None:
        raise Invalid("access.absence", _("Please complete what is marked."), faults)
    return begins_on, ends_on


def _check_times(row: Absence) -> None:
    """Nobody is away twice at once, and nobody stands in while he is away: so no two stand in for one another."""
    meeting = absences.overlapping(row.begins_on, row.ends_on)
    twice = meeting.filter(account_id=row.account_id).first()
    if twice is not None:
        sentence = _("An absence from %(from)s to %(to)s is entered already; end it first.")
        raise Conflict("access.absence_overlaps", sentence % _days(twice))
    away = meeting.filter(account_id=row.substitute_id).first()
    if away is not None:
        sentence = _("%(name)s is away himself from %(from)s to %(to)s; choose somebody else.")
        raise Conflict("access.substitute_away", sentence % {"name": _name(away.account), **_days(away)})
    standing = meeting.filter(substitute_id=row.account_id).first()
    if standing is not None:
        sentence = _(
            "Who is away would stand in for %(name)s from %(from)s to %(to)s; another must stand in there first."
        )
        raise Conflict("access.absent_stands_in", sentence % {"name": _name(standing.account), **_days(standing)})


def _days(row: Absence) -> dict[str, str]:
    return {"from": row.begins_on.isoformat(), "to": row.ends_on.isoformat()}


def _name(account: identity.Account) -> str:
    return account.person.name if account.person else account.username


def _lacks(path: str, sentence: object) -> Invalid:
    return Invalid("access.absence", _("Please complete what is marked."), [(path, "required", str(sentence))])
