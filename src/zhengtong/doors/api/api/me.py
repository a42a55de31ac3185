"""Who one is to this house: the account behind a key, what the key may do, in which capacities it may act."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router, Schema

from zhengtong.doors.api.api.callers import READS, actor_of
from zhengtong.people.identity import queries as identity

router = Router(tags=["me"])


class CapacityShown(Schema):
    """A capacity; send `key` in the header X-Acting-As."""

    key: str
    name: str
    detail: str


class Me(Schema):
    """The present actor. `scopes` are those of the key; `permissions` those of the capacity."""

    name: str
    kind: str
    assurance: int
    acting_as: str
    scopes: list[str]
    permissions: list[str]
    capacities: list[CapacityShown]


@router.get("/me", response=Me, auth=READS, summary=_("Read who one is"))
def read_me(request: HttpRequest) -> dict[str, Any]:
    """The account, its present capacity, and the others it may choose."""
    actor = actor_of(request)
    account = identity.account(actor.account_id or 0)
    held = identity.capacities(account) if account else []
    return {
        "name": actor.name,
        "kind": actor.kind,
        "assurance": actor.assurance,
        "acting_as": actor.capacity or actor.name,
        "scopes": sorted(request.scopes),  # type: ignore[attr-defined] # set where the caller is identified
        "permissions": sorted({grant.permission for grant in actor.grants if not grant.deny}),
        "capacities": [{"key": each.key, "name": each.name, "detail": each.detail} for each in held],
    }
