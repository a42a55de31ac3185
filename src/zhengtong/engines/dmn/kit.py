"""The test format of the DMN technology compatibility kit: suites read, their cases run, each answer compared."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from zhengtong.engines import feel
from zhengtong.engines.dmn.boxes import local_name, position, text_of
from zhengtong.engines.dmn.deciding import Result, call, decide
from zhengtong.engines.dmn.errors import DmnError
from zhengtong.engines.dmn.frames import Value
from zhengtong.engines.dmn.hits import equal
from zhengtong.engines.dmn.nodes import Decisions, ServiceNode
from zhengtong.engines.dmn.plain import plain
from zhengtong.engines.dmn.reading import parse
from zhengtong.engines.feel.temporal.reading import read_date, read_date_time, read_duration, read_time
from zhengtong.engines.feel.temporal.zones import Zones

NAMESPACE = "http://www.omg.org/spec/DMN/20160719/testcase"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBERS = frozenset({"decimal", "double", "float", "integer", "int", "long", "short", "byte", "nonNegativeInteger"})
_MOMENTS: Mapping[str, Callable[[str, Zones | None], Value]] = {
    "date": lambda text, _zones: read_date(text),
    "time": read_time,
    "dateTime": read_date_time,
    "duration": lambda text, _zones: read_duration(text),
    "dayTimeDuration": lambda text, _zones: read_duration(text),
    "yearMonthDuration": lambda text, _zones: read_duration(text),
}
# Expected numbers are written with as many digits as some engine's binary arithmetic had.
_NEAR, _NEAR_RELATIVE = Decimal("1e-8"), Decimal("1e-14")
EXTERNAL = frozenset({"dmn.external_call", "feel.external"})
"""Codes of what is never run; a case that meets one is skipped."""


class Verdict(StrEnum):
    """What became of a case."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Expected:
    """What one decision must answer; `error` that it must be null."""

    name: str
    value: Value
    error: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Facts, and what must come of them.

    `kind` is decision, decisionService or bkm, `invocable` the name of the latter two; `fault` is what is wrong with
    the case itself.
    """

    id: str
    kind: str
    invocable: str
    facts: Mapping[str, Value]
    expected: tuple[Expected, ...]
    fault: DmnError | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one file, and the file name of the model they are about."""

    model: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case, and why, in words for whoever mends it."""

    case: str
    verdict: Verdict
    reason: str = ""


Runs = Callable[[], feel.Run]
"""Makes the run of a case: its instant, limits and time zones."""


def read_suite(xml: bytes, runs: Runs = feel.Run) -> Suite:
    """A file of test cases; DmnError where it is none."""
    root = parse(xml)
    if root.tag != f"{{{NAMESPACE}}}testCases":
        raise DmnError("dmn.not_suite", position=position(root), root=str(root.tag)[:200])
    run = runs()
    cases = tuple(_case(each, run) for each in root.iterchildren(f"{{{NAMESPACE}}}testCase"))
    return Suite(text_of(_child(root, "modelName")).strip(), cases)


def run_case(decisions: Decisions, case: Case, runs: Runs = feel.Run) -> Outcome:
    """Run a case and compare; never raises for what the model or the case says."""
    if case.fault is not None:
        return Outcome(case.id, Verdict.FAILED, str(case.fault))
    try:
        wrong, codes = _compare(decisions, case, runs)
    except DmnError as fault:
        return Outcome(case.id, Verdict.FAILED, str(fault))
    if codes & EXTERNAL:
        return Outcome(case.id, Verdict.SKIPPED, "calls an external function")
    return Outcome(case.id, Verdict.FAILED if wrong else Verdict.PASSED, "; ".join(wrong))


def agrees(found: Value, expected: Value) -> bool:
    """Whether an answer is the one expected; numbers agree within 1e-8, or 1e-14 of their size."""
    if isinstance(expected, Decimal):
        if not isinstance(found, Decimal):
            return False
        return abs(found - expected) <= max(_NEAR, abs(expected) * _NEAR_RELATIVE)
    if isinstance(expected, list):
        same = isinstance(found, list) and len(found) == len(expected)
        return same and all(agrees(a, b) for a, b in zip(found, expected, strict=True))
    if isinstance(expected, dict):
        same = isinstance(found, dict) and found.keys() == expected.keys()
        return same and all(agrees(found[name], value) for name, value in expected.items())
    if expected is None:
        return found is None
    return equal(found, expected) is True


def _compare(decisions: Decisions, case: Case, runs: Runs) -> tuple[list[str], set[str]]:
    """Everything that is not as expected, and the codes of all diagnostics."""
    wrong, codes = [], set()
    for expected in case.expected:
        result = _ask(decisions, case, expected.name, runs())
        value = result.values.get(expected.name, result.value)
        codes |= {each.code for each in result.diagnostics}
        good = value is None if expected.error and expected.value is None else agrees(value, expected.value)
        if not good:
            told = "; ".join(each.text("en") for each in result.diagnostics[:3])
            wanted, found = plain(expected.value), plain(value)
            wrong.append(f"{expected.name}: {found!r}, expected {wanted!r}" + (f" ({told})" if told else ""))
    return wrong, codes


def _ask(decisions: Decisions, case: Case, name: str, run: feel.Run) -> Result:
    if case.kind == "decisionService":
        return decide(decisions, case.facts, service=case.invocable, run=run)
    if case.kind == "bkm":
        return call(decisions, case.invocable, case.facts, run=run)
    names = {node.element.name for node in decisions.nodes.values() if isinstance(node, ServiceNode)}
    if name in names and name not in {node.element.name for node in decisions.decisions}:
        return decide(decisions, case.facts, service=name, run=run)
    return decide(decisions, case.facts, decision=name, run=run)


def _case(element: Any, run: feel.Run) -> Case:
    try:
        return _read_case(element, run)
    except DmnError as fault:
        return Case(element.get("id") or "", "", "", {}, (), fault)


def _read_case(element: Any, run: feel.Run) -> Case:
    facts = {}
    for each in element.iterchildren(f"{{{NAMESPACE}}}inputNode"):
        namespace, name = each.get("namespace"), each.get("name") or ""
        facts[f"{{{namespace}}}{name}" if namespace else name] = _value(each, run)
    expected = tuple(_expected(each, run) for each in element.iterchildren(f"{{{NAMESPACE}}}resultNode"))
    return Case(
        element.get("id") or "", element.get("type") or "decision", element.get("invocableName") or "", facts, expected
    )


def _expected(element: Any, run: feel.Run) -> Expected:
    expected = _child(element, "expected")
    value = None if expected is None else _value(expected, run)
    return Expected(element.get("name") or "", value, element.get("errorResult") in ("true", "1"))


def _child(element: Any, tag: str) -> Any:
    return element.find(f"{{{NAMESPACE}}}{tag}")


def _value(element: Any, run: feel.Run) -> Value:
    """What a value, list or components hold."""
    parts = [each for each in element if local_name(each) in ("value", "list", "component")]
    if not parts:
        return None
    first = parts[0]
    if local_name(first) == "component":
        return {each.get("name") or "": _value(each, run) for each in parts}
    if first.get(f"{_XSI}nil") in ("true", "1"):
        return None
    if local_name(first) == "list":
        return [_value(item, run) for item in first.iterchildren(f"{{{NAMESPACE}}}item")]
    return _simple(first, run)


def _simple(element: Any, run: feel.Run) -> Value:
    kind = (element.get(f"{_XSI}type") or "string").rpartition(":")[2]
    text = text_of(element)
    if kind in ("string", "anySimpleType"):
        return text
    text = text.strip()
    if kind == "boolean":
        return text in ("true", "1")
    if kind in _NUMBERS:
        return _number(text, element)
    if kind not in _MOMENTS:
        raise DmnError("dmn.suite_value", position=position(element), kind=kind[:100])
    return _MOMENTS[kind](text, run.zones)


def _number(text: str, element: Any) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise DmnError("dmn.suite_value", position=position(element), kind=text[:100]) from None
    return number if number.is_finite() else None


def tally(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many cases came to which end: passed, failed, skipped, in this order."""
    found = {verdict.value: 0 for verdict in Verdict}
    for each in outcomes:
        found[each.verdict.value] += 1
    return found
