"""Decision models as the console shows them: tables as tables, their trace cell by cell, two versions side by side."""

import difflib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.engines import dmn
from zhengtong.engines.dmn.model import Box, Decision, Literal, Rule, Table
from zhengtong.engines.dmn.nodes import InputNode
from zhengtong.engines.dmn.tracing import CallStep, DecisionStep, Part, RuleStep, TableStep, Trace

_DEEPEST = 40
_MOST_ROWS = 1000  # of one table on one page; the rest is counted, never left out in silence


@functools.lru_cache(maxsize=32)
def model_of(xml: bytes) -> dmn.Decisions:
    """The compiled model of a released `rules.dmn`; it never changes. Raises DmnError."""
    return dmn.compile_model(dmn.read(xml))


@dataclass(frozen=True)
class Question:
    """A fact that a model wants: the key it is given under, what people call it, its kind, the values it allows."""

    key: str
    name: str
    kind: str
    choices: tuple[str, ...] = ()


def questions(decisions: dmn.Decisions) -> list[Question]:
    """The facts that its decisions want, in document order."""
    nodes = [node for node in decisions.nodes.values() if isinstance(node, InputNode)]
    return [
        Question(
            node.keys[0],
            node.element.label or node.element.name,
            node.declared.kind.kind,
            _listed(node.declared.allowed),
        )
        for node in nodes
    ]


def _listed(allowed: str) -> tuple[str, ...]:
    """The words of a list such as `"准予","不予"`; nothing where the values are told in another way."""
    parts = [part.strip() for part in allowed.split(",")] if allowed else []
    if parts and all(len(part) > 2 and part[0] == part[-1] == '"' and '"' not in part[1:-1] for part in parts):
        return tuple(part[1:-1] for part in parts)
    return ()


def drawn_boxes(decisions: dmn.Decisions, trace: Trace | None = None) -> list[dict[str, Any]]:
    """Each decision with its tables and texts; lit by `trace` where there is one."""
    steps = {step.id: step for step in trace.steps} if trace else {}
    return [_decision(decisions, each, steps.get(each.id)) for each in decisions.model.decisions]


def _decision(decisions: dmn.Decisions, decision: Decision, step: DecisionStep | None) -> dict[str, Any]:
    names = {"#" + key: element.label or element.name for key, element in decisions.model.elements.items()}
    lit = list(_tables_of(step.parts)) if step else []
    return {
        "id": decision.id,
        "name": decision.label or decision.name,
        "question": decision.question,
        "needs": [names.get(href, href.rpartition("#")[2]) for href in decision.needs],
        "made": step is not None,
        "answer": dmn.plain(step.answer) if step else None,
        "blocks": list(_blocks(decision.logic, lit, 0)),
    }


def _tables_of(parts: Sequence[Part]) -> Iterator[TableStep]:
    for part in parts:
        if isinstance(part, TableStep):
            yield part
        elif isinstance(part, CallStep | DecisionStep):
            yield from _tables_of(part.parts)


def _blocks(box: Box | None, lit: list[TableStep], depth: int) -> Iterator[dict[str, Any]]:
    """A boxed expression as tables and lines of text, outermost first."""
    if box is None or depth > _DEEPEST:
        return
    if isinstance(box, Table):
        yield _table(box, lit.pop(0) if lit else None)
    elif isinstance(box, Literal):
        yield {"text": box.text.strip()}
    else:
        yield {"kind": _kind(box)}
        for name, inner in _inside(box):
            if name:
                yield {"label": name}
            yield from _blocks(inner, lit, depth + 1)


def _inside(box: Any) -> Iterator[tuple[str, Box | None]]:
    """The parts of a boxed expression with their names, as the model holds them."""
    kind = type(box).__name__
    if kind == "Context":
        yield from ((variable.name if variable else _("Result"), inner) for variable, inner in box.entries)
    elif kind == "Invocation":
        yield _("calls"), box.called
        yield from ((variable.name, inner) for variable, inner in box.bindings)
    elif kind == "List":
        yield from (("", inner) for inner in box.items)
    elif kind == "Relation":
        for row in box.rows:
            yield from ((column.name, inner) for column, inner in zip(box.columns, row, strict=False))
    elif kind == "FunctionBox":
        yield ", ".join(parameter.name for parameter in box.parameters), box.body
    elif kind == "Conditional":
        yield from ((_("if"), box.test), (_("then"), box.then), (_("otherwise"), box.otherwise))
    elif kind == "Filter":
        yield from ((_("of"), box.source), (_("those that"), box.match))
    elif kind == "Iteration":
        yield from ((_("for each of"), box.source), (box.variable, box.body))


def _kind(box: Any) -> str:
    return {
        "Context": _("Worked out entry by entry"),
        "Invocation": _("A call of a shared rule"),
        "List": _("A list"),
        "Relation": _("A table of values"),
        "FunctionBox": _("A shared rule"),
        "Conditional": _("One or the other"),
        "Filter": _("A choice from a list"),
        "Iteration": _("Done for each"),
    }[type(box).__name__]


