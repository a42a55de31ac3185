"""How an authority offers a fact to those who may ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.foundation.core.registry import Shelf, registry

READ_LINEAGE = policy.declare_permission("exchange.read_lineage", _("Read who asked for which data"), kind="audit")

Provider = Callable[[tuple[str, int]], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Fact:
    """A once-only question: its versioned name, about whom, who answers and how.

    `provider(subject)` gives the values, None where nothing is known, and raises `Unavailable` when the other side
    does not answer; it must be quick and is never called inside a write.
    """

    name: str
    about: str
    source_zh: str
    source_en: str
    keys: frozenset[str]
    provider: Provider


facts: Shelf[Fact] = registry.shelf("facts")


def offer(fact: Fact) -> Fact:
    """Put a fact on the shelf."""
    return facts.add(fact.name, fact)
