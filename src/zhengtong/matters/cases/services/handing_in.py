"""Handing a draft in: once, however often the button is pressed, and the draft is gone with the same act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.seals import sm3
from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.core.idempotency import Reply, idempotent
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.choices import Channel
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.cases.queries import drafts_of
from zhengtong.matters.cases.services.applying import owns, submit_correction
from zhengtong.matters.cases.services.materials import Obtained
from zhengtong.matters.cases.services.prefilling import changed_sources, obtained_by_sharing
from zhengtong.matters.cases.services.ruling import Facts
from zhengtong.matters.cases.services.specs import spec_of
from zhengtong.matters.cases.services.submission import facts_for, submit_application


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
    """Submit the application, or the correction, that a draft holds: once, whoever presses which button how often.

    The same `key` again, or the same draft from another window, answers the same case (an application's case takes
    over the draft's token, so it is found there for good). `obtained` adds materials that a licence stands for.
    Raises what submitting raises; the draft is kept then.
    """
    shown: list[str] = []
    facts = _facts(by, token)

    def job() -> Reply:
        shown.clear()
        draft = drafts_of(by).select_for_update().filter(token=token).first()
        if draft is None:
            return _handed_in_before(by, token)
        require_same_principal(by, draft)
        case_token, code = _submit(by, draft, channel, obtained or {}, facts)
        shown.append(code)
        draft.delete()
        return Reply(201, {"case": case_token})

    reply = idempotent(f"account:{by.account_id}", key, _digest(token), job)
    return HandedIn(str(reply.reference["case"]), "" if reply.repeated or not shown else shown[0])


def require_same_principal(by: Actor, draft: Draft) -> None:
    """Conflict where the actor now acts for somebody else than the draft was begun for."""
    begun = f"org:{draft.organisation_id}" if draft.organisation_id else f"person:{draft.person_id}"
    if by.principal != begun:
        raise Conflict(
            "cases.other_principal",
            _("This application was begun for somebody else. Choose again for whom you act, then go on."),
        )


def _facts(by: Actor, token: str) -> Facts:
    """What the rules need of other authorities, asked for the draft before it is handed in."""
    draft = drafts_of(by).filter(token=token).only("id", "item_id", "person_id", "organisation_id").first()
    if draft is None:
        return {}
    require_same_principal(by, draft)
    return facts_for(by=by, item_id=draft.item_id, purpose=("draft", draft.id))


def _submit(
    by: Actor, draft: Draft, channel: Channel, licences: Mapping[str, Obtained], facts: Facts
) -> tuple[str, str]:
    sources = changed_sources(spec_of(draft.item_id).form, draft.answers, draft.sources)
    obtained = {**obtained_by_sharing(draft), **licences}
    if draft.case_id is not None:
        submit_correction(
            by=by, case_id=draft.case_id, answers=draft.answers, sources=sources, obtained=obtained, facts=facts
        )
        case_token = Case.objects.values_list("token", flat=True).get(id=draft.case_id)
        _correction_of(by, draft.token, lambda: Reply(201, {"case": case_token}))
        return case_token, ""
    receipt = submit_application(
        by=by,
        item_id=draft.item_id,
        answers=draft.answers,
        channel=channel,
        sources=sources,
        obtained=obtained,
        token=draft.token,
        facts=facts,
    )
    return receipt.token, receipt.query_code


def _handed_in_before(by: Actor, token: str) -> Reply:
    """What came of a draft that is gone; NotFound where there never was one of the actor's."""
    case = Case.objects.filter(token=token).first()
    if case is not None and owns(by, case):
        return Reply(200, {"case": token})

    def unknown() -> Reply:
        raise NotFound("cases.no_draft", _("There is no such application in progress"))

    return _correction_of(by, token, unknown)


def _correction_of(by: Actor, token: str, job: Callable[[], Reply]) -> Reply:
    """Which case a draft corrected, remembered for a day."""
    return idempotent(f"account:{by.account_id}", f"correction draft {token}", _digest(token), job)


def _digest(token: str) -> str:
    return sm3(token.encode()).hex()