def _table(table: Table, step: TableStep | None) -> dict[str, Any]:
    lit = {rule.number: rule for rule in step.rules} if step else {}
    shown = table.rules[:_MOST_ROWS]
    return {
        "policy": table.policy.letter + (table.aggregation.sign if table.aggregation else ""),
        "policy_words": _policy(table),
        "inputs": [column.title for column in table.inputs],
        "given": [dmn.plain(condition.value) for condition in step.conditions] if step else [],
        "outputs": [output.label or output.name or _("Result") for output in table.outputs],
        "annotations": list(table.annotations),
        "rules": [_rule(number, rule, lit.get(number), lit=step is not None) for number, rule in enumerate(shown, 1)],
        "more": len(table.rules) - len(shown),
        "lit": step is not None,
        "by_default": step is not None and step.by_default,
    }


def _rule(number: int, rule: Rule, step: RuleStep | None, *, lit: bool) -> dict[str, Any]:
    passed = [cell.passed for cell in step.cells] if step else [None] * len(rule.tests)
    return {
        "number": number,
        "matched": bool(step and step.matched),
        "counted": bool(step and step.counted),
        "tests": [
            {"text": test.strip() or "-", "state": _state(verdict) if lit else ""}
            for test, verdict in zip(rule.tests, passed, strict=False)
        ],
        "results": [result.text.strip() for result in rule.results],
        "annotations": list(rule.annotations),
    }


def _state(passed: bool | None) -> str:
    return "unknown" if passed is None else "pass" if passed else "fail"


def _policy(table: Table) -> str:
    words = {
        "U": _("exactly one rule applies"),
        "A": _("all rules that apply say the same"),
        "P": _("the result of highest priority counts"),
        "F": _("the first rule that applies counts"),
        "R": _("all rules that apply, in their order"),
        "O": _("all results, by priority"),
        "C": _("all rules that apply are collected"),
    }
    return words[table.policy.letter]


@dataclass(frozen=True)
class Difference:
    """How one decision differs between two versions: `state` is same, changed, added or removed."""

    name: str
    state: str
    columns: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    texts: tuple[str, str] = ("", "")


def compare(old: dmn.Decisions, new: dmn.Decisions) -> list[Difference]:
    """Decisions by id, in the newer version's order, those that are gone behind them; rules by their content."""
    before = {each.id: each for each in old.model.decisions}
    after = {each.id: each for each in new.model.decisions}
    found = [_differs(before.get(key), each) for key, each in after.items()]
    return found + [_differs(each, None) for key, each in before.items() if key not in after]


def _differs(old: Decision | None, new: Decision | None) -> Difference:
    named = new or old
    assert named is not None, "a decision of one of the two"
    name = named.label or named.name
    tables = [each.logic for each in (old, new) if each is not None and isinstance(each.logic, Table)]
    state = "added" if old is None else "removed" if new is None else "changed"
    if old is not None and new is not None and _content(old.logic) == _content(new.logic):
        return Difference(name, "same")
    if len(tables) == sum(each is not None for each in (old, new)):
        left = tables[0] if old is not None else None
        right = tables[-1] if new is not None else None
        return Difference(name, state, _columns(tables[-1]), tuple(_rows(left, right)))
    return Difference(name, state, texts=(_said(old), _said(new)))


def _content(box: Box | None) -> object:
    """What counts for sameness: everything but the line it stands on."""
    if isinstance(box, Table):
        return (box.policy, box.aggregation, _columns(box), [_cells(rule) for rule in box.rules])
    return _words(box)


def _words(box: Box | None) -> str:
    return "\n".join(str(block.get("text") or block.get("label") or block.get("kind")) for block in _blocks(box, [], 0))


def _said(decision: Decision | None) -> str:
    return _words(decision.logic) if decision is not None else ""


def _columns(table: Table) -> tuple[str, ...]:
    outputs = tuple(output.label or output.name or _("Result") for output in table.outputs)
    notes = tuple(name or pgettext("column of a table", "Note") for name in table.annotations)
    return (*(column.title for column in table.inputs), *outputs, *notes)


def _cells(rule: Rule) -> tuple[str, ...]:
    results = (result.text.strip() for result in rule.results)
    return (*(test.strip() or "-" for test in rule.tests), *results, *rule.annotations)


def _rows(old: Table | None, new: Table | None) -> Iterator[Mapping[str, Any]]:
    """The rules of both tables in one order: kept ones once, a changed one with its old cells beside the new."""
    before = [_cells(rule) for rule in old.rules] if old else []
    after = [_cells(rule) for rule in new.rules] if new else []
    for what, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from (_row("same", cells, n + 1, i + n - k + 1) for n, cells in enumerate(after[k:m], k))
            continue
        paired = min(j - i, m - k) if what == "replace" else 0
        for step in range(paired):
            yield _changed(before[i + step], after[k + step], k + step + 1, i + step + 1)
        yield from (_row("removed", cells, None, n + 1) for n, cells in enumerate(before[i + paired : j], i + paired))
        yield from (_row("added", cells, n + 1, None) for n, cells in enumerate(after[k + paired : m], k + paired))


def _row(state: str, cells: Sequence[str], number: int | None, was: int | None) -> Mapping[str, Any]:
    return {"state": state, "number": number, "was": was, "cells": [{"text": text} for text in cells]}


def _changed(old: Sequence[str], new: Sequence[str], number: int, was: int) -> Mapping[str, Any]:
    most = max(len(old), len(new))
    left, right = [*old, *[""] * (most - len(old))], [*new, *[""] * (most - len(new))]
    cells = [{"text": now, "was": before if before != now else None} for before, now in zip(left, right, strict=True)]
    return {"state": "changed", "number": number, "was": was, "cells": cells}
