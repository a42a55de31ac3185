"""Finding: every hit is one the reader may see."""

from collections.abc import Iterable
from typing import cast

from django.db.models import Model

from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.policy import Actor, Tokens, search_tokens
from zhengtong.foundation.search import index
from zhengtong.foundation.search.choices import PUBLIC
from zhengtong.foundation.search.models import Entry
from zhengtong.foundation.search.tokens import query_terms

PAGE = 20


def find(
    text: str, *, scopes: Iterable[str] = (), kinds: Iterable[str] = (), limit: int = PAGE, offset: int = 0
) -> list[Entry]:
    """Entries that hold all of `text`, best first; a text without a letter, digit or Han finds nothing.

    `scopes` are tokens of the reader's; what is public is always among them.
    """
    tokens = Tokens((frozenset({PUBLIC, *scopes}),))
    return _found(text, [(kind, tokens) for kind in kinds] or [(None, tokens)], limit, offset)


def visible_to(
    actor: Actor, text: str, *, kinds: Iterable[str] = (), limit: int = PAGE, offset: int = 0
) -> list[Entry]:
    """Entries that hold all of `text` and that the actor may read, best first.

    What is public is found by all; of the kinds on the shelf `searchables` (default: all of them) the policy of
    the kind's model decides. An unknown kind has nothing but what is public.
    """
    public = Tokens((frozenset({PUBLIC}),))
    wanted = list(kinds)
    readable: list[tuple[str | None, Tokens]] = [(kind, public) for kind in wanted] or [(None, public)]
    for kind, model in registry.searchables.all().items():
        if not wanted or kind in wanted:
            readable.append((kind, search_tokens(actor, cast(type[Model], model))))
    return _found(text, readable, limit, offset)


def nearest(text: str, *, scopes: Iterable[str] = (), kinds: Iterable[str] = (), limit: int = 5) -> list[Entry]:
    """When nothing holds all of it: what holds most of its terms, then what stands first for one of them."""
    tokens = Tokens((frozenset({PUBLIC, *scopes}),))
    readable: index.Readable = [(kind, tokens) for kind in kinds] or [(None, tokens)]
    held: dict[int, int] = {}
    for term in query_terms(text):
        for id in index.find([term], readable, limit=limit * 4):
            held[id] = held.get(id, 0) + 1
    best = sorted(held, key=lambda id: -held[id])[:limit]
    return _entries(best)


def _found(text: str, readable: index.Readable, limit: int, offset: int) -> list[Entry]:
    terms = query_terms(text)
    return _entries(index.find(terms, readable, limit=limit, offset=offset)) if terms else []


def _entries(ids: list[int]) -> list[Entry]:
    entries = Entry.objects.in_bulk(ids)
    return [entries[id] for id in ids if id in entries]
