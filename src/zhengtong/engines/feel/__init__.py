"""A strict subset of FEEL (OMG DMN 1.5 §10): what conditions of forms and processes need, with its three-valued logic.

What lies outside the subset is refused by name and position, never half understood. Numbers are Decimal, equality
across types is null, and nothing an expression does can reach Python.
"""

from zhengtong.engines.feel.compiling import Expression, compile_expression
from zhengtong.engines.feel.errors import FeelError

__all__ = ["Expression", "FeelError", "compile_expression"]
