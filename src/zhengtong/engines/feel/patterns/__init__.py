"""Regular expressions as XPath has them (XPath and XQuery Functions §7.6), searched for in bounded time.

Python's own are not used: their time may grow without bound with a pattern that a model brings along.
"""

from zhengtong.engines.feel.patterns.errors import PatternError
from zhengtong.engines.feel.patterns.matching import Pattern, pattern_of

__all__ = ["Pattern", "PatternError", "pattern_of"]
