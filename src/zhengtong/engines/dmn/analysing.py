"""Look at a compiled model before it is used: gaps, overlaps, rules that never count, wrong types, broken policies."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from zhengtong.engines import feel
from zhengtong.engines.dmn.domains import OTHER, Axis, Piece, make_axis
from zhengtong.engines.dmn.errors import ANY_OTHER, Finding
from zhengtong.engines.dmn.hits import bits, equal
from zhengtong.engines.dmn.nodes import Decisions
from zhengtong.engines.dmn.plain import plain
from zhengtong.engines.dmn.regions import Space, TooMuch
from zhengtong.engines.dmn.table_types import type_faults
from zhengtong.engines.dmn.tables import CompiledTable
from zhengtong.engines.dmn.vocabulary import HitPolicy

MOST_RULES = 1000
MOST_ALIKE = 20
"""Findings of one kind about one table, each with an example; that there are more is said once."""


def analyse(decisions: Decisions) -> tuple[Finding, ...]:
    """Everything found: what compiling found, then each table of the model and of those it imports.

    Exact for numbers, dates, durations, booleans and enumerations; what cannot be told before it runs is a finding
    `dmn.undecided` with the reason. Bounded in time whatever the model.
    """
    found = [*decisions.findings, *_elements(decisions)]
    found += _misread(decisions)
    for table in decisions.tables:
        found += type_faults(table)
        found += _examine(table)
    return tuple(found)


def _elements(decisions: Decisions) -> Iterator[Finding]:
    used = {key for node in decisions.decisions for _, key in node.needs}
    used |= {key for service in decisions.services for key in service.parameters}
    for data in decisions.model.inputs:
        if (decisions.model.namespace, data.id) not in used:
            yield Finding("dmn.input_unused", data.id, data.name, data.line, blocking=False)
    for decision in decisions.model.decisions:
        if decision.logic is None:
            yield Finding("dmn.no_logic", decision.id, decision.name, decision.line, blocking=False)


def _misread(decisions: Decisions) -> Iterator[Finding]:
    """Expressions that ask of a name what it never has, or do with it what its type does not bear."""
    for frame, line, expression in decisions.typed:
        types = {name: kind for name in expression.names if isinstance(kind := frame.names.get(name), feel.FeelType)}
        for fault in feel.static_faults(expression, types, names=frame.names, named=frame.types.names):
            yield Finding("dmn.expression_fault", frame.owner, frame.title, line, inner=fault)


def _examine(table: CompiledTable) -> list[Finding]:
    if len(table.table.rules) <= MOST_RULES:
        return _Analysis(table).run()
    params: dict[str, object] = {"reason_code": "rules", "limit": MOST_RULES}
    return [Finding("dmn.undecided", table.owner, table.title, table.table.line, params=params, blocking=False)]


class _Analysis:
    """One table under the glass."""

    def __init__(self, table: CompiledTable) -> None:
        self.table = table
        self.axes = _axes(table)
        self.space = Space(self.axes, table.every)
        self.unknown = 0
        for axis in self.axes:
            self.unknown |= axis.open_rules
        self.never = self._never()

    def run(self) -> list[Finding]:
        """All that can be said."""
        found: list[Finding] = []
        try:
            for part in (self._empty, self._gaps, self._hits):
                found += part()
        except TooMuch:
            found.append(self._undecided("work"))
        if self.unknown:
            found.append(self._undecided("cells", places=_numbers(bits(self.unknown))))
        return found

    def _finding(
        self,
        code: str,
        rules: Iterable[int] = (),
        example: Sequence[Piece] = (),
        *,
        blocking: bool = True,
        **params: object,
    ) -> Finding:
        shown = {axis.title: _shown(piece.sample) for axis, piece in zip(self.axes, example, strict=False)}
        numbers = tuple(place + 1 for place in rules)
        return Finding(
            code, self.table.owner, self.table.title, self.table.table.line, numbers, shown, params, blocking
        )

    def _undecided(self, reason: str, **params: object) -> Finding:
        params["reason_code"] = reason
        return Finding(
            "dmn.undecided", self.table.owner, self.table.title, self.table.table.line, params=params, blocking=False
        )

    def _never(self) -> int:
        """Rules without any case."""
        found = 0
        for axis in self.axes:
            somewhere = 0
            for piece in axis.pieces:
                somewhere |= piece.rules
            found |= self.table.every & ~somewhere
        return found

    def _empty(self) -> Iterator[Finding]:
        for axis in self.axes:
            somewhere = 0
            for piece in axis.pieces:
                somewhere |= piece.rules
            for rule in bits(self.table.every & ~somewhere)[:MOST_ALIKE]:
                yield self._finding("dmn.empty_rule", [rule], blocking=False, column=axis.title)

    def _gaps(self) -> Iterator[Finding]:
        if self.table.defaults is not None or self.table.table.policy in _LISTS:
            return
        doubt = self._dependent()
        certain = doubt is None and all(axis.certain for axis in self.axes)
        code = "dmn.gap" if certain else "dmn.gap_possible"
        gaps = list(self.space.gaps(MOST_ALIKE + 1))
        for gap in gaps[:MOST_ALIKE]:
            yield self._finding(code, (), gap, blocking=False)
        yield from self._more(gaps)
        if gaps and doubt is not None:
            yield self._undecided("columns", first=doubt[0], second=doubt[1])

    def _more(self, found: Sequence[object]) -> Iterator[Finding]:
        if len(found) > MOST_ALIKE:
            yield self._finding("dmn.more", blocking=False, count=len(found))

    def _dependent(self) -> tuple[str, str] | None:
        """Two columns that look at the same thing in different ways."""
        for place, first in enumerate(self.axes):
            for second in self.axes[place + 1 :]:
                if first.names & second.names and not (_path(first.text) and _path(second.text)):
                    return first.title, second.title
        return None

    def _hits(self) -> Iterable[Finding]:
        return _POLICIES.get(self.table.table.policy, _Analysis._nothing)(self)

    def _nothing(self) -> Iterator[Finding]:
        yield from ()

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Rules, certain to share a case."""
        for rule in bits(self.table.every & ~self.unknown & ~self.never):
            partners = self.space.meet(rule) & ~self.unknown
            for other in bits(partners >> (rule + 1) << (rule + 1)):
                yield rule, other

    def _unique(self) -> Iterator[Finding]:
        yield from self._conflicts("dmn.overlap", lambda _first, _second: True)

    def _any(self) -> Iterator[Finding]:
        yield from self._conflicts("dmn.any_conflict", self._differ)

    def _priority(self) -> Iterator[Finding]:
        yield from self._conflicts("dmn.priority_tie", self._tie, blocking=False)
        if self.table.table.policy is HitPolicy.PRIORITY:
            yield from self._masked(self._before_by_rank)

    def _first(self) -> Iterator[Finding]:
        yield from self._masked(lambda rule: (1 << rule) - 1)

    def _conflicts(self, code: str, wrong: Callable[[int, int], bool], *, blocking: bool = True) -> Iterator[Finding]:
        found = []
        for first, second in self._pairs():
            if wrong(first, second):
                found.append((first, second))
                if len(found) > MOST_ALIKE:
                    break
        for pair in found[:MOST_ALIKE]:
            example = self.space.example(1 << pair[0] | 1 << pair[1])
            yield self._finding(code, pair, example, blocking=blocking)
        yield from self._more(found)
        if code != "dmn.overlap" and (unknown := self._unknown_results()):
            yield self._undecided("results", places=_numbers(unknown))

    def _masked(self, before: Callable[[int], int]) -> Iterator[Finding]:
        for rule in bits(self.table.every & ~self.never):
            by = before(rule) & ~self.unknown
            if by and self.space.covered(rule, by):
                yield self._finding("dmn.masked", [rule], blocking=False)

    def _before_by_rank(self, rule: int) -> int:
        """The bits of rules that win over this one wherever both match."""
        own = self.table.constants[rule]
        if own is None:
            return 0
        rank = self.table.ranking.of(own)
        return sum(
            1 << place
            for place, other in enumerate(self.table.constants)
            if other is not None and place != rule and (self.table.ranking.of(other), place) < (rank, rule)
        )

    def _differ(self, first: int, second: int) -> bool:
        a, b = self.table.constants[first], self.table.constants[second]
        if a is None or b is None:
            return False
        return not all(equal(x, y) is True for x, y in zip(a, b, strict=True))

    def _tie(self, first: int, second: int) -> bool:
        a, b = self.table.constants[first], self.table.constants[second]
        return (
            a is not None
            and b is not None
            and self.table.ranking.of(a) == self.table.ranking.of(b)
            and self._differ(first, second)
        )

    def _unknown_results(self) -> list[int]:
        return [place for place, constant in enumerate(self.table.constants) if constant is None]


