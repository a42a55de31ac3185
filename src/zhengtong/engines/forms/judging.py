"""Judging single values: each judge takes what was typed and today, and gives the clean value or a fault."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from zhengtong.engines.codes import parse_credit_code, parse_division_code, parse_identity_number, tidy
from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms.model import Fault, Judge

Judged = tuple[Any, Fault | None]
Schema = Mapping[str, Any]
LONGEST_TEXT = 2000
_NUMBER = re.compile(r"^-?\d{1,15}(\.\d{1,6})?$")
_PHONE = re.compile(r"^(0\d{2,3}-?\d{7,8}(-\d{1,6})?|1\d{10})$")
_EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,}$")


def empty(value: Any) -> bool:
    """Whether nothing was answered; False and 0 are answers."""
    return value is None or value == "" or value == [] or value == {}


def text_judge(schema: Schema) -> Judge:
    """Text within its length and pattern; lines are kept, the ends trimmed."""
    least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", LONGEST_TEXT))
    pattern = re.compile(schema["pattern"]) if "pattern" in schema else None

    def judge(value: Any, _today: dt.date) -> Judged:
        if not isinstance(value, str):
            return value, Fault("forms.not_text")
        said = value.replace("\r\n", "\n").strip()
        if len(said) < least:
            return said, Fault("forms.too_short", {"least": least, "now": len(said)})
        if len(said) > most:
            return said, Fault("forms.too_long", {"most": most, "now": len(said)})
        if pattern is not None and not pattern.search(said):
            return said, Fault("forms.pattern")
        return said, None

    return judge


def number_judge(schema: Schema, *, whole: bool) -> Judge:
    """A number within its bounds, kept as int, or as float where it has a fraction."""
    least, most = _bound(schema.get("minimum")), _bound(schema.get("maximum"))
    code = "forms.not_whole" if whole else "forms.not_number"

    def judge(value: Any, _today: dt.date) -> Judged:
        number = _decimal(value)
        if number is None or (whole and number != number.to_integral_value()):
            return value, Fault(code)
        clean = int(number) if number == number.to_integral_value() else float(number)
        if least is not None and number < least:
            return clean, Fault("forms.too_small", {"least": f"{least:f}", "now": f"{number:f}"})
        if most is not None and number > most:
            return clean, Fault("forms.too_large", {"most": f"{most:f}", "now": f"{number:f}"})
        return clean, None

    return judge


def _bound(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = tidy(value).replace(",", "") if isinstance(value, str) else repr(value)
    if not _NUMBER.match(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def boolean_judge(_schema: Schema) -> Judge:
    """True or false, also as the words a browser sends."""
    words = {"true": True, "false": False, "on": True}

    def judge(value: Any, _today: dt.date) -> Judged:
        found = value if isinstance(value, bool) else words.get(value) if isinstance(value, str) else None
        return (value, Fault("forms.not_yes_no")) if found is None else (found, None)

    return judge


def date_judge(_schema: Schema) -> Judge:
    """A real date, kept as ISO text."""

    def judge(value: Any, _today: dt.date) -> Judged:
        try:
            return dt.date.fromisoformat(tidy(value) if isinstance(value, str) else "").isoformat(), None
        except ValueError:
            return value, Fault("forms.not_date")

    return judge


def choice_judge(schema: Schema) -> Judge:
    """One of the options."""
    known = frozenset(schema["enum"])

    def judge(value: Any, _today: dt.date) -> Judged:
        fits = isinstance(value, str) and value in known
        return value, None if fits else Fault("forms.not_choice")

    return judge


def choices_judge(schema: Schema) -> Judge:
    """Some of the options, each once, in the options' order."""
    order = list(schema["items"]["enum"])
    least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", len(order)))

    def judge(value: Any, _today: dt.date) -> Judged:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) and one in order for one in given):
            return value, Fault("forms.not_choice")
        clean = [one for one in order if one in given]
        return clean, counted(len(clean), least, most)

    return judge


def files_judge(schema: Schema) -> Judge:
    """References to stored files."""
    least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", 10))

    def judge(value: Any, _today: dt.date) -> Judged:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) and 0 < len(one) <= 64 for one in given):
            return value, Fault("forms.not_list")
        clean = list(dict.fromkeys(given))
        return clean, counted(len(clean), least, most)

    return judge


def counted(now: int, least: int, most: int) -> Fault | None:
    """Too few or too many entries."""
    if now < least:
        return Fault("forms.too_few", {"least": least, "now": now})
    if now > most:
        return Fault("forms.too_many", {"most": most, "now": now})
    return None


# Formats of the domain: tidy text in, clean text or a fault out.


def _mobile(text: str, _today: dt.date) -> Judged:
    digits = text.replace("-", "").removeprefix("+86")
    if len(digits) != 11 or not digits.isdecimal():
        return text, Fault("forms.mobile", {"now": len(digits)})
    return digits, None if digits[0] == "1" else Fault("forms.mobile_start")


def _matched(pattern: "re.Pattern[str]", code: str) -> Callable[[str, dt.date], Judged]:
    def judge(text: str, _today: dt.date) -> Judged:
        return text, None if pattern.match(text) else Fault(code)

    return judge


def _coded(parse: Callable[[str, dt.date], object]) -> Callable[[str, dt.date], Judged]:
    def judge(text: str, today: dt.date) -> Judged:
        try:
            parse(text, today)
        except EngineError as error:
            return text, Fault("forms.code", {"reason": error})
        return text, None

    return judge


FORMATS: Mapping[str, Callable[[str, dt.date], Judged]] = {
    "id-number": _coded(lambda text, today: parse_identity_number(text, today=today)),
    "uscc": _coded(lambda text, _today: parse_credit_code(text)),
    "division": _coded(lambda text, _today: parse_division_code(text)),
    "mobile": _mobile,
    "phone": _matched(_PHONE, "forms.phone"),
    "postcode": _matched(re.compile(r"^\d{6}$"), "forms.postcode"),
    "email": _matched(_EMAIL, "forms.email"),
}


def format_judge(name: str) -> Judge:
    """Text of a domain format, tidied first (full-width digits, blanks, case of check letters)."""
    inner = FORMATS[name]

    def judge(value: Any, today: dt.date) -> Judged:
        if not isinstance(value, str) or len(value) > 200:
            return value, Fault("forms.not_text")
        return inner(value.strip() if name == "email" else tidy(value), today)

    return judge


def entries(value: Any) -> Sequence[Any] | None:
    """A table's rows, or None where it is no list of rows."""
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        return value
    return None
