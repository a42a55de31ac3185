"""Lists of cases, errands and tasks as rows of the table: light, number, title, applicant, step, officer, days."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.doors.desk.queries.saying import named
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import State
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.deadlines.queries import Standing
from zhengtong.matters.workflow.choices import ProcessState, TaskState
from zhengtong.matters.workflow.queries import SHOWN, light_of
from zhengtong.matters.workflow.queries.errands import KIND as ERRAND
from zhengtong.matters.workflow.queries.errands import Standing as HowItStands
from zhengtong.matters.workflow.queries.errands import shown_by, standings

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Errand, Task

KIND = "case"
Row = dict[str, Any]


def columns() -> list[Row]:
    """The heads of the table."""
    labels = (
        *(_("Light"), _("Case no."), _("Item"), _("Applied by"), _("Step"), _("Officer")),
        *(_("Accepted on"), _("Promised limit"), _("Marks")),
    )
    return [{"label": label, "class": "zt-end" if place == 6 else ""} for place, label in enumerate(labels)]


def task_rows(actor: Actor, tasks: Iterable["Task"], chosen: frozenset[int] = frozenset()) -> list[Row]:
    """Tasks as rows; two reads of cases and clocks for all of them."""
    found = list(tasks)
    ids = [task.subject_id for task in found if task.subject_kind == KIND]
    faces = cases.faces(actor, ids)
    standing = deadlines.standings(KIND, ids, clock.today())
    return [
        _task_row(task, faces.get(task.subject_id), standing.get(task.subject_id), chosen)
        for task in found
    ]  # fmt: skip


def case_rows(found: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Cases as rows of the same table; `found` are faces of `cases.queries`."""
    faces = list(found)
    standing = deadlines.standings(KIND, [face["id"] for face in faces], clock.today())
    return [_case_row(face, standing.get(face["id"])) for face in faces]


def errand_columns() -> list[Row]:
    """The heads of the list of errands."""
    labels = (_("Light"), _("No."), _("Errand"), _("Step"), _("Officer"), _("Began on"), _("Urgent from"), _("Marks"))
    return [{"label": label, "class": "zt-end" if place in (5, 6) else ""} for place, label in enumerate(labels)]


def errand_rows(found: "Iterable[Errand]") -> list[Row]:
    """Errands as rows, each with the step at which it stands; two reads for all of them."""
    errands = list(found)
    numbers = [errand.id for errand in errands]
    tasks, standing = shown_by(numbers), standings(numbers)
    return [_errand_row(errand, tasks.get(errand.id), standing[errand.id]) for errand in errands]


def _errand_row(errand: "Errand", task: "Task | None", how: HowItStands) -> Row:
    """Of what is over no step is told, but how it ended."""
    runs = how.state == ProcessState.RUNNING
    now = task if runs and task is not None and task.state in SHOWN else None
    step = named(now.name, now.name_en) if now else ""
    officer = now.holder or _("Nobody yet") if now and now.state != TaskState.OFFERED else ""
    tags = [{"label": ProcessState(how.state).label, "state": _TAGS.get(how.state, "")}]
    if how.halted:
        tags.append({"label": _("halted"), "state": "gold"})
    if now and now.state == TaskState.OFFERED:
        tags.append({"label": TaskState.OFFERED.label, "state": "azure"})
    title = named(errand.title, errand.title_en)
    light = {"kind": "light", "state": light_of(clock.today(), None, errand.red_on)} if runs else {"value": ""}
    cells = [
        light,
        {"kind": "code", "value": str(errand.id)},
        {"kind": "head", "value": title},
        {"value": step},
        {"value": officer},
        {"kind": "date", "value": clock.local(errand.opened_at).date()},
        {"kind": "date", "value": errand.red_on},
        {"kind": "tags", "tags": tags},
    ]
    url = reverse("desk:whole_errand", args=[errand.id])
    return {"id": errand.id, "name": f"{errand.id} {title}", "url": url, "cells": cells}


_TAGS: Mapping[str, str] = {ProcessState.RUNNING: "azure", ProcessState.FAILED: "red"}


