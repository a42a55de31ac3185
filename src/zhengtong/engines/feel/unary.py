"""Unary tests (DMN 1.5 §9): what stands in the cells of a decision table."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhengtong.engines.feel.compiling import Expression, compile_expression
from zhengtong.engines.feel.running import Limits, Run
from zhengtong.engines.feel.types import FeelType, Names, Value


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """A compiled cell; `names` are those it asks its scope for."""

    text: str
    names: frozenset[str]
    inner: Expression | None

    def matches(self, value: Value, scope: Mapping[str, Value], run: Run | None = None) -> bool | None:
        """Whether `value` (`?` in the text) passes: true, false, or None where it cannot be said."""
        if self.inner is None:
            return True
        found = self.inner.evaluate({**scope, "input_value": value}, run)
        return found if isinstance(found, bool) else None


def compile_unary_tests(
    text: str, *, names: Names = (), types: Mapping[str, FeelType] | None = None, limits: Limits | None = None
) -> UnaryTests:
    """Compile a cell; FeelError with its place where it is none."""
    if text.strip() == "-":
        return UnaryTests(text, frozenset(), None)
    inner = compile_expression(f"input_value in ({text})", names=names, types=types, limits=limits)
    return UnaryTests(text, inner.names - {"input_value"}, inner)
