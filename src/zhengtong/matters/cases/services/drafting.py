"""An application being written: it saves itself, and what was typed is kept whatever happens."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotFound, SignInNeeded
from zhengtong.foundation.core.identifiers import new_id, new_token
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.models import Draft
from zhengtong.matters.catalog.services import mark_used


def start_draft(
    *,
    by: Actor,
    item_id: int,
    situation: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
    sources: Mapping[str, Any] | None = None,
    case_id: int | None = None,
) -> Draft:
    """Begin an application (or the correction of a case) in the name of whom the actor acts for."""
    kind, _sep, key = (by.principal or "").partition(":")
    if by.account_id is None:
        raise SignInNeeded("cases.sign_in", _("Sign in as the applicant or somebody the applicant has authorised."))
    mark_used(by=by, item_id=item_id)
    draft = Draft(
        id=new_id(),
        token=new_token(),
        account_id=by.account_id,
        person_id=int(key) if kind == "person" else None,
        organisation_id=int(key) if kind == "org" else None,
        item_id=item_id,
        situation=dict(situation or {}),
        answers=dict(answers or {}),
        sources=dict(sources or {}),
        case_id=case_id,
        saved_at=clock.now(),
    )
    write(lambda: draft.save(force_insert=True))
    return draft


def save_draft(
    *,
    by: Actor,
    token: str,
    answers: Mapping[str, Any],
    page: str = "",
    version: int | None = None,
    by_itself: bool = False,
) -> Draft:
    """Keep what is typed so far, valid or not.

    With `version`, a draft changed in another window meanwhile is not overwritten: `Conflict`. What is kept `by_itself`
    while somebody types makes no new version, so that the page it was typed on may still be saved.
    """

    def job() -> Draft:
        draft = _own(by, token)
        if version is not None and draft.version != version:
            raise Conflict("cases.draft_changed", _("This application was changed in another window."))
        draft.answers = dict(answers)
        draft.page = page or draft.page
        draft.version += 0 if by_itself else 1
        draft.saved_at = clock.now()
        draft.save(update_fields=["answers", "page", "version", "saved_at"])
        return draft

    return write(job)


def discard_draft(*, by: Actor, token: str) -> None:
    """Throw a draft away."""
    write(lambda: _own(by, token).delete())


def _own(by: Actor, token: str) -> Draft:
    mine = Draft.objects.select_for_update().filter(token=token, account_id=by.account_id or 0)
    draft = mine.first()
    if draft is None:
        raise NotFound("cases.no_draft", _("There is no such application in progress"))
    return draft
