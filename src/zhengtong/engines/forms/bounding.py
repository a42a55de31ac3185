"""Answers are a JSON object of bounded size and depth before anything else looks at them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any, cast

import orjson

from zhengtong.engines.forms.errors import AnswersError
from zhengtong.engines.forms.hints import pointer_to

MOST_KB = 512
DEEPEST = 6
_JSON = json.JSONEncoder(ensure_ascii=False, default=dict, allow_nan=False)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_USUAL = frozenset({str, int, bool, float, type(None)})
_SCALARS = (str, int, float, type(None))
_NESTED = (Mapping, list, tuple)


def bounded(answers: object) -> dict[str, Any]:
    """`answers` if they are a JSON object of bounded size and depth; AnswersError otherwise."""
    if not isinstance(answers, Mapping):
        raise AnswersError("forms.not_object", position="")
    if not usual(answers, 1):
        check_values(answers, "", 1)
    if not slight(answers):
        _check_text(answers)
    return dict(answers)


def slight(answers: Mapping[str, Any]) -> bool:
    """Whether the fast writer tells already that they are JSON in text every database keeps, and of bounded size.

    It writes no blanks, which at most double a text, and makes null of what is no number.
    """
    try:
        text = orjson.dumps(answers, dict)
    except TypeError:
        return False
    return len(text) * 2 <= MOST_KB * 1024 and b"null" not in text


def _check_text(answers: Mapping[str, Any]) -> None:
    try:
        text = _JSON.encode(answers)
        text.encode()
    except (ValueError, TypeError):
        check_values(answers, "", 1)  # says where it is
        raise AnswersError("forms.not_json", position="") from None
    if len(text) > MOST_KB * 1024:
        raise AnswersError("forms.too_big", position="", most=MOST_KB)


def usual(value: Any, depth: int) -> bool:
    """Whether all is as it mostly is: dicts by text and lists within bounds, and in them values that JSON can judge."""
    if depth > DEEPEST:
        return False
    inside = value
    if type(value) is dict:
        for name in value:
            if type(name) is not str:
                return False
        inside = value.values()
    elif type(value) is not list:
        return False
    for inner in inside:
        if type(inner) in _USUAL:
            continue
        if not usual(inner, depth + 1):
            return False
    return True


def check_values(value: Mapping[Any, Any] | Sequence[Any], pointer: str, depth: int) -> None:
    """Depth first, since everything after it recurses; then what JSON has no place for."""
    if depth > DEEPEST:
        raise AnswersError("forms.too_deep", position=pointer[:200])
    named = isinstance(value, Mapping)
    inside: Iterable[tuple[object, object]] = cast(Mapping[Any, Any], value).items() if named else enumerate(value)
    for place, inner in inside:
        if named and not isinstance(place, str):
            raise AnswersError("forms.not_json", position=pointer[:200])
        if not isinstance(inner, _SCALARS) and isinstance(inner, _NESTED):
            check_values(cast(Sequence[Any], inner), f"{pointer}{pointer_to(place)}", depth + 1)
        elif not _storable(inner):
            raise AnswersError("forms.not_json", position=f"{pointer}{pointer_to(place)}"[:200])


def _storable(value: object) -> bool:
    """A value JSON has a place for, in text every database keeps."""
    if isinstance(value, str):
        return _LONE_SURROGATE.search(value) is None
    return value is None or isinstance(value, int) or (isinstance(value, float) and isfinite(value))
