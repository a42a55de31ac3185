"""Pages by cursor: opaque, signed, bound to the list and the reader they came from; nothing is ever counted."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema

from zhengtong.doors.api.api.callers import actor_of
from zhengtong.foundation.core.errors import Invalid

USUAL, MOST = 20, 100
T = TypeVar("T")
R = TypeVar("R")
Place = list[Any]

Cursor = Annotated[str, Query(default="", max_length=600, description="`next` of the page before")]
Size = Annotated[int, Query(default=USUAL, ge=1, le=MOST, description="how many at most")]


class Page(Schema, Generic[T]):
    """One page. `next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None


def page_of(
    request: HttpRequest, rows: Sequence[R], size: int, place: Callable[[R], Place], draw: Callable[[R], Any]
) -> dict[str, Any]:
    """A page from `size + 1` rows: the last only tells that there is more; `place` says where a row stands."""
    shown = rows[:size]
    more = len(rows) > size
    return {"items": [draw(row) for row in shown], "next": sign(request, place(shown[-1])) if more else None}


def sign(request: HttpRequest, place: Place) -> str:
    """The cursor that leads on from a place in this list."""
    return signing.dumps(place, salt=_salt(request), compress=False)


def place_of(request: HttpRequest, cursor: str) -> Place | None:
    """Where a cursor leads on from, None without one; Invalid where it is not of this list, these filters, this
    reader."""
    if not cursor:
        return None
    try:
        place: Place = signing.loads(cursor, salt=_salt(request))
    except signing.BadSignature:
        sentence = _("This cursor is not of this list; start from the first page.")
        raise Invalid("request.cursor", sentence, [("?cursor", "cursor", str(sentence))]) from None
    return place


def _salt(request: HttpRequest) -> str:
    """The list, its filters (all but the page's own) and whose it is."""
    chosen = sorted((name, value) for name, values in request.GET.lists() for value in values if name not in _OWN)
    actor = actor_of(request)
    return f"api.cursor:{request.path}:{chosen}:{actor.account_id}:{actor.principal}:{actor.post_id}"


_OWN = ("cursor", "size")
