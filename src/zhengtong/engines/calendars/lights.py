"""Lights and cards (红黄灯, 电子监察): the days on which they turn, so that nothing has to watch the calendar."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from zhengtong.engines.calendars.errors import CalendarError


class Light(StrEnum):
    """Green: time enough; yellow: warning; red: over the limit."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Card(StrEnum):
    """The mark on the responsible person."""

    NONE = "none"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class LightRule:
    """Yellow from `ratio` of the limit left, but at least from `minimum` days (light.yellow_ratio, yellow_min_wd)."""

    ratio: Decimal = Decimal("0.2")
    minimum: int = 1

    def __post_init__(self) -> None:
        fits = isinstance(self.ratio, Decimal) and self.ratio.is_finite() and 0 <= self.ratio <= 1
        if not fits or not isinstance(self.minimum, int) or isinstance(self.minimum, bool) or self.minimum < 0:
            raise CalendarError("calendars.light_rule", position="light_rule")

    def threshold(self, total: int) -> int:
        """How many days are left when the light turns yellow: max(minimum, ⌈ratio × total⌉)."""
        return max(self.minimum, int((self.ratio * total).to_integral_value(ROUND_CEILING)))


@dataclass(frozen=True, slots=True)
class LightDates:
    """The first yellow and the first red day; None: not in sight, or in a year that is not known yet."""

    yellow_on: date | None
    red_on: date | None

    def light(self, on: date) -> Light:
        """The light on a day."""
        if self.red_on is not None and on >= self.red_on:
            return Light.RED
        if self.yellow_on is not None and on >= self.yellow_on:
            return Light.YELLOW
        return Light.GREEN


@dataclass(frozen=True, slots=True)
class CardDates:
    """The first days of the yellow and the red card; None: not in sight."""

    yellow_on: date | None
    red_on: date | None

    def card(self, on: date, *, yellow_cards_before: int = 0) -> Card:
        """The card due on a day; a second yellow card on one case is a red one."""
        if self.red_on is not None and on >= self.red_on:
            return Card.RED
        if self.yellow_on is None or on < self.yellow_on:
            return Card.NONE
        return Card.RED if yellow_cards_before else Card.YELLOW


def card_dates(promise: LightDates | None, legal: LightDates | None) -> CardDates:
    """Yellow card: red light against the promise; red card: over the legal limit (either clock may be missing)."""
    yellow = promise.red_on if promise else None
    red = legal.red_on if legal else None
    if yellow is not None and red is not None and yellow >= red:
        yellow = None
    return CardDates(yellow, red)
