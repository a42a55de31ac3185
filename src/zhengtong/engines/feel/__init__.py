"""FEEL (OMG DMN 1.3 to 1.5, §10): expressions and unary tests, compiled once to closures and evaluated many times.

An error while evaluating is null with a diagnostic; a text that is no expression is a FeelError with its place.
Nothing an expression does can reach Python.
"""

from zhengtong.engines.feel.compiling import Expression, compile_expression
from zhengtong.engines.feel.composite import Function, Range
from zhengtong.engines.feel.conforming import coerce, conforms, type_of
from zhengtong.engines.feel.conversion import from_feel, to_feel
from zhengtong.engines.feel.errors import FeelError
from zhengtong.engines.feel.fractions import fractional
from zhengtong.engines.feel.inference import static_faults, static_type
from zhengtong.engines.feel.running import Diagnostic, Limits, Run
from zhengtong.engines.feel.temporal.values import Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.type_reading import read_type
from zhengtong.engines.feel.types import FeelType
from zhengtong.engines.feel.unary import UnaryTests, compile_unary_tests
from zhengtong.engines.feel.vocabulary import Vocabulary

__all__ = [
    "Date",
    "DateTime",
    "DaysDuration",
    "Diagnostic",
    "Expression",
    "FeelError",
    "FeelType",
    "Function",
    "Limits",
    "MonthsDuration",
    "Range",
    "Run",
    "Time",
    "UnaryTests",
    "Vocabulary",
    "coerce",
    "compile_expression",
    "compile_unary_tests",
    "conforms",
    "fractional",
    "from_feel",
    "read_type",
    "static_faults",
    "static_type",
    "to_feel",
    "type_of",
]
