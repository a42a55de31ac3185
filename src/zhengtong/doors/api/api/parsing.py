"""Reading bodies: JSON and nothing looser, bounded in depth, without characters no database can hold."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.parser import Parser

from zhengtong.doors.api.api.problems import Unreadable

DEEPEST = 20
LONGEST_INTEGER = 2**63


class StrictParser(Parser):
    """As ninja's, but what could not be stored or checked is refused at once."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The parsed body. ValueError (told as 400) for what is no JSON, is too deep or holds broken characters."""
        value = json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
        require_sound(value)
        return value


def require_sound(value: Any, depth: int = DEEPEST) -> None:
    """ValueError for nesting deeper than 20, NUL and lone surrogates, and integers beyond 63 bits."""
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        require_text(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            require_text(key)
            require_sound(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            require_sound(inner, depth - 1)
    elif isinstance(value, int) and not -LONGEST_INTEGER <= value < LONGEST_INTEGER:
        raise ValueError("an integer beyond 63 bits")


def require_text(text: str) -> None:
    """ValueError for NUL and for lone surrogates (UnicodeEncodeError is one)."""
    if "\0" in text:
        raise ValueError("a NUL character")
    text.encode("utf-8")


def require_readable(request: HttpRequest) -> None:
    """`Unreadable` for an address or query that no table can be asked for."""
    try:
        require_text(request.path)
        for name, values in request.GET.lists():
            for text in (name, *values):
                require_text(text)
    except ValueError:
        raise Unreadable("request.unreadable", _("The address holds characters that cannot be read.")) from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
