"""Every read of cases; what an actor may not see looks absent."""

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.forms import in_words, summary
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.core.fields import blind_index
from zhengtong.foundation.core.identifiers import first_id_at
from zhengtong.foundation.core.statements import Load
from zhengtong.foundation.policy import (
    Actor,
    mask_account,
    mask_address,
    mask_id_number,
    mask_name,
    mask_phone,
    visible,
)
from zhengtong.matters.cases import models as m
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.registry import READ
from zhengtong.matters.catalog.queries import ItemSpec, item_spec
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.workflow.queries import acted_on, asked_about, asked_in_person
from zhengtong.matters.workflow.queries.copies import may_read

SAMPLE = 500
_LATEST = Load(m.Submission, where=("case_id",), order_by=("-number",), limit=1)
RECENT_DAYS = 90
APPLIED_DAYS, APPLIED_SAMPLE = 30, 1000


def visible_to(actor: Actor) -> QuerySet[m.Case]:
    """The cases this actor may see."""
    return visible(actor, m.Case)


def case_by_token(actor: Actor, token: str) -> m.Case:
    """One visible case by its public token, or NotFound; who was sent a copy or asked about it reads it meanwhile."""
    return _found(visible_to(actor).filter(token=token).first() or _brought(actor, token))


def acted_case(actor: Actor, token: str) -> m.Case:
    """A case on which the actor, an official, has acted, by its public token, or NotFound: to take that back, and no
    ground to read it.
    """
    case = m.Case.objects.filter(token=token).first() if actor.kind == "staff" else None
    still = case is not None and _serves(actor, case) and acted_on(actor, "case", case.id)
    return _found(case if still else None)


def _brought(actor: Actor, token: str) -> m.Case | None:
    case = m.Case.objects.filter(token=token).first() if actor.kind == "staff" else None
    return case if case is not None and _lets_read(actor, case) else None


def _lets_read(actor: Actor, case: m.Case) -> bool:
    """Whether a copy or a question lets an official read, as long as he serves where the case lies."""
    brought = may_read(actor, "case", case.id) or asked_in_person(actor, "case", case.id)
    return brought and _serves(actor, case)


def _serves(actor: Actor, case: m.Case) -> bool:
    return actor.places is None or case.agency_id in actor.places


def may_see(actor: Actor, case: m.Case) -> bool:
    """Whether the actor may see a case: by what he holds, or because he was sent a copy or asked about it."""
    return visible_to(actor).filter(id=case.id).exists() or (actor.kind == "staff" and _lets_read(actor, case))


def case_by_id(actor: Actor, case_id: int) -> m.Case:
    """One visible case, or NotFound."""
    return _found(visible_to(actor).filter(id=case_id).first())


def case_by_query_code(short_no: str, code: str) -> m.Case:
    """A case by number and query code, for whoever holds both; a wrong pair says nothing about either."""
    index = blind_index(code.strip().upper(), "case.query_code")
    return _found(m.Case.objects.filter(short_no=short_no.strip(), query_index=index).first())


def own_cases(actor: Actor) -> QuerySet[m.Case]:
    """The cases of whom the actor acts for, newest first."""
    kind, _sep, key = (actor.principal or "").partition(":")
    column = {"person": "applicant_person_id", "org": "applicant_organisation_id"}.get(kind)
    if column is None:
        return m.Case.objects.none()
    return m.Case.objects.filter(**{column: int(key)}).order_by("-id")


def drafts_of(actor: Actor) -> QuerySet[m.Draft]:
    """The actor's applications in progress, last saved first."""
    if actor.account_id is None:
        return m.Draft.objects.none()
    return m.Draft.objects.filter(account_id=actor.account_id).order_by("-saved_at")


def draft_by_token(actor: Actor, token: str) -> m.Draft:
    """One of the actor's own drafts, or NotFound."""
    draft = drafts_of(actor).filter(token=token).first()
    if draft is None:
        raise NotFound("cases.no_draft", _("There is no such application in progress"))
    return draft


