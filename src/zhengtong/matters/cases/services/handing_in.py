"""Handing a draft in: once, however often the button is pressed, and the draft is gone with the same act."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.seals import sm3
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.core.idempotency import Reply, idempotent
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.choices import Channel
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.cases.queries import draft_by_token
from zhengtong.matters.cases.services.applying import submit_correction
from zhengtong.matters.cases.services.materials import Obtained
from zhengtong.matters.cases.services.prefilling import changed_sources, obtained_by_sharing
from zhengtong.matters.cases.services.specs import spec_of
from zhengtong.matters.cases.services.submission import submit_application


@dataclass(frozen=True)
class HandedIn:
    """The case's public token; `query_code` only the first time, empty for a repetition or a correction."""

    case_token: str
    query_code: str = ""


def hand_in_draft(
    *,
    by: Actor,
    token: str,
    key: str,
    channel: Channel = Channel.ONLINE,
    obtained: Mapping[str, Obtained] | None = None,
) -> HandedIn:
    """Submit the application, or the correction, that a draft holds; the same `key` again answers the same case.

    `obtained` adds materials that a licence stands for. Raises what submitting raises; the draft is kept then.
    """
    shown: list[str] = []

    def job() -> Reply:
        shown.clear()
        draft = draft_by_token(by, token)
        require_same_principal(by, draft)
        case_token, code = _submit(by, draft, channel, obtained or {})
        shown.append(code)
        draft.delete()
        return Reply(201, {"case": case_token})

    reply = idempotent(f"account:{by.account_id}", key, sm3(token.encode()).hex(), job)
    return HandedIn(str(reply.reference["case"]), "" if reply.repeated or not shown else shown[0])


def require_same_principal(by: Actor, draft: Draft) -> None:
    """Conflict where the actor now acts for somebody else than the draft was begun for."""
    begun = f"org:{draft.organisation_id}" if draft.organisation_id else f"person:{draft.person_id}"
    if by.principal != begun:
        raise Conflict(
            "cases.other_principal",
            _("This application was begun for somebody else. Choose again for whom you act, then go on."),
        )


def _submit(by: Actor, draft: Draft, channel: Channel, licences: Mapping[str, Obtained]) -> tuple[str, str]:
    sources = changed_sources(spec_of(draft.item_id).form, draft.answers, draft.sources)
    obtained = {**obtained_by_sharing(draft), **licences}
    if draft.case_id is not None:
        submit_correction(by=by, case_id=draft.case_id, answers=draft.answers, sources=sources, obtained=obtained)
        return Case.objects.values_list("token", flat=True).get(id=draft.case_id), ""
    receipt = submit_application(
        by=by, item_id=draft.item_id, answers=draft.answers, channel=channel, sources=sources, obtained=obtained
    )
    return receipt.token, receipt.query_code
