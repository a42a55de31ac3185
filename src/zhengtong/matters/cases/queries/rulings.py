"""What the rules said about a case, told again from what was kept: lines for officials, reasons for the applicant."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import models as m
from zhengtong.matters.cases.queries import may_see
from zhengtong.matters.catalog.packs.rules import Line, Ruled
from zhengtong.matters.catalog.queries import ItemSpec, item_spec


@dataclass(frozen=True, slots=True)
class Told:
    """One ruling in words. `lines` are ready for the rule check (LOOK.md): a `passed` one says enough in `words`, a
    `doubtful` one opens `trace`, `rule` and `articles`.

    `missing` are the questions that would supply what nobody knew, where the rules came to nothing for want of it;
    `reasons` and `content` are what a letter says. `unchanged` tells that the rules, asked again, say the same.
    """

    decision: str
    title: str
    ruled_at: dt.datetime
    model: str
    value: Any
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    content: tuple[str, ...]
    unchanged: bool


def rulings_of(actor: Actor, case: m.Case, locale: str, *, full: bool = False) -> list[Told]:
    """What the rules last said on each question about a case the actor may see, newest first.

    Sensitive inputs are starred for everybody but the applicant, unless `full`. NotFound for a case out of sight.
    """
    if not may_see(actor, case):
        raise NotFound("cases.unknown", _("There is no such case"))
    newest: dict[str, m.Ruling] = {}
    for ruling in m.Ruling.objects.filter(case_id=case.id).order_by("-id"):
        newest.setdefault(ruling.decision, ruling)
    item = item_spec(case.item_id)
    own = actor.kind in ("citizen", "enterprise")
    return [_told(item, ruling, locale, full=full or own) for ruling in newest.values()]


def _told(item: ItemSpec, ruling: m.Ruling, locale: str, *, full: bool) -> Told:
    ruled = _again(item, ruling)
    wording = item.wordings["en" if locale.startswith("en") else "zh-hans"]
    hidden = item.rulebook.sensitive if item.rulebook is not None and not full else frozenset()
    return Told(
        decision=ruling.decision,
        title=wording.names.get(ruling.decision, ruling.decision),
        ruled_at=ruling.ruled_at,
        model=ruling.model,
        value=ruling.value,
        lines=wording.lines(ruled, hidden),
        missing=wording.missing(ruled),
        reasons=wording.reasons(ruled),
        content=wording.content(ruled),
        unchanged=ruled.value == ruling.value and ruled.digest == ruling.model,
    )


def _again(item: ItemSpec, ruling: m.Ruling) -> Ruled:
    """The rules asked once more with the same inputs at the same instant; a case keeps the version of its item."""
    if item.rulebook is None:
        raise Conflict("cases.no_rules", _("This service has no rules to decide by."))
    return item.rulebook.rule(ruling.decision, ruling.inputs, ruling.ruled_at)
