"""Cells and results of a table that cannot be of the type their column has."""

from collections.abc import Iterator

from zhengtong.engines.dmn.cells import read_cell, read_literal
from zhengtong.engines.dmn.errors import Finding
from zhengtong.engines.dmn.frames import Value
from zhengtong.engines.dmn.hits import bits, equal
from zhengtong.engines.dmn.plain import plain
from zhengtong.engines.dmn.tables import CompiledTable
from zhengtong.engines.dmn.types import CLASSES

_NAMES = {kind: name for name, kind in CLASSES.items()}


def type_faults(table: CompiledTable) -> Iterator[Finding]:
    """A finding for each text of a column, and each output of a rule, that is of another type."""
    yield from _cells(table)
    for place, rule in enumerate(table.table.rules):
        for column, literal in enumerate(rule.results):
            yield from _result(table, place, column, literal.text)


def _cells(table: CompiledTable) -> Iterator[Finding]:
    for column in table.columns:
        wanted = column.declared.kind.kind
        for test in column.tests:
            kind = None if test.cell is None else test.cell.kind
            if wanted in CLASSES and kind is not None and kind is not CLASSES[wanted]:
                numbers = tuple(place + 1 for place in bits(test.rules))[:20]
                params = {"column": column.title, "found_kind": _NAMES[kind], "wanted_kind": wanted}
                yield Finding("dmn.cell_type", table.owner, table.title, table.table.line, numbers, {}, params)


def _result(table: CompiledTable, place: int, column: int, text: str) -> Iterator[Finding]:
    found = read_literal(text)
    if found is None or found[0] is None:
        return
    output, wanted = table.table.outputs[column], table.kinds[column].kind.kind
    title = output.label or output.name or table.owner
    kind = _NAMES.get(type(found[0]), "")
    rule = (place + 1,)
    if wanted in CLASSES and kind != wanted and not (wanted == "date and time" and kind == "date"):
        params: dict[str, object] = {"column": title, "found_kind": kind, "wanted_kind": wanted}
        yield Finding("dmn.result_type", table.owner, table.title, table.table.line, rule, {}, params)
    elif not _listed(found[0], output.values):
        params = {"column": title, "value": plain(found[0])}
        yield Finding("dmn.result_not_listed", table.owner, table.title, table.table.line, rule, {}, params)


def _listed(value: Value, values: str) -> bool:
    """Whether an output is among the output values, where these can be read."""
    cell = read_cell(values) if values else None
    if cell is None or cell.dash or cell.negated:
        return True
    return any(
        equal(value, span.low) is True or (type(value) is cell.kind and span.holds(value)) for span in cell.spans
    )
