"""Day numbers of the proleptic Gregorian calendar for every year there is, before 1 and after 9999 too."""

LONGEST_YEAR = 999_999_999
"""Years lie between -999,999,999 and this (DMN 1.5 §10.3.2.3.5)."""

_IN_400_YEARS = 146_097
_MARCH_OF_0 = 719_468  # days from 0000-03-01 to 1970-01-01
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
FEBRUARY = 2


def is_leap(year: int) -> bool:
    """Whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return 29 if month == FEBRUARY and is_leap(year) else _LENGTHS[month - 1]


def is_day(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    return abs(year) <= LONGEST_YEAR and 1 <= month <= len(_LENGTHS) and 1 <= day <= days_in_month(year, month)


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01; years are counted from March, so that the leap day is the last."""
    year -= month <= FEBRUARY
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * _IN_400_YEARS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - _MARCH_OF_0


def day_of(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    era, of_era = divmod(number + _MARCH_OF_0, _IN_400_YEARS)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < len(_LENGTHS) - 2 else shifted - 9
    return era * 400 + year + (month <= FEBRUARY), month, day


def weekday(number: int) -> int:
    """1 for Monday to 7 for Sunday (ISO 8601)."""
    return (number + 3) % 7 + 1


def week_of_year(number: int) -> int:
    """The number of the week, 1 to 53, in the year its Thursday lies in (ISO 8601)."""
    thursday = number - weekday(number) + 4
    year, _month, _day = day_of(thursday)
    return (thursday - day_number(year, 1, 1)) // 7 + 1
