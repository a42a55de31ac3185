"""One evaluation and what it may cost: the instant it takes place at, its limits, and what went wrong on the way."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from zhengtong.engines.errors import DEFAULT_LOCALE, say
from zhengtong.engines.feel.texts import TEXTS

Zones = Callable[[str], dt.tzinfo]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an expression may cost.

    `text` characters and `depth` levels when it is compiled; `steps`, `calls` (functions of the model inside one
    another), `items` of a list and `characters` of a text while it runs.
    """

    text: int = 100_000
    depth: int = 64
    steps: int = 1_000_000
    calls: int = 60
    items: int = 200_000
    characters: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Why something is null: a stable code, its sentence in two languages, and where in which expression.

    `offset` counts characters from 0, `line` and `column` from 1.
    """

    code: str
    offset: int
    line: int
    column: int
    expression: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence in `locale` (`zh-hans` or `en`)."""
        return say(TEXTS, self.code, locale, self.params)


class Run:
    """One evaluation, or several that share a budget.

    `now` is the aware instant that `now()` and `today()` give (null with a diagnostic when it is None); `zones` finds
    the rules of a named time zone (`zoneinfo.ZoneInfo` does; without it only UTC has a name). `diagnostics` collects
    what went wrong. A run is not shared between threads.
    """

    __slots__ = ("diagnostics", "limits", "now", "steps", "zones")

    def __init__(
        self, now: dt.datetime | None = None, *, limits: Limits | None = None, zones: Zones | None = None
    ) -> None:
        self.now = now
        self.limits = limits if limits is not None else Limits()
        self.zones = zones
        self.diagnostics: list[Diagnostic] = []
        self.steps = 0
