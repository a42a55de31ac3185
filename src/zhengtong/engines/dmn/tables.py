"""Decision tables: compiled once to columns of bits, asked many times (DMN 1.5 §8)."""

from dataclasses import dataclass

from zhengtong.engines import feel
from zhengtong.engines.dmn.cells import read_literal
from zhengtong.engines.dmn.columns import Column, make_column
from zhengtong.engines.dmn.frames import Frame, Logic, Scope, Session, Value, faulty, nothing, typed
from zhengtong.engines.dmn.hits import Entries, Hits, Ranking, aggregate, bits, lists_all, single
from zhengtong.engines.dmn.model import Literal, Output, Table
from zhengtong.engines.dmn.recording import TableNote
from zhengtong.engines.dmn.types import Declared, Guard
from zhengtong.engines.dmn.vocabulary import Aggregation, HitPolicy

Constant = tuple[Value]
"""A result that needs no evaluation."""


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table as it is asked. `results` holds, a rule, either its finished entries or what makes each.

    `single`: it answers with one rule's outputs. `listing`: with those of all rules that match, as they stand. `bare`:
    it has one output only, which is not named in the answer.
    """

    table: Table
    owner: str
    title: str
    columns: tuple[Column, ...]
    every: int
    constants: tuple[Entries | None, ...]
    results: tuple[tuple[Logic, ...], ...]
    outputs: tuple[str, ...]
    ranking: Ranking
    defaults: tuple[Logic, ...] | None
    kinds: tuple[Declared, ...]
    single: bool
    listing: bool
    bare: bool

    def run(self, scope: Scope, session: Session) -> Value:
        """The table's answer in a scope; null with a diagnostic where it has none."""
        mask = self.every
        noted = len(session.noted)
        values = []
        for column in self.columns:
            value = column.read(scope, session)
            values.append(value)
            if column.guard is not None and not column.guard(value, session):
                session.report("dmn.input_not_allowed", input=column.title)
                if session.recorder is not None:
                    session.recorder.add(TableNote(self, scope, values, 0, None, None, column.title))
                return None
            if mask:
                mask = column.rules(value, scope, session, mask)
        if mask:
            del session.noted[noted:]  # what a rule that did not match stumbled over is no reason for anything
        chosen, answer = self._answer(mask, scope, session)
        if session.recorder is not None:
            session.recorder.add(TableNote(self, scope, values, mask, chosen, answer, ""))
        return answer

    def _answer(self, mask: int, scope: Scope, session: Session) -> tuple[list[int] | None, Value]:
        if not mask:
            return None, self._no_rule(scope, session)
        if self.single and not mask & (mask - 1):  # only one matches: every such policy takes it
            rule = mask.bit_length() - 1
            return [rule], self._outcome(rule, scope, session)
        policy = self.table.policy
        if self.listing:
            rules = bits(mask)
            return rules, [self._outcome(rule, scope, session) for rule in rules]
        hits = Hits(mask, lambda rule: self.entries(rule, scope, session), self.ranking, session)
        chosen = hits.choose(policy)
        if chosen is None:
            return None, None
        found = [self._output(hits.entries(rule)) for rule in chosen]
        if self.single:
            return chosen, found[0]
        if self.table.aggregation is None or policy is not HitPolicy.COLLECT:
            return chosen, found
        return chosen, aggregate(self.table.aggregation, found, session)

    def entries(self, rule: int, scope: Scope, session: Session) -> Entries:
        """The output entries of a rule."""
        constant = self.constants[rule]
        if constant is not None:
            return constant
        return tuple(result(scope, session) for result in self.results[rule])

    def _outcome(self, rule: int, scope: Scope, session: Session) -> Value:
        """What a rule answers."""
        entries = self.constants[rule]
        if entries is not None and self.bare:
            return entries[0]
        return self._output(self.entries(rule, scope, session))

    def _output(self, entries: Entries) -> Value:
        return entries[0] if self.bare else dict(zip(self.outputs, entries, strict=True))

    def _no_rule(self, scope: Scope, session: Session) -> Value:
        policy, aggregation = self.table.policy, self.table.aggregation
        if self.defaults is not None:
            return self._output(tuple(default(scope, session) for default in self.defaults))
        if policy is HitPolicy.COLLECT and aggregation is Aggregation.COUNT:
            return aggregate(aggregation, (), session)
        if self.single or (policy is HitPolicy.COLLECT and aggregation):
            session.report("dmn.no_rule")
            return None
        return []


