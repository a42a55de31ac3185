"""Reading about stored files; contents are opened through services."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.core.statements import Among, Load
from zhengtong.foundation.files.models import StoredFile as StoredFile
from zhengtong.foundation.policy import SYSTEM, Actor, allows, visible

_PLACED = ("id", "token", "account_id", "person_id", "organisation_id")
_AT_ONCE = 20


def visible_to(actor: Actor) -> QuerySet[StoredFile]:
    """Files the actor may open by himself: his own and those of whom he acts for; the system sees all."""
    if actor is SYSTEM or actor.kind == "system":
        return StoredFile.objects.all()
    return visible(actor, StoredFile)


def file_by_token(actor: Actor, token: str) -> StoredFile:
    """The file of that token; NotFound where it is absent or not the actor's."""
    found = visible_to(actor).filter(token=token).first()
    if found is None:
        raise NotFound("files.none", _("There is no such file here"))
    return found


def ask_file_ids(actor: Actor, tokens: Iterable[str]) -> Callable[[], dict[str, int]]:
    """The identifiers of those files, by token; a token that is absent or not the actor's is left out.

    Asked together with other reads; what is answered fetches them.
    """
    wanted = tuple(dict.fromkeys(tokens))
    parts = [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)]
    asked = [_placed(len(part)).ask(part) for part in parts]

    def found() -> dict[str, int]:
        stored = [row for answer in asked for row in answer()]
        return {row.token: row.id for row in stored if actor.kind == "system" or allows(actor, row)}

    return found


@lru_cache(maxsize=_AT_ONCE)
def _placed(count: int) -> Load[StoredFile]:
    return Load(StoredFile, where=(Among("token", count),), fields=_PLACED)


def newest_tokens(limit: int) -> list[str]:
    """Tokens of the newest files whose content has not been destroyed, for whoever sees to it that none is lost."""
    kept = StoredFile.objects.filter(destroyed_at__isnull=True).order_by("-id")
    return list(kept.values_list("token", flat=True)[:limit])


def files_by_id(ids: list[int]) -> dict[int, StoredFile]:
    """Files of the given identifiers, for a caller that has already checked the thing they belong to."""
    return {stored.id: stored for stored in StoredFile.objects.filter(id__in=ids)}
