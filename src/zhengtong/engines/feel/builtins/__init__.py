"""FEEL's built-in functions (DMN 1.5 §10.3.4)."""

from zhengtong.engines.feel.builtins import (
    contexts,
    conversion,
    dates,
    lists,
    numeric,
    ranges,
    statistics,
    strings,
)
from zhengtong.engines.feel.builtins.registry import BUILTINS, Builtin, Signature

__all__ = [
    "BUILTINS",
    "Builtin",
    "Signature",
    "contexts",
    "conversion",
    "dates",
    "lists",
    "numeric",
    "ranges",
    "statistics",
    "strings",
]
