"""The process of a case or an errand as the desk shows it: its steps in a table, from which the drawing is marked."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.doors.desk.queries.saying import moment_words, named
from zhengtong.matters.workflow.progress import NOW, STATES, WAITS, Place, Progress, lasting
from zhengtong.matters.workflow.registry import WHO

Row = dict[str, Any]


def steps(found: Progress, now: dt.datetime) -> list[Row]:
    """A row for each step: what was done, what is done now, what comes next."""
    return [_row(place, now) for place in found.places]


def legend() -> list[Row]:
    """What the marks of the drawing mean."""
    return [{"name": name, "label": label} for name, label in STATES.items() if name != "cancelled"]


def _row(place: Place, now: dt.datetime) -> Row:
    took = place.lasted
    if took is None and place.state == NOW and place.since is not None:
        took = max(now - place.since, dt.timedelta())
    words = lasting(took) if took is not None else ""
    return {
        "element": place.element,
        "task_id": place.task,
        "name": named(place.name, place.name_en) or place.element,
        "state": place.state,
        "state_words": STATES[place.state],
        "badge": words or STATES[place.state],
        "who": _who(place),
        "detail": waits_words(place) if place.wait else _came(place),
        "since": place.since,
        "until": place.until,
        "took": words,
    }


def _who(place: Place) -> object:
    if place.auto:
        return _("the system")
    role = WHO.get(place.role, place.role)
    if place.who and role:
        return _("%(name)s (%(role)s)") % {"name": place.who, "role": role}
    return place.who or role


def waits_words(place: Place) -> object:
    """What a step waits for that is no task, and until when where that is known."""
    words = WAITS[place.wait]  # type: ignore[index] # a Wait is its text
    return _("%(what)s, due %(when)s") % {"what": words, "when": moment_words(place.due)} if place.due else words


def _came(place: Place) -> object:
    outcome = OUTCOMES.get(place.outcome)
    return outcome.label if outcome else place.outcome
