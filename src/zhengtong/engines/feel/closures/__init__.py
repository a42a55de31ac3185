"""Each kind of part of an expression, compiled to a closure."""

from zhengtong.engines.feel.closures import calls, loops, membership, operators, range_reading, values
from zhengtong.engines.feel.closures.code import Code, Compiler

__all__ = ["Code", "Compiler", "calls", "loops", "membership", "operators", "range_reading", "values"]