_LISTS = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})
_POLICIES: dict[HitPolicy, Callable[[_Analysis], Iterable[Finding]]] = {
    HitPolicy.UNIQUE: _Analysis._unique,
    HitPolicy.ANY: _Analysis._any,
    HitPolicy.PRIORITY: _Analysis._priority,
    HitPolicy.OUTPUT_ORDER: _Analysis._priority,
    HitPolicy.FIRST: _Analysis._first,
}


def _axes(table: CompiledTable) -> list[Axis]:
    """One axis for each expression that is asked, however many columns ask it."""
    groups: dict[str, list[int]] = {}
    for place, column in enumerate(table.columns):
        groups.setdefault(column.text, []).append(place)
    return [
        make_axis(
            [table.columns[place] for place in places],
            [t for place in places for t in (table.table.inputs[place].values, table.columns[place].declared.allowed)],
            table.every,
        )
        for places in groups.values()
    ]


def _path(text: str) -> bool:
    """Whether an expression is just the name of something."""
    return not any(sign in text for sign in '()[]{}+*/<>=,"') and " - " not in text


def _shown(sample: object) -> object:
    return ANY_OTHER if sample is OTHER else plain(sample)


def _numbers(places: Sequence[int]) -> str:
    shown = ", ".join(str(place + 1) for place in places[:MOST_ALIKE])
    return shown + (", …" if len(places) > MOST_ALIKE else "")
