"""What names mean while an expression runs: the caller's scope, and inside it what the expression itself binds."""

from collections.abc import Mapping
from typing import Any

from zhengtong.engines.feel.conversion import to_feel
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.types import Value


class Environment:
    """A binding (`value`) inside another (`up`); the outermost has none. `scope` and `run` are the same in all.

    Which binding a name means is settled when the expression is compiled, as a number of steps outwards.
    """

    __slots__ = ("run", "scope", "up", "value")

    def __init__(self, scope: "Mapping[str, Value] | PlainScope", run: Run, value: Value, up: Any) -> None:
        self.scope = scope
        self.run = run
        self.value = value
        self.up = up


class PlainScope:
    """A caller's scope of plain Python values, each turned into FEEL's when it is first asked for."""

    __slots__ = ("found", "scope")

    def __init__(self, scope: Mapping[str, object]) -> None:
        self.scope = scope
        self.found: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        if name in self.found:
            return self.found[name]
        value = self.found[name] = to_feel(self.scope[name])
        return value
