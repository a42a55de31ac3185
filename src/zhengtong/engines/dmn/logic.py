"""Boxed expressions compiled to closures (DMN 1.5 §10.2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhengtong.engines import feel
from zhengtong.engines.dmn.frames import Frame, Logic, Scope, Session, Value, faulty, nothing, reading, typed
from zhengtong.engines.dmn.model import (
    Box,
    Conditional,
    Context,
    Filter,
    FunctionBox,
    Invocation,
    Iteration,
    List,
    Literal,
    Relation,
    Table,
)
from zhengtong.engines.dmn.tables import compile_table
from zhengtong.engines.dmn.types import UNTYPED, Declared
from zhengtong.engines.feel.invoking import invoke
from zhengtong.engines.feel.running import NOWHERE
from zhengtong.engines.feel.types import function_of


def compile_box(box: Box | None, frame: Frame) -> Logic:
    """The logic of a boxed expression; null where there is none, and with a finding where it cannot be compiled."""
    if box is None:
        return nothing
    logic = _COMPILERS[type(box)](box, frame)
    if isinstance(box, Table | FunctionBox):  # a table's type is its outputs', a function's its result's
        return logic
    return typed(logic, frame.type(box.type_ref, box.line))


def compile_function(
    box: FunctionBox, frame: Frame, name: str, around: Mapping[str, Value], result: Declared
) -> feel.Function:
    """A function whose body sees only the functions `around` it, so that it is the same wherever it is called.

    `result` is what it is declared to give besides what the box itself says.
    """
    return _maker(box, frame, name, result)(around)


def _literal(box: Literal, frame: Frame) -> Logic:
    expression = frame.expression(box)
    if expression is None:
        return faulty if box.text.strip() else nothing
    return reading(box, expression, frame)


def _invocation(box: Invocation, frame: Frame) -> Logic:
    called = compile_box(box.called, frame)
    names = tuple(variable.name for variable, _ in box.bindings)
    values = tuple(compile_box(value, frame) for _, value in box.bindings)  # the function converts its arguments

    def run(scope: Scope, session: Session) -> Value:
        function = called(scope, session)
        given = [value(scope, session) for value in values]
        if not isinstance(function, feel.Function):
            session.report("dmn.not_a_function")
            return None
        return invoke(function, given, names, session, NOWHERE)

    return run


def _table(box: Table, frame: Frame) -> Logic:
    return compile_table(box, frame)


def _context(box: Context, frame: Frame) -> Logic:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    for variable, value in box.entries:
        if variable is None:
            result = compile_box(value, frame)
            continue
        declared = frame.type(variable.type_ref, value.line)
        around = frame if variable.name in frame.names else frame.inside({variable.name: None})
        logic = compile_box(value, around if _makes_function(value) else frame)
        entries.append((variable.name, typed(logic, declared)))
        frame = frame.inside({variable.name: known(declared)})

    def run(scope: Scope, session: Session) -> Value:
        inner = dict(scope)
        found = {}
        for name, logic in entries:
            inner[name] = found[name] = logic(inner, session)
        return found if result is None else result(inner, session)

    return run


def _makes_function(box: Box) -> bool:
    """Whether a box is a function, which may call itself by the name of its entry."""
    return isinstance(box, FunctionBox) or (isinstance(box, Literal) and box.text.lstrip().startswith("function"))


def _list(box: List, frame: Frame) -> Logic:
    items = tuple(compile_box(item, frame) for item in box.items)
    return lambda scope, session: [item(scope, session) for item in items]


def _relation(box: Relation, frame: Frame) -> Logic:
    names = tuple(column.name for column in box.columns)
    kinds = tuple(frame.type(column.type_ref, box.line) for column in box.columns)
    rows = tuple(
        tuple(typed(compile_box(cell, frame), kind) for cell, kind in zip(row, kinds, strict=True)) for row in box.rows
    )

    def run(scope: Scope, session: Session) -> Value:
        return [{name: cell(scope, session) for name, cell in zip(names, row, strict=True)} for row in rows]

    return run


def _function_box(box: FunctionBox, frame: Frame) -> Logic:
    make = _maker(box, frame, "", UNTYPED)
    return lambda scope, _session: make(scope)


def _maker(
    box: FunctionBox, frame: Frame, name: str, outer: Declared
) -> Callable[[Mapping[str, Value]], feel.Function]:
    """Makes the function from the scope around it; what is no FEEL is external and gives null when called."""
    declared = tuple(frame.type(each.type_ref, box.line) for each in box.parameters)
    parameters = tuple(each.name for each in box.parameters)
    if box.kind == "FEEL":
        names = {each: known(kind) for each, kind in zip(parameters, declared, strict=True)}
        body = compile_box(box.body, frame.inside(names))
    else:
        frame.find("dmn.external", box.line, blocking=False, kind=box.kind[:100])
        body = _foreign
    result = frame.type(box.type_ref, box.line)
    kind = function_of(tuple(each.kind for each in declared), (outer if result.any else result).kind)
    logic = typed(typed(body, result), outer)
    return lambda scope: make_function(name, parameters, declared, kind, logic, scope)


def _foreign(_scope: Scope, session: Session) -> Value:
    session.report("dmn.external_call")


def make_function(
    name: str,
    parameters: tuple[str, ...],
    declared: Sequence[Declared],
    kind: feel.FeelType,
    body: Logic,
    around: Mapping[str, Value],
) -> feel.Function:
    """A function of FEEL around a compiled body; its arguments come converted, allowed values are looked at here."""
    guarded = tuple((place, each) for place, each in enumerate(declared) if each.guard is not None)

    def call(values: Sequence[Value], run: feel.Run) -> Value:
        session = run if isinstance(run, Session) else Session(run)
        for place, each in guarded:
            if values[place] is not None and each.coerce(values[place], session) is None:
                session.report("dmn.type_mismatch", type=each.name)
                return None
        scope = {**around, **dict(zip(parameters, values, strict=True))}
        if session.recorder is None or not name:
            return body(scope, session)
        return session.recorder.call(name, body, scope, session, parameters)

    return feel.Function(name, parameters, call, kind)


def _conditional(box: Conditional, frame: Frame) -> Logic:
    test, then, otherwise = (compile_box(part, frame) for part in (box.test, box.then, box.otherwise))

    def run(scope: Scope, session: Session) -> Value:
        found = test(scope, session)
        if found is True:
            return then(scope, session)
        if found is False or found is None:
            return otherwise(scope, session)
        session.report("dmn.not_boolean")
        return None

    return run


def _filter(box: Filter, frame: Frame) -> Logic:
    source = compile_box(box.source, frame)
    # What an item is made of is only known when it comes: any of its entries may be named in the test.
    match = compile_box(box.match, frame.inside({"item": None, **_entries(box.source, frame)}))

    def run(scope: Scope, session: Session) -> Value:
        items = source(scope, session)
        if items is None:
            return None
        items = items if isinstance(items, list) else [items]
        found = []
        for item in items:
            session.spend(1)
            inner = {**scope, **item} if isinstance(item, dict) else dict(scope)
            inner["item"] = item
            verdict = match(inner, session)
            if verdict is True:
                found.append(item)
            elif verdict is not False and verdict is not None:
                session.report("dmn.not_boolean")
                return None
        return found

    return run


def _entries(box: Box, frame: Frame) -> dict[str, Any]:
    """Names that items of a source are known to have."""
    if isinstance(box, Relation):
        return {column.name: known(frame.type(column.type_ref, box.line)) for column in box.columns}
    kind: Any = frame.type(box.type_ref).kind if box.type_ref else None
    if kind is None and isinstance(box, Literal):
        kind = frame.names.get(box.text.strip()) if isinstance(frame.names, Mapping) else None
    item = getattr(kind, "item", None) or kind
    return dict(getattr(item, "entries", ()) or ())


def _iteration(box: Iteration, frame: Frame) -> Logic:
    source = typed(compile_box(box.source, frame), frame.type(box.item_type, box.line))
    if box.kind == "for":
        frame = frame.inside({_PARTIAL: None})
    body = compile_box(box.body, frame.inside({box.variable: None}))
    if box.kind == "for":
        return _for(source, box.variable, body, partial=_PARTIAL in repr(box.body))
    return _quantified(source, box.variable, body, deciding=box.kind == "some")


def _for(source: Logic, variable: str, body: Logic, *, partial: bool) -> Logic:
    """The body's value for each item; with `partial` it sees those before."""

    def run(scope: Scope, session: Session) -> Value:
        items = _ITEMS.evaluate({"source": source(scope, session)}, session)
        if items is None:
            return None
        inner = dict(scope)
        found: list[Value] = []
        for inner[variable] in items:
            session.spend(1)
            if partial:
                inner[_PARTIAL] = session.bounded(list(found))  # a new list, since the body may keep it
            found.append(body(inner, session))
        return found

    return run