def submissions_of(case: m.Case) -> QuerySet[m.Submission]:
    """What was handed in, in order."""
    return m.Submission.objects.filter(case_id=case.id).order_by("number")


def latest_submission(case: m.Case) -> m.Submission:
    """What counts now."""
    found = _LATEST.one((case.id,))
    if found is None:
        raise m.Submission.DoesNotExist(f"case {case.id} has no submission")
    return found


def materials_of(case: m.Case, submission: int | None = None) -> QuerySet[m.CaseMaterial]:
    """The materials of one submission (default: every one), in order."""
    rows = m.CaseMaterial.objects.filter(case_id=case.id)
    return (rows if submission is None else rows.filter(submission=submission)).order_by("submission", "id")


@dataclass(frozen=True, slots=True)
class Given:
    """A material that was handed in. `replaced_by` are those now standing in its place, None while it counts itself;
    `corrected` tells that its file came with a correction."""

    material: m.CaseMaterial
    replaced_by: tuple[m.CaseMaterial, ...] | None = None
    corrected: bool = False


def materials_given(case: m.Case) -> list[Given]:
    """The materials of the newest submission, those of a code followed by the files that they replaced; what nothing
    stands in the place of is last."""
    found = list(materials_of(case))
    newest = max((row.submission for row in found), default=0)
    now = [row for row in found if row.submission == newest]
    kept = {row.file_id for row in now if row.file_id}
    before = {row.file_id: row for row in found if row.submission < newest and row.file_id}
    given: list[Given] = []
    for code in dict.fromkeys([*(row.code for row in now), *(row.code for row in before.values())]):
        standing = tuple(row for row in now if row.code == code)
        given += [Given(row, None, newest > 1 and bool(row.file_id) and row.file_id not in before) for row in standing]
        files = tuple(row for row in standing if row.file_id)
        given += [Given(row, files) for row in before.values() if row.code == code and row.file_id not in kept]
    return given


def visible_notes(actor: Actor, case: m.Case) -> QuerySet[m.MaterialNote]:
    """The notes on the materials of a case that the actor may read, in order; an applicant reads none."""
    return visible(actor, m.MaterialNote).filter(case_id=case.id).order_by("id")


def opinions_of(case: m.Case) -> QuerySet[m.Opinion]:
    """What officials found, in order."""
    return m.Opinion.objects.filter(case_id=case.id).order_by("id")


def procedures_of(case: m.Case) -> QuerySet[m.SpecialProcedure]:
    """The special procedures, in order."""
    return m.SpecialProcedure.objects.filter(case_id=case.id).order_by("number")


def decision_of(case: m.Case) -> m.Decision | None:
    """The decision, once there is one."""
    return m.Decision.objects.filter(case_id=case.id).first()


def notices_of(case: m.Case) -> QuerySet[m.Notice]:
    """The papers, in order."""
    return m.Notice.objects.filter(case_id=case.id).order_by("id")


def notice_by_token(token: str) -> m.Notice:
    """One paper by its public token, or NotFound."""
    notice = m.Notice.objects.filter(token=token).first()
    if notice is None:
        raise NotFound("cases.no_notice", _("There is no such paper"))
    return notice


def delivery_of(case: m.Case) -> m.Delivery | None:
    """How the result was served, once it was."""
    return m.Delivery.objects.filter(case_id=case.id).first()


def evaluations_of(case: m.Case) -> QuerySet[m.Evaluation]:
    """The evaluations given, in order."""
    return m.Evaluation.objects.filter(case_id=case.id).order_by("round")


def _found(case: m.Case | None) -> m.Case:
    if case is None:
        raise NotFound("cases.unknown", _("There is no such case"))
    return case


def item_of(case_id: int | None) -> ItemSpec | None:
    """The item a case was opened under, or None for no case."""
    if case_id is None:
        return None
    found = m.Case.objects.filter(id=case_id).values_list("item_id", flat=True).first()
    return None if found is None else item_spec(found)


