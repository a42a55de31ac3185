"""Whether the house is well: apps lay what they can look at on a shelf; doors draw what the looks find.

A look reads a little and changes nothing: a person waits for it, and a monitor asks each minute.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.registry import Shelf, registry

log = logging.getLogger("zhengtong.health")


class Level(StrEnum):
    """How a thing stands: well; to be attended to before long; or ill, so that something does not work."""

    WELL = "well"
    SOON = "soon"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look found: the level, and a sentence in the reader's language once it is drawn."""

    level: Level
    words: object


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its stable name for machines, its title and the sentence for people."""

    name: str
    title: object
    level: Level
    words: object


def well(words: object) -> Answer:
    """All is well with it."""
    return Answer(Level.WELL, words)


def soon(words: object) -> Answer:
    """It works, but wants somebody's attention."""
    return Answer(Level.SOON, words)


def ill(words: object) -> Answer:
    """It does not work as it should."""
    return Answer(Level.ILL, words)


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that can be looked at."""

    name: str
    title: object
    run: Callable[[], Answer]


looks: Shelf[Look] = registry.shelf("health")


def look(name: str, title: object) -> Callable[[Callable[[], Answer]], Callable[[], Answer]]:
    """Offer a function as a look under a stable name; findings come in the order in which looks were laid."""

    def offer(run: Callable[[], Answer]) -> Callable[[], Answer]:
        looks.add(name, Look(name, title, run))
        return run

    return offer


def findings() -> Iterator[Finding]:
    """Look at everything; a look that fails is a finding itself and keeps none of the others back."""
    for each in looks.all().values():
        try:
            answer = each.run()
        except Exception as error:
            log.exception("the look at %s failed", each.name)
            answer = ill(_("could not be looked at: %(error)s") % {"error": type(error).__name__})
        yield Finding(each.name, each.title, answer.level, answer.words)