def _quantified(source: Logic, variable: str, body: Logic, *, deciding: bool) -> Logic:
    """`deciding` where it comes up; null where something else than a boolean does; else the other."""

    def run(scope: Scope, session: Session) -> Value:
        items = _ITEMS.evaluate({"source": source(scope, session)}, session)
        if items is None:
            return None
        inner = dict(scope)
        answer: bool | None = not deciding
        for inner[variable] in items:
            session.spend(1)
            value = body(inner, session)
            if value is deciding:
                return deciding
            if not isinstance(value, bool):
                session.report("dmn.not_boolean")
                answer = None
        return answer

    return run


def known(declared: Declared) -> feel.FeelType | None:
    """What FEEL is told of a name's type: nothing where anything may come."""
    return None if declared.kind.kind == "Any" else declared.kind


_PARTIAL = "partial"
# FEEL itself says what a loop goes through: a list, the numbers or days of a range, or a single value.
_ITEMS = feel.compile_expression("for item in source return item", names=("source",))
_COMPILERS: Mapping[type, Callable[[Any, Frame], Logic]] = {
    Literal: _literal,
    Invocation: _invocation,
    Table: _table,
    Context: _context,
    List: _list,
    Relation: _relation,
    FunctionBox: _function_box,
    Conditional: _conditional,
    Filter: _filter,
    Iteration: _iteration,
}
