"""Working days, limits and clocks in law, and the day-by-day derivation of every deadline."""

from zhengtong.engines.calendars.clocks import Clock, ClockKind, Extension
from zhengtong.engines.calendars.derivations import DerivedDay, DerivedKind, day_off, derivation
from zhengtong.engines.calendars.errors import CalendarError
from zhengtong.engines.calendars.lights import Card, CardDates, Light, LightDates, LightRule, card_dates
from zhengtong.engines.calendars.limits import CHINA, Limit, Unit, end_of, last_day, last_moment
from zhengtong.engines.calendars.package_years import package_calendar
from zhengtong.engines.calendars.receipt import (
    DeemedAcceptance,
    OfficeHours,
    deemed_acceptance,
    entered_on,
    received_on,
)
from zhengtong.engines.calendars.suspensions import Suspension
from zhengtong.engines.calendars.years import Calendar, DayKind, YearNotice

__all__ = [
    "CHINA",
    "Calendar",
    "CalendarError",
    "Card",
    "CardDates",
    "Clock",
    "ClockKind",
    "DayKind",
    "DeemedAcceptance",
    "DerivedDay",
    "DerivedKind",
    "Extension",
    "Light",
    "LightDates",
    "LightRule",
    "Limit",
    "OfficeHours",
    "Suspension",
    "Unit",
    "YearNotice",
    "card_dates",
    "day_off",
    "deemed_acceptance",
    "derivation",
    "end_of",
    "entered_on",
    "last_day",
    "last_moment",
    "package_calendar",
    "received_on",
]
