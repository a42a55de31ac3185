"""What FEEL's tests share: an expression's value, and values written briefly."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from typing import Any

from zhengtong.engines.feel import Run, compile_expression, to_feel

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))


def run(**options: Any) -> Run:
    """A run at a fixed instant that knows the zones of the world."""
    return Run(NOW, zones=zoneinfo.ZoneInfo, **options)


def value(text: str, scope: Mapping[str, object] | None = None, *, names: Any = ()) -> Any:
    """What an expression is worth."""
    return compile_expression(text, names=names).evaluate(to_feel(scope or {}), run())


def written(text: str, scope: Mapping[str, object] | None = None, *, names: Any = ()) -> Any:
    """The same as FEEL writes it, so that tables of facts can be read: `[1, 2]`, `2024-02-29`, `P1D`; None for null."""
    return value(f"string({text})", scope, names=names)


def problems(text: str, scope: Mapping[str, object] | None = None) -> list[str]:
    """The codes of what went wrong while it ran."""
    at = run()
    compile_expression(text).evaluate(to_feel(scope or {}), at)
    return [problem.code for problem in at.diagnostics]
