"""DMN 1.1 to 1.5: read a decision model, compile it, ask it, say why, and look for its faults before it is used."""

from zhengtong.engines.dmn.analysing import analyse
from zhengtong.engines.dmn.answering import answer_type
from zhengtong.engines.dmn.compiling import compile_model
from zhengtong.engines.dmn.deciding import Result, decide
from zhengtong.engines.dmn.errors import Diagnostic, DmnError, Finding
from zhengtong.engines.dmn.explaining import Explanation, explain
from zhengtong.engines.dmn.facts import read_facts
from zhengtong.engines.dmn.model import Model
from zhengtong.engines.dmn.nodes import Decisions
from zhengtong.engines.dmn.plain import plain
from zhengtong.engines.dmn.reading import read
from zhengtong.engines.dmn.tracing import Trace

__all__ = [
    "Decisions",
    "Diagnostic",
    "DmnError",
    "Explanation",
    "Finding",
    "Model",
    "Result",
    "Trace",
    "analyse",
    "answer_type",
    "compile_model",
    "decide",
    "explain",
    "plain",
    "read",
    "read_facts",
]
