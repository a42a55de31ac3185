"""Judging single values: each judge takes what was typed and today, and gives the clean value or a fault."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from unicodedata import normalize

import jsonschema_rs

from zhengtong.engines.codes import checked_credit_code, checked_identity_number, parse_division_code, tidy
from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms.model import Fault, Judge

Judged = tuple[Any, Fault | None]
Schema = Mapping[str, Any]
LONGEST_TEXT = 2000
LONGEST_CODE = 200
MOST_DIGITS = 15
_PAST = 10**MOST_DIGITS
_NUMBER = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,6})?")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})")
_PHONE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?|1[0-9]{10}|[48]00-?[0-9]{3}-?[0-9]{4}")
_AREA = re.compile(r"\A\((0[0-9]{2,3})\)-?")
_POSTCODE = re.compile(r"[0-9]{6}")
_EMAIL = re.compile(r"[^@\s]{1,64}@(?:[^@\s.]{1,63}\.){1,8}[^@\s.]{2,60}")
_PATTERN_OPTIONS = jsonschema_rs.RegexOptions(size_limit=1 << 20)

# What cannot be seen and does harm: control characters, zero-width blanks, marks that turn the direction of text.
_INVISIBLE = dict.fromkeys(
    [*(n for n in range(0xA0) if (n < 0x20 or n > 0x7E) and n not in (0x09, 0x0A)), 0x200B, 0x2060, 0xFEFF,
     *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)  # fmt: skip


def seen(value: Any) -> Any:
    """Text without its invisible characters and blank ends, lines kept; anything else as it is."""
    if type(value) is not str and not isinstance(value, str):
        return value
    said = value if value.isprintable() else value.replace("\r\n", "\n").translate(_INVISIBLE)
    return said.strip()


def empty(value: Any) -> bool:
    """Whether nothing was answered; False and 0 are answers, blanks and what cannot be seen are none."""
    if type(value) is str or isinstance(value, str):
        return not (value[:1].isalnum() or any(map(str.isprintable, seen(value).replace(" ", ""))))
    return value is None or value == [] or value == {}


def text_judge(schema: Schema) -> Judge:
    """Text within its length and pattern; lines are kept, the ends trimmed."""
    least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", LONGEST_TEXT))
    fits = pattern_of(schema)

    def judge(value: Any, _today: dt.date) -> Judged:
        if type(value) is not str and not isinstance(value, str):
            return value, Fault("forms.not_text")
        said = value.strip() if value.isprintable() else seen(value)
        now = len(said)
        if now < least:
            return said, Fault("forms.too_short", {"least": least, "now": now})
        if now > most:
            return said, Fault("forms.too_long", {"most": most, "now": now})
        if fits is not None and not fits(said):
            return said, Fault("forms.pattern")
        return said, None

    return judge


def pattern_of(schema: Schema) -> Callable[[str], bool] | None:
    """The `pattern` of a schema as a test in linear time; ValueError for one that cannot be (look-around, `\\1`)."""
    if "pattern" not in schema:
        return None
    own = {"type": "string", "pattern": schema["pattern"]}
    return jsonschema_rs.Draft202012Validator(own, pattern_options=_PATTERN_OPTIONS, offline=True).is_valid


def number_judge(schema: Schema, *, whole: bool) -> Judge:
    """A number within its bounds, kept as int, or as float where it has a fraction."""
    least, most = _bound(schema.get("minimum")), _bound(schema.get("maximum"))
    code = "forms.not_whole" if whole else "forms.not_number"

    def judge(value: Any, _today: dt.date) -> Judged:
        number = _decimal(value)
        if number is None:
            return value, Fault(code)
        broken = type(value) is not int and number != number.to_integral_value()
        if broken and whole:
            return value, Fault(code)
        clean = float(number) if broken else int(number)
        if least is not None and number < least:
            return clean, Fault("forms.too_small", {"least": f"{least:f}", "now": f"{number:f}"})
        if most is not None and number > most:
            return clean, Fault("forms.too_large", {"most": f"{most:f}", "now": f"{number:f}"})
        return clean, None

    return judge


def _bound(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _decimal(value: Any) -> Decimal | None:
    """At most 15 digits, so that it is kept exactly; None for anything else."""
    if type(value) is int and -_PAST < value < _PAST:
        return Decimal(value)
    if isinstance(value, str):
        text = tidy(seen(value))
        number = Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None
    elif isinstance(value, bool) or not isinstance(value, int | float) or not -_PAST < value < _PAST:
        return None
    else:
        number = Decimal(repr(value))
        number = number if _NUMBER.fullmatch(f"{number:f}") else None
    if number is None or len(number.as_tuple().digits) > MOST_DIGITS:
        return None
    return number


def boolean_judge(schema: Schema) -> Judge:
    """True or false, also as the words a browser sends; with `const: true` only true will do."""
    must = schema.get("const") is True
    words = {"true": True, "false": False, "on": True}

    def judge(value: Any, _today: dt.date) -> Judged:
        found = value if type(value) is bool else words.get(value) if isinstance(value, str) else None
        if found is None:
            return value, Fault("forms.not_yes_no")
        return found, Fault("forms.agree") if must and not found else None

    return judge


def date_judge(_schema: Schema) -> Judge:
    """A real date, kept as ISO text; `2025/3/4`, `2025年3月4日` and `20250304` are understood."""

    def judge(value: Any, _today: dt.date) -> Judged:
        found = _DATE.fullmatch(tidy(seen(value))) if isinstance(value, str) else None
        try:
            year, month, day = (int(part) for part in (found.groups() if found else ()) if part is not None)
            return dt.date(year, month, day).isoformat(), None
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
    known = frozenset(order)
    least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", len(order)))

    def judge(value: Any, _today: dt.date) -> Judged:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list):
            return value, Fault("forms.not_choice")
        for one in given:
            if not isinstance(one, str) or one not in known:
                return value, Fault("forms.not_choice")
        clean = [one for one in order if one in given]
        return clean, counted(len(clean), least, most)

    return judge


def files_judge(schema: Schema) -> Judge:
    """References to stored files."""
    least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", 10))

    def judge(value: Any, _today: dt.date) -> Judged:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list):
            return value, Fault("forms.not_list")
        for one in given:
            if not isinstance(one, str) or not 0 < len(one) <= 64:
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
    if len(text) == 11 and text[0] == "1" and text.isascii() and text.isdecimal():
        return text, None
    digits = text.replace("-", "").removeprefix("+86")
    if not (digits.isascii() and digits.isdecimal()):
        return text, Fault("forms.mobile_digits")
    digits = digits.removeprefix("86") if len(digits) == 13 else digits
    if len(digits) != 11:
        return text, Fault("forms.mobile", {"now": len(digits)})
    return digits, None if digits[0] == "1" else Fault("forms.mobile_start")


def _phone(text: str, _today: dt.date) -> Judged:
    plain = _AREA.sub(r"\1-", text)
    return plain, None if _PHONE.fullmatch(plain) else Fault("forms.phone")


def _matched(pattern: "re.Pattern[str]", code: str) -> Callable[[str, dt.date], Judged]:
    def judge(text: str, _today: dt.date) -> Judged:
        return text, None if pattern.fullmatch(text) else Fault(code)

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
    "id-number": _coded(lambda text, today: checked_identity_number(text, today=today)),
    "uscc": _coded(lambda text, _today: checked_credit_code(text)),
    "division": _coded(lambda text, _today: parse_division_code(text)),
    "mobile": _mobile,
    "phone": _phone,
    "postcode": _matched(_POSTCODE, "forms.postcode"),
    "email": _matched(_EMAIL, "forms.email"),
}


def format_judge(name: str) -> Judge:
    """Text of a domain format, tidied first (full-width digits, blanks, case of check letters)."""
    inner = FORMATS[name]

    def judge(value: Any, today: dt.date) -> Judged:
        if type(value) is not str and not isinstance(value, str):
            return value, Fault("forms.not_text")
        if len(value) > LONGEST_CODE:
            return value, Fault("forms.too_long", {"most": LONGEST_CODE, "now": len(value)})
        if value.isascii() and value.isalnum():  # nothing to tidy but the case of letters
            return inner(value if name == "email" else value.upper(), today)
        return inner(normalize("NFKC", seen(value)) if name == "email" else tidy(seen(value)), today)

    return judge


def entries(value: Any) -> Sequence[Any] | None:
    """A table's rows, or None where it is no list of rows."""
    if not isinstance(value, list):
        return None
    for row in value:
        if type(row) is not dict and not isinstance(row, Mapping):
            return None
    return value
