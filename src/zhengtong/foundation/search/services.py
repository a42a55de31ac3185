"""Verbs that keep the index true."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.search import index
from zhengtong.foundation.search.choices import PUBLIC
from zhengtong.foundation.search.models import Entry
from zhengtong.foundation.search.tokens import index_tokens


@dataclass(frozen=True)
class Findable:
    """A thing to be found; `scope` are the policy tokens of those who may see it (`public` for all)."""

    kind: str
    object_id: int
    title: str
    address: str
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""
    words: Iterable[str] = ()
    body: str = ""
    scope: Iterable[str] = (PUBLIC,)
    weight: int = 1
    labels: Mapping[str, Any] = field(default_factory=dict)


def put(thing: Findable) -> Entry:
    """Make a thing findable, or change how it is found; joins the write it is called in."""

    def put_in() -> Entry:
        entry, _created = Entry.objects.update_or_create(
            kind=thing.kind,
            object_id=thing.object_id,
            defaults={
                "title": thing.title[:200],
                "title_en": thing.title_en[:200],
                "summary": thing.summary[:300],
                "summary_en": thing.summary_en[:300],
                "address": thing.address,
                "labels": dict(thing.labels),
                "weight": thing.weight,
                "changed_at": clock.now(),
            },
        )
        index.put(
            entry.id,
            title=index_tokens(f"{thing.title} {thing.title_en}"),
            words=index_tokens(" ".join(thing.words)),
            body=index_tokens(f"{thing.summary} {thing.summary_en} {thing.body}"),
            scope=thing.scope,
            kind=thing.kind,
        )
        return entry

    return write(put_in)


def remove(*, kind: str, object_id: int) -> None:
    """Make a thing unfindable; unknown things are fine."""

    def take_out() -> None:
        entry = Entry.objects.filter(kind=kind, object_id=object_id).first()
        if entry is not None:
            index.remove(entry.id)
            entry.delete()

    write(take_out)
