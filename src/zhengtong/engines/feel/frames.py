"""Where a name is bound: settled while compiling, so that nothing is searched for while running."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zhengtong.engines.feel.scope import Environment
from zhengtong.engines.feel.types import Value

Closure = Callable[[Environment], Value]


@dataclass(frozen=True, slots=True)
class Frame:
    """What one step of the environment binds: `name` (its value), `entries` (of a dict), or an item of a filter.

    In a filter names may be those of the item's entries, which are known only when it runs.
    """

    up: "Frame | None"
    name: str = ""
    entries: frozenset[str] = frozenset()
    item: bool = False

    def binds(self, name: str) -> bool:
        """Whether the name means something here whatever the values are."""
        return name == self.name or name in self.entries


@dataclass(frozen=True, slots=True)
class Found:
    """Where a name leads: filters passed on the way (steps outwards), then `steps` to its binding (None: the scope)."""

    items: tuple[int, ...]
    steps: int | None
    entry: bool


def find(name: str, frame: Frame | None) -> Found:
    """The innermost binding of a name."""
    items: list[int] = []
    steps = 0
    while frame is not None:
        if frame.binds(name):
            return Found(tuple(items), steps, name in frame.entries)
        if frame.item:
            items.append(steps)
            if name == "item":
                return Found(tuple(items), steps, entry=False)
        frame = frame.up
        steps += 1
    return Found(tuple(items), None, entry=False)


def outwards(steps: int) -> Callable[[Environment], Any]:
    """From an environment to the one so many steps outside of it."""

    def walk(env: Environment) -> Any:
        for _ in range(steps):
            env = env.up
        return env

    return walk


def bound(found: Found, name: str) -> Closure:
    """The value of a name that the expression itself binds."""
    steps = found.steps or 0
    if found.entry:
        walk = outwards(steps)
        return lambda env: walk(env).value.get(name)
    if steps == 0:
        return lambda env: env.value
    if steps == 1:
        return lambda env: env.up.value
    walk = outwards(steps)
    return lambda env: walk(env).value


def of_items(found: Found, name: str, otherwise: Closure) -> Closure:
    """The value of a name where filtered items may have an entry of that name: theirs goes first."""
    if not found.items:
        return otherwise
    walks = tuple(outwards(steps) for steps in found.items)

    def run(env: Environment) -> Value:
        for walk in walks:
            item = walk(env).value
            if type(item) is dict and name in item:
                return item[name]
        return otherwise(env)

    return run
