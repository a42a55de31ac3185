"""The one Registry: named shelves on which floors lay what others may use without importing them."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """Things by name. A name is taken once; asking for an unknown one names those near at hand."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._things: dict[str, T] = {}

    def add(self, name: str, thing: T) -> T:
        """Lay `thing` on the shelf; the same thing twice is fine, another under a taken name is a ValueError."""
        if self._things.get(name, thing) is not thing:
            raise ValueError(f"{self.name}: the name {name!r} is taken")
        self._things[name] = thing
        return thing

    def get(self, name: str) -> T:
        """The thing of that name; LookupError says which names exist."""
        try:
            return self._things[name]
        except KeyError:
            raise LookupError(f"{self.name}: no {name!r} (there are: {', '.join(sorted(self._things))})") from None

    def all(self) -> Mapping[str, T]:
        """Every thing by name, in order of arrival, read-only."""
        return MappingProxyType(self._things)

    def __contains__(self, name: object) -> bool:
        return name in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)


class Registry:
    """All shelves; a shelf comes into being when first named. What lies on it is told by whoever names it first."""

    def __init__(self) -> None:
        self._shelves: dict[str, Shelf[Any]] = {}

    def shelf(self, name: str) -> Shelf[Any]:
        return self._shelves.setdefault(name, Shelf(name))

    def __getattr__(self, name: str) -> Shelf[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.shelf(name)


registry = Registry()