def compile_table(table: Table, frame: Frame) -> Logic:
    """The logic of a decision table; what is wrong with it becomes findings."""
    _check(table, frame)
    columns = tuple(_column(table, place, frame) for place in range(len(table.inputs)))
    kinds = tuple(_output_type(table, output, frame) for output in table.outputs)
    reader = _Results(frame)
    constants: list[Entries | None] = []
    results: list[tuple[Logic, ...]] = []
    for rule in table.rules:
        made = [reader.read(literal, kind) for literal, kind in zip(rule.results, kinds, strict=True)]
        plain = [constant for constant, _ in made if constant is not None]
        constants.append(tuple(each[0] for each in plain) if len(plain) == len(made) else None)
        results.append(tuple(logic for _, logic in made))
    compiled = CompiledTable(
        table,
        frame.owner,
        frame.title,
        columns,
        (1 << len(table.rules)) - 1,
        tuple(constants),
        tuple(results),
        tuple(output.name for output in table.outputs),
        Ranking(tuple(_ranked(output, frame, table.line) for output in table.outputs)),
        _defaults(table, kinds, reader),
        kinds,
        single(table.policy),
        lists_all(table.policy, table.aggregation),
        len(table.outputs) == 1,
    )
    frame.gathered.tables.append(compiled)
    frame.gathered.compiled.setdefault(id(table), compiled)
    return compiled.run


def _check(table: Table, frame: Frame) -> None:
    if len(table.outputs) > 1:
        names = [output.name for output in table.outputs]
        if "" in names or len(set(names)) != len(names):
            frame.find("dmn.output_names", table.line)
        if table.aggregation not in (None, Aggregation.COUNT):
            frame.find("dmn.aggregation_many", table.line)
    if table.aggregation is not None and table.policy is not HitPolicy.COLLECT:
        frame.find("dmn.aggregation_policy", table.line, blocking=False, policy=table.policy.value)
    if table.policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(o.values for o in table.outputs):
        frame.find("dmn.no_output_values", table.line, policy=table.policy.value)


def _column(table: Table, place: int, frame: Frame) -> Column:
    column = table.inputs[place]
    expression = frame.expression(column.expression)
    guard = _guard(column.values, frame, column.expression.line)
    texts = [rule.tests[place] for rule in table.rules]
    return make_column(column, texts, expression, guard, frame)


def _guard(text: str, frame: Frame, line: int | None) -> Guard | None:
    """What an input must pass before any rule is looked at."""
    if not text or text == "-":
        return None
    tests = frame.tests(text, line)
    if tests is None:
        return None
    return lambda value, run: tests.matches(value, {}, run) is True


def _output_type(table: Table, output: Output, frame: Frame) -> Declared:
    """An output's own type; a table of one output may say it for all."""
    written = output.type_ref
    if not written and len(table.outputs) == 1 and single(table.policy):
        written = table.type_ref
    return frame.type(written, table.line)


def _ranked(output: Output, frame: Frame, line: int | None) -> tuple[Value, ...] | None:
    """The output values in their order."""
    if not output.values or output.values == "-":
        return None
    expression = frame.expression(Literal(f"[{output.values}]", line=line))
    values = None if expression is None else expression.evaluate({}, feel.Run())
    return tuple(values) if isinstance(values, list) else None


def _defaults(table: Table, kinds: tuple[Declared, ...], reader: "_Results") -> tuple[Logic, ...] | None:
    if not any(output.default is not None and output.default.text.strip() for output in table.outputs):
        return None
    return tuple(
        nothing if output.default is None else reader.read(output.default, kind)[1]
        for output, kind in zip(table.outputs, kinds, strict=True)
    )


class _Results:
    """Reads result cells; the same text is read once a table."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._known: dict[tuple[str, str, str], tuple[Constant | None, Logic]] = {}
        self._run = Session(None)

    def read(self, literal: Literal, declared: Declared) -> tuple[Constant | None, Logic]:
        """A constant where it is one, and the logic that makes the value in any case."""
        key = (literal.text, literal.language, declared.name)
        if key not in self._known:
            self._known[key] = self._read(literal, declared)
        return self._known[key]

    def _read(self, literal: Literal, declared: Declared) -> tuple[Constant | None, Logic]:
        found = read_literal(literal.text) if not literal.language else None
        if found is not None:
            value = declared.coerce(found[0], self._run)
            if value is not None or found[0] is None:
                return (value,), _constant(value)
            logic = _constant(found[0])
        else:
            expression = self._frame.expression(literal)
            if expression is None:
                return None, faulty if literal.text.strip() else nothing
            logic = expression.evaluate
        return None, typed(logic, declared)


def _constant(value: Value) -> Logic:
    return lambda _scope, _session: value
