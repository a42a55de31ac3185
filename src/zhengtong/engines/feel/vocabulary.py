"""The names an expression may use: those its author declared, those inside them, and FEEL's own."""

import functools

from zhengtong.engines.feel.builtins.registry import BUILTINS
from zhengtong.engines.feel.naming import NameSet, entries_of, members
from zhengtong.engines.feel.properties import PROPERTIES
from zhengtong.engines.feel.types import FeelType, Names

_OWN = NameSet(BUILTINS)
_PROPERTIES = NameSet(PROPERTIES)


class Vocabulary:
    """Names in scope, ready to be looked up; one may serve many expressions."""

    def __init__(self, names: Names) -> None:
        self.entries = entries_of(names) or {}
        self.name_sets = [_OWN, NameSet(self.entries)] if self.entries else [_OWN]

    def inside(self, name: str) -> "FeelType | Names | None":
        """What is known of the value of a name."""
        return self.entries.get(name)

    @functools.cached_property
    def members(self) -> NameSet:
        """Names of entries at any depth, and of properties."""
        found = NameSet((*PROPERTIES, *members(self.entries)))
        return found if found.by_first else _PROPERTIES
