"""Handing a draft in: once, however often the button is pressed, and the draft is gone with the same act."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.seals import sm3
from zhengtong.foundation.core.errors import Conflict, NotFound
from zhengtong.foundation.core.idempotency import Reply, idempotent
from zhengtong.foundation.core.statements import Delete, Load
from zhengtong.foundation.core.writes import in_write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.choices import Channel
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.cases.queries import drafts_of
from zhengtong.matters.cases.services.applying import owns, submit_correction
from zhengtong.matters.cases.services.materials import Obtained
from zhengtong.matters.cases.services.prefilling import changed_sources, obtained_by_sharing
from zhengtong.matters.cases.services.ruling import Facts
from zhengtong.matters.cases.services.specs import spec_of
from zhengtong.matters.cases.services.submission import Application, facts_for, ready_application, submit_application


@dataclass(frozen=True)
class HandedIn:
    """The case's public token; `query_code` only the first time, empty for a repetition or a correction."""

    case_token: str
    query_code: str = ""


@dataclass(frozen=True)
class ReadyDraft:
    """A draft as it was read, what others said for it, and the application made of it, if it is one and in order."""

    id: int
    version: int
    saved_at: dt.datetime
    facts: Facts
    application: Application | None

    def is_of(self, draft: Draft) -> bool:
        """Whether nobody has saved the draft since."""
        return (self.id, self.version, self.saved_at) == (draft.id, draft.version, draft.saved_at)


def prepare_draft(
    *,
    by: Actor,
    token: str,
    channel: Channel = Channel.ONLINE,
    obtained: Mapping[str, Obtained] | None = None,
) -> ReadyDraft | None:
    """Do all of handing a draft in that needs no write; None where there is no such draft (any more).

    For whoever hands in within a write of his own: others wait as long as it lasts, and other authorities must not be
    asked in it. What is wrong with the answers is told by handing in; raises Conflict where the draft was begun for
    somebody else, and what asking others raises.
    """
    draft = drafts_of(by).filter(token=token).first()
    if draft is None:
        return None
    require_same_principal(by, draft)
    facts = facts_for(by=by, item_id=draft.item_id, purpose=("draft", draft.id))
    application = None
    if draft.case_id is None:
        application = ready_application(by=by, **_filled_in(draft, channel, obtained or {}, facts))
    return ReadyDraft(draft.id, draft.version, draft.saved_at, facts, application)


def hand_in_draft(
    *,
    by: Actor,
    token: str,
    key: str,
    channel: Channel = Channel.ONLINE,
    obtained: Mapping[str, Obtained] | None = None,
    ready: ReadyDraft | None = None,
) -> HandedIn:
    """Submit the application, or the correction, that a draft holds: once, whoever presses which button how often.

    The same `key` again, or the same draft from another window, answers the same case (an application's case takes
    over the draft's token, so it is found there for good). `obtained` adds materials that a licence stands for;
    `ready` is what `prepare_draft` gave for the same, where this is called within a write.
    Raises what submitting raises; the draft is kept then.
    """
    shown: list[str] = []
    if ready is None and not in_write():
        ready = prepare_draft(by=by, token=token, channel=channel, obtained=obtained)

    def job() -> Reply:
        shown.clear()
        draft = _own.one((token, by.account_id)) if by.account_id is not None else None
        if draft is None:
            return _handed_in_before(by, token)
        require_same_principal(by, draft)
        case_token, code = _submit(by, draft, channel, obtained or {}, ready)
        shown.append(code)
        _gone.one((draft.id,))
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


def _submit(
    by: Actor, draft: Draft, channel: Channel, licences: Mapping[str, Obtained], ready: ReadyDraft | None
) -> tuple[str, str]:
    facts = ready.facts if ready is not None else {}
    if draft.case_id is not None:
        filled = _filled_in(draft, channel, licences, facts)
        correction = {name: filled[name] for name in ("answers", "sources", "obtained", "facts")}
        submit_correction(by=by, case_id=draft.case_id, **correction)
        case_token = Case.objects.values_list("token", flat=True).get(id=draft.case_id)
        _correction_of(by, draft.token, lambda: Reply(201, {"case": case_token}))
        return case_token, ""
    if ready is not None and ready.application is not None and ready.is_of(draft):
        receipt = ready.application.open()
    else:
        receipt = submit_application(by=by, **_filled_in(draft, channel, licences, facts))
    return receipt.token, receipt.query_code


def _filled_in(draft: Draft, channel: Channel, licences: Mapping[str, Obtained], facts: Facts) -> dict[str, Any]:
    """What an application is made of, as the draft holds it."""
    return {
        "item_id": draft.item_id,
        "answers": draft.answers,
        "channel": channel,
        "sources": changed_sources(spec_of(draft.item_id).form, draft.answers, draft.sources),
        "obtained": {**obtained_by_sharing(draft), **licences},
        "token": draft.token,
        "facts": facts,
    }


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


_own = Load(
    Draft,
    where=("token", "account_id"),
    fields=("id", "token", "person_id", "organisation_id", "item_id", "case_id", "version", "saved_at"),
    lock=True,
)
_gone = Delete(Draft, where=("id",))
