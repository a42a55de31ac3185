"""Finding: every hit is one the reader may see."""

from collections.abc import Iterable

from zhengtong.foundation.search import index
from zhengtong.foundation.search.choices import PUBLIC
from zhengtong.foundation.search.models import Entry
from zhengtong.foundation.search.tokens import query_terms

PAGE = 20


def find(
    text: str, *, scopes: Iterable[str] = (), kinds: Iterable[str] = (), limit: int = PAGE, offset: int = 0
) -> list[Entry]:
    """Entries that hold all of `text`, best first; a text without a letter, digit or Han finds nothing.

    `scopes` are the reader's policy tokens; what is public is always among them.
    """
    terms = query_terms(text)
    if not terms:
        return []
    ids = index.find(terms, scopes={PUBLIC, *scopes}, kinds=kinds, limit=limit, offset=offset)
    entries = Entry.objects.in_bulk(ids)
    return [entries[id] for id in ids if id in entries]


def nearest(text: str, *, scopes: Iterable[str] = (), kinds: Iterable[str] = (), limit: int = 5) -> list[Entry]:
    """When nothing holds all of it: what holds the most of it, term by term."""
    found: dict[int, Entry] = {}
    for term, prefix in query_terms(text):
        ids = index.find([(term, prefix)], scopes={PUBLIC, *scopes}, kinds=kinds, limit=limit)
        entries = Entry.objects.in_bulk(ids)
        for id in ids:
            found.setdefault(id, entries[id])
    return list(found.values())[:limit]