def _task_row(task: "Task", face: Mapping[str, Any] | None, standing: Standing | None, chosen: frozenset[int]) -> Row:
    light = light_of(clock.today(), task.yellow_on, task.red_on, paused=task.paused)
    step = named(task.name, task.name_en)
    on_offer = task.state == TaskState.OFFERED
    officer = "—" if on_offer else task.holder or _("Nobody yet")
    title = named(task.title, task.title_en)
    url = reverse("desk:case", args=[face["token"]]) if face else ""
    if task.subject_kind == ERRAND:
        url = reverse("desk:errand", args=[task.id])
    cells = _cells(light, task.reference, title, task.label, step, officer, face or {}, standing)
    if on_offer:
        cells[-1]["tags"].insert(0, {"label": TaskState.OFFERED.label, "state": "azure"})
    if task.urges:
        cells[-1]["tags"].insert(0, {"label": urged_words(task), "state": "gold"})
    name = f"{task.reference} {title}"
    return {"id": task.id, "name": name, "url": url, "chosen": task.id in chosen, "cells": cells}


def urged_words(task: "Task") -> str:
    """How often its holder was urged."""
    return ngettext("urged %(count)s time", "urged %(count)s times", task.urges) % {"count": task.urges}


def _case_row(face: Mapping[str, Any], standing: Standing | None) -> Row:
    closed = face["closed_at"] is not None
    light = face["light_at_close"] or "green"
    if not closed:
        light = light_of(clock.today(), face["yellow_on"], face["red_on"], paused=face["paused"])
    title = named(face["item_name"], face["item_name_en"])
    state = State(face["state"]).label
    cells = _cells(light, face["short_no"], title, face["applicant_label"], state, "—", face, standing)
    del cells[5]
    url = reverse("desk:case", args=[face["token"]])
    return {"id": face["id"], "name": f"{face['short_no']} {title}", "url": url, "cells": cells}


def _cells(
    light: str,
    number: str,
    title: str,
    label: str,
    step: object,
    officer: str,
    face: Mapping[str, Any],
    standing: Standing | None,
) -> list[Row]:
    return [
        {"kind": "light", "state": light},
        {"kind": "code", "value": number},
        {"kind": "head", "value": title},
        {"value": label},
        {"value": step},
        {"value": officer},
        {"kind": "date", "value": face.get("accepted_on")},
        {"kind": "limit", "share": share(standing), "state": light, "words": left_words(standing, face)},
        {"kind": "tags", "tags": list(marks(face))},
    ]


def share(standing: Standing | None) -> float:
    """How much of the limit is used, 0 to 1."""
    if standing is None or standing.total == 0:
        return 0
    return min(max(standing.used / standing.total, 0), 1)


def left_words(standing: Standing | None, face: Mapping[str, Any]) -> str:
    """Days left in words; what the clock waits for where it stands still."""
    if standing is None:
        return _("closed") if face.get("closed_at") else "—"
    if standing.paused:
        return _("paused by law")
    left = standing.remaining
    if left < 0:
        return ngettext("%(count)s day over", "%(count)s days over", -left) % {"count": -left}
    if left == 0:
        return _("due today")
    if standing.name == ClockName.CORRECTION_NOTICE:
        return ngettext("%(count)s day to accept", "%(count)s days to accept", left) % {"count": left}
    if standing.name == ClockName.CORRECTION_DUE:
        return ngettext("applicant: %(count)s day", "applicant: %(count)s days", left) % {"count": left}
    return ngettext("%(count)s day left", "%(count)s days left", left) % {"count": left}


def marks(face: Mapping[str, Any]) -> Iterable[Row]:
    """The marks of a case: new, corrected, special procedure, through an agent."""
    if not face:
        return
    if face["state"] == State.SUSPENDED:
        yield {"label": _("Special procedure")}
    if face["correction_requested_at"]:
        yield {"label": _("Corrected")}
    elif face["accepted_on"] is None and _today(face["submitted_at"]):
        yield {"label": _("New"), "state": "azure"}
    if face["agent_person_id"] and face["applicant_kind"] == "person":
        yield {"label": _("Through an agent")}


def _today(instant: dt.datetime | None) -> bool:
    return instant is not None and clock.local(instant).date() == clock.today()
