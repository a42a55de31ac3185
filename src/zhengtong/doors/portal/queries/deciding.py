"""A case that the rules decided at once, as its applicant meets it: the answer, what is granted, why, the letter."""

from typing import Any

from django.utils.translation import gettext as _

from zhengtong.engines.documents import letter_title
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import CloseType
from zhengtong.matters.cases.queries.rulings import rulings_of
from zhengtong.matters.catalog import queries as catalog

Shown = dict[str, Any]
_LETTERS = {CloseType.APPROVED: "approval", CloseType.REFUSED: "refusal"}


def decided_at_once(actor: Actor, case: Any, locale: str) -> Shown | None:
    """What the page says of a decision made by rule; None for a case that waits, or that officials decided."""
    kind = _LETTERS.get(case.close_type)
    decision = cases.decision_of(case)
    if kind is None or decision is None or decision.ruling_id is None:
        return None
    told = rulings_of(actor, case, locale)[0]
    approved = case.close_type == CloseType.APPROVED
    matter = catalog.item_spec(case.item_id).matter
    return {
        "approved": approved,
        "verdict": _("Granted") if approved else _("Not granted"),
        "content": told.content if approved else (),
        "reasons": told.reasons,
        "letter": next((paper for paper in cases.notices_of(case) if paper.kind == kind), None),
        "letter_title": letter_title(kind, matter, locale),
        "decided_on": decision.decided_on,
    }
