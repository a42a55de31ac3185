"""Precedents (同类先例): how the last cases of the same item were decided, how long it took and what was found."""

import datetime as dt
import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import models as m
from zhengtong.matters.cases.queries import visible_to
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.deadlines import queries as deadlines
from zhengtong.matters.deadlines.choices import ClockName

SEEN, SHOWN, VERSIONS = 24, 8, 3


@dataclass(frozen=True, slots=True)
class Precedent:
    """One decided case; `days` are working days from acceptance to decision, None where no clock counted them.

    `alike` says that the applicant's situation was the same, as far as the item asks about situations.
    """

    token: str
    short_no: str
    applicant: str
    outcome: str
    decided_on: dt.date
    days: int | None
    kept: bool
    alike: bool
    opinion: str
    reviewer: str


def precedents(actor: Actor, case: m.Case) -> list[Precedent]:
    """The newest decided cases of the item that the actor may see, those of the same situation first; at most eight.

    Each version of the item (the newest three) is one stretch of the index `case_precedents`, read no further than 24
    rows; what is shown of them takes five queries more, however many cases there are.
    """
    rows = _decided(actor, case)
    alike = _alike(case, [row["id"] for row in rows])
    chosen = sorted(rows, key=lambda row: row["id"] not in alike)[:SHOWN]
    ids = [row["id"] for row in chosen]
    outcomes = dict(m.Decision.objects.filter(case_id__in=ids).values_list("case_id", "outcome"))
    used = deadlines.used_by({row["id"]: row["decided_on"] for row in chosen}, ClockName.PROMISE)
    found = m.Opinion.objects.filter(case_id__in=ids, stage="review").order_by("id")
    opinions = {each.case_id: each for each in found}
    return [_precedent(row, outcomes, used, opinions.get(row["id"]), alike=row["id"] in alike) for row in chosen]


def _decided(actor: Actor, case: m.Case) -> list[Mapping[str, Any]]:
    rows = visible_to(actor).filter(decided_on__isnull=False).exclude(id=case.id).order_by("-decided_on", "-id")
    shown = rows.values("id", "token", "short_no", "applicant_label", "decided_on")
    stretches = [shown.filter(item_id=version)[:SEEN] for version in catalog.versions_of(case.item_id, VERSIONS)]
    newest: Iterator[Any] = heapq.merge(*stretches, key=lambda row: (row["decided_on"], row["id"]), reverse=True)
    return list(islice(newest, SEEN))


def _alike(case: m.Case, ids: list[int]) -> frozenset[int]:
    """Which of these cases were applied for in the same situation: the questions of the item that its form repeats."""
    spec = catalog.item_spec(case.item_id)
    asked = [entry["code"] for entry in spec.stated.get("situations") or () if entry["code"] in spec.form.fields]
    if not asked or not ids:
        return frozenset()
    found = m.Submission.objects.filter(case_id__in=[case.id, *ids]).order_by("number")
    stated = {row.case_id: [row.answers.get(code) for code in asked] for row in found.only("case_id", "answers")}
    return frozenset(key for key in ids if key in stated and stated[key] == stated.get(case.id))


def _precedent(
    row: Mapping[str, Any],
    outcomes: Mapping[int, str],
    used: Mapping[int, tuple[int, bool]],
    opinion: m.Opinion | None,
    *,
    alike: bool,
) -> Precedent:
    days, kept = used.get(row["id"], (None, True))
    return Precedent(
        token=row["token"],
        short_no=row["short_no"],
        applicant=row["applicant_label"],
        outcome=outcomes.get(row["id"], ""),
        decided_on=row["decided_on"],
        days=days,
        kept=kept,
        alike=alike,
        opinion=opinion.text if opinion else "",
        reviewer=opinion.name if opinion else "",
    )