FACE = (
    *("id", "token", "state", "accepted_on", "received_on", "correction_requested_at", "paused", "agent_person_id"),
    *("applicant_kind", "applicant_label", "item_name", "item_name_en", "short_no", "legal_due", "submitted_at"),
    *("yellow_on", "red_on", "reviewer_id", "light_at_close", "closed_at"),
)
RUNNING = (
    State.RECEIVED,
    State.CORRECTION,
    State.ACCEPTED,
    State.REVIEWING,
    State.SUSPENDED,
    State.DECIDING,
)


def faces(actor: Actor, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What a list shows of each of these cases that the actor may see; nothing sealed is opened."""
    wanted = set(ids)
    found = {row["id"]: row for row in visible_to(actor).filter(id__in=wanted).values(*FACE)}
    if missing := asked_about(actor, "case", wanted - found.keys()):
        found |= {row["id"]: row for row in m.Case.objects.filter(id__in=missing).values(*FACE)}
    return found


def agency_cases(
    actor: Actor, *, states: Iterable[str], condition: Q | None = None, before: int | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """The newest cases in these states that the actor's authorities handle, below the id `before`.

    Each authority and state is one stretch of the index `case_of_agency`; the stretches are merged, so the cost is
    that of a page. Who may read more than single authorities reads by id alone.
    """
    scopes = actor.scopes(READ)
    rows = visible_to(actor).filter(condition or Q()).order_by("-id").values(*FACE)
    if before is not None:
        rows = rows.filter(id__lt=before)
    if not all(scope.startswith("org:") for scope in scopes):
        return list(rows.filter(state__in=list(states))[:limit])
    agencies = [int(scope.partition(":")[2]) for scope in sorted(scopes)]
    stretches = [rows.filter(agency_id=agency, state=state)[:limit] for agency in agencies for state in states]
    return list(islice(heapq.merge(*stretches, key=lambda row: -row["id"]), limit))


def related_cases(actor: Actor, case: m.Case, limit: int = 20) -> list[dict[str, Any]]:
    """Other cases of the same applicant that the actor may see, newest first (关联办件)."""
    if case.applicant_organisation_id is not None:
        same = Q(applicant_organisation_id=case.applicant_organisation_id)
    else:
        same = Q(applicant_person_id=case.applicant_person_id)
    rows = visible_to(actor).filter(same).exclude(id=case.id)
    return list(rows.order_by("-id").values(*FACE)[:limit])


def closed_since(actor: Actor, day: dt.date, limit: int = 1000) -> list[str]:
    """The lights of the newest closed cases of the actor's authorities since a day, at most `limit`."""
    closed = agency_cases(actor, states=[State.CLOSED, State.ARCHIVED], limit=limit)
    return [row["light_at_close"] for row in closed if row["closed_at"] and row["closed_at"].date() >= day]


def opinion_draft(actor: Actor, task_id: int) -> m.OpinionDraft | None:
    """What the actor typed for a task and has not submitted."""
    if actor.account_id is None:
        return None
    return m.OpinionDraft.objects.filter(task_id=task_id, account_id=actor.account_id).first()


_MASKS: Mapping[str, Callable[[str], str]] = {
    "id_number": mask_id_number,
    "phone": mask_phone,
    "address": mask_address,
    "name": mask_name,
    "account": mask_account,
}


def shown_answers(case: m.Case, submission: m.Submission, locale: str, *, full: bool = False) -> list[dict[str, Any]]:
    """The answers of a submission as rows of pages, sensitive ones masked unless `full` (security.md §7.1).

    Each row is `{key, label, value, kind, raw, sensitive, masked, …}`; `raw` of a masked row is emptied.
    """
    form = item_spec(case.item_id).form
    pages = summary(form, submission.answers, locale)
    for page in pages:
        for row in page["rows"]:
            _mask_row(row, form.fields[row["key"]], locale, full=full)
    return pages


def _mask_row(row: dict[str, Any], field: Any, locale: str, *, full: bool) -> None:
    hidden = {column.key: column for column in field.columns if column.sensitive}
    row["masked"] = not full and bool(field.sensitive or hidden) and bool(row["value"])
    row["sensitive"] = bool(field.sensitive or hidden)
    if not row["masked"]:
        return
    if hidden and isinstance(row["raw"], list):
        rows = [
            {key: _masked(hidden[key].masking, cell) if key in hidden else cell for key, cell in line.items()}
            for line in row["raw"]
        ]
        row["value"] = in_words(field, rows, locale)
    else:
        row["value"] = _masked(field.masking, row["raw"])
    row["raw"] = None


def _masked(masking: str, value: Any) -> str:
    mask = _MASKS.get(masking)
    return mask(str(value)) if mask is not None else "****"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the public may count along with us; `average` and `on_time` are None while nothing was closed lately.

    `received` and `closed` are of today. `average` is working days from acceptance to decision without pauses,
    `on_time` the per cent decided within the promise; both of the last 500 cases decided within 90 days.
    """

    received: int
    closed: int
    average: float | None
    on_time: float | None
    sample: int
    at: dt.datetime


def figures(item_id: int | None = None) -> Figures:
    """The live numbers, of all services or of one; each read keeps to a stretch of an index."""
    midnight = clock.local().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = m.Case.objects.all() if item_id is None else m.Case.objects.filter(item_id=item_id)
    counted = deadlines.used_and_kept(_lately_decided(rows), ClockName.PROMISE)
    count = len(counted)
    return Figures(
        received=rows.filter(id__gte=first_id_at(midnight), submitted_at__gte=midnight).count(),
        closed=rows.filter(closed_at__gte=midnight).count(),
        average=round(sum(used for used, _kept in counted) / count, 1) if count else None,
        on_time=round(100 * sum(kept for _used, kept in counted) / count, 1) if count else None,
        sample=count,
        at=clock.now(),
    )


def _lately_decided(rows: QuerySet[m.Case]) -> dict[int, dt.date]:
    since = clock.now() - dt.timedelta(days=RECENT_DAYS)
    decided = rows.filter(closed_at__gte=since, decided_on__isnull=False).order_by("-closed_at")
    return {number: day for number, day in decided.values_list("id", "decided_on")[:SAMPLE] if day is not None}


def applied_for_lately() -> dict[int, int]:
    """How often each item version was applied for in the last 30 days, most first, of the newest 1,000 applications at
    most: one stretch of the primary key."""
    since = clock.now() - dt.timedelta(days=APPLIED_DAYS)
    newest = m.Case.objects.filter(id__gte=first_id_at(since), submitted_at__gte=since, imported=False).order_by("-id")
    return dict(Counter(newest.values_list("item_id", flat=True)[:APPLIED_SAMPLE]).most_common())


def to_archive(before: dt.datetime, *, limit: int) -> list[int]:
    """Ids of cases closed before an instant whose papers are all drawn, oldest first.

    Imported history is left out: the system it comes from has put it on file, or will.
    """
    undrawn = m.Notice.objects.filter(case_id=OuterRef("id"), file_id__isnull=True)
    rows = m.Case.objects.filter(~Exists(undrawn), state=State.CLOSED, closed_at__lt=before, imported=False)
    return list(rows.order_by("closed_at").values_list("id", flat=True)[:limit])


def closed_lately(limit: int = 4) -> list[m.Case]:
    """The newest decided cases, for the public list; `applicant_label` is masked for people."""
    closed = m.Case.objects.filter(closed_at__isnull=False, decided_on__isnull=False)
    return list(closed.order_by("-closed_at")[:limit])


def of_notice(notice: m.Notice) -> m.Case:
    """The case a paper belongs to; what of it may be shown is for whoever checks the paper to settle."""
    return m.Case.objects.get(id=notice.case_id)


def item_by_case_token(token: str) -> ItemSpec:
    """The item a case was opened under, by the case's public token."""
    return item_spec(m.Case.objects.values_list("item_id", flat=True).get(token=token))
