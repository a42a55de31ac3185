"""One evaluation and what it may cost: the instant it takes place at, its limits, and what went wrong on the way."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.errors import DEFAULT_LOCALE, say
from zhengtong.engines.feel.temporal.zones import Zones
from zhengtong.engines.feel.texts import TEXTS

MOST_DIAGNOSTICS = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What an expression may cost.

    `text` characters and `depth` levels when it is compiled; while it runs `steps`, `calls` (functions of the model
    inside one another), `items` of a list and `characters` of a text. A step is about one thing done to one item.
    """

    text: int = 50_000
    depth: int = 64
    steps: int = 500_000
    calls: int = 64
    items: int = 100_000
    characters: int = 1_000_000


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `offset` counts characters of `text` from 0."""

    text: str
    offset: int

    @property
    def line_and_column(self) -> tuple[int, int]:
        """Both counted from 1."""
        before = self.text[: self.offset]
        return before.count("\n") + 1, len(before) - before.rfind("\n")


NOWHERE = Place("", 0)
NULL: Any = None


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


def diagnostic(code: str, place: Place, params: Mapping[str, object]) -> Diagnostic:
    """What went wrong at a place."""
    line, column = place.line_and_column
    return Diagnostic(code, place.offset, line, column, place.text, params)


class ExhaustedError(Exception):
    """An expression asks for more than its limits allow; it ends with null and a diagnostic."""

    def __init__(self, code: str, most: int) -> None:
        self.code = code
        self.most = most
        super().__init__(code)


class Run:
    """One evaluation, or several that share a budget.

    `now` is the aware instant that `now()` and `today()` give (null with a diagnostic when it is None); `zones` finds
    the rules of a named time zone (`zoneinfo.ZoneInfo` does; without it only UTC has a name). `diagnostics` collects
    the first hundred things that went wrong. A run is not shared between threads.
    """

    __slots__ = ("_noted", "calls", "limits", "now", "place", "steps", "zones")

    def __init__(
        self, now: dt.datetime | None = None, *, limits: Limits | None = None, zones: Zones | None = None
    ) -> None:
        self.now = now
        self.limits = limits if limits is not None else USUAL
        self.zones = zones
        self.steps = self.limits.steps
        self.calls = self.limits.calls
        self.place = NOWHERE
        self._noted: list[tuple[str, Place, Mapping[str, object]]] = []

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """What went wrong so far, in the order it did."""
        return [diagnostic(*noted) for noted in self._noted]

    def note(self, code: str, place: Place, **params: object) -> Any:
        """Say why what stands at `place` is null; gives null."""
        if len(self._noted) < MOST_DIAGNOSTICS:
            self._noted.append((code, place, params))
        return NULL

    def stop(self, code: str, text: str, most: int) -> Any:
        """Say that an evaluation of `text` went past a limit, however much was said before; gives null."""
        self._noted.append((code, Place(text, 0), {"most": most}))
        return NULL

    def spend(self, steps: int) -> None:
        """Take steps from the budget."""
        self.steps -= steps
        if self.steps < 0:
            raise ExhaustedError("feel.too_many_steps", self.limits.steps)

    def bounded(self, items: list[Any]) -> list[Any]:
        """A new list, paid for and not too long."""
        count = len(items)
        if count > self.limits.items:
            raise ExhaustedError("feel.too_many_items", self.limits.items)
        self.spend(count)
        return items
