"""What becomes of the rules that match: the seven hit policies and the four aggregations (DMN 1.5 §8.2.10)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from zhengtong.engines import feel
from zhengtong.engines.dmn.frames import Session, Value
from zhengtong.engines.dmn.vocabulary import Aggregation, HitPolicy

_EQUAL = feel.compile_expression("a = b", names=("a", "b"))
_AGGREGATES = {
    Aggregation.SUM: feel.compile_expression("sum(hits)", names=("hits",)),
    Aggregation.MIN: feel.compile_expression("min(hits)", names=("hits",)),
    Aggregation.MAX: feel.compile_expression("max(hits)", names=("hits",)),
    Aggregation.COUNT: feel.compile_expression("count(hits)", names=("hits",)),
}

Entries = tuple[Value, ...]
"""The output entries of one rule."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The output values of each output in their order, None where none are given; the first matter most."""

    values: tuple[tuple[Value, ...] | None, ...]

    def of(self, entries: Entries) -> tuple[int, ...]:
        """The rank of a rule's entries; lower goes first, what is not listed goes last."""
        return tuple(_rank(entry, values) for entry, values in zip(entries, self.values, strict=True))


def _rank(entry: Value, values: tuple[Value, ...] | None) -> int:
    if values is None:
        return 0
    for place, value in enumerate(values):
        if equal(entry, value) is True:
            return place
    return len(values)


def equal(left: Value, right: Value) -> bool | None:
    """FEEL's equality."""
    found: bool | None = _EQUAL.evaluate({"a": left, "b": right})
    return found


def single(policy: HitPolicy) -> bool:
    """Whether the policy answers with one rule's outputs, not with a list."""
    return policy in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)


def lists_all(policy: HitPolicy, aggregation: Aggregation | None) -> bool:
    """Whether the answer is every matching rule's outputs in the order of the table."""
    return policy is HitPolicy.RULE_ORDER or (policy is HitPolicy.COLLECT and aggregation is None)


def bits(mask: int) -> list[int]:
    """The places of the set bits, lowest first."""
    if mask.bit_length() > 10_000:
        return [place for place, bit in enumerate(bin(mask)[:1:-1]) if bit == "1"]
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


@dataclass(frozen=True, slots=True)
class Hits:
    """The rules that matched: bits of a number that is never 0, and what makes the entries of each, once."""

    mask: int
    make: Callable[[int], Entries]
    ranking: Ranking
    session: Session
    _made: dict[int, Entries] = field(default_factory=dict)

    def entries(self, rule: int) -> Entries:
        """The output entries of a rule."""
        if rule not in self._made:
            self._made[rule] = self.make(rule)
        return self._made[rule]

    def choose(self, policy: HitPolicy) -> list[int] | None:
        """The rules that count, in order; None, with a diagnostic, where the policy is broken."""
        return _CHOOSERS[policy](self)

    def unique(self) -> list[int] | None:
        """The only one."""
        if self.mask & (self.mask - 1):
            self.session.report("dmn.not_unique", rules=_numbers(bits(self.mask)))
            return None
        return [self.mask.bit_length() - 1]

    def any(self) -> list[int] | None:
        """The first, where all say the same."""
        first, *others = bits(self.mask)
        wanted = self.entries(first) if others else ()
        for other in others:
            if not all(equal(a, b) is True for a, b in zip(wanted, self.entries(other), strict=True)):
                self.session.report("dmn.any_differs", rules=_numbers([first, other]))
                return None
        return [first]

    def first(self) -> list[int]:
        """The first in the table."""
        return [(self.mask & -self.mask).bit_length() - 1]

    def priority(self) -> list[int]:
        """The one whose outputs go first."""
        return self.output_order()[:1]

    def rule_order(self) -> list[int]:
        """All, as they stand in the table."""
        return bits(self.mask)

    def output_order(self) -> list[int]:
        """All, by the order of their outputs."""
        return sorted(bits(self.mask), key=lambda rule: self.ranking.of(self.entries(rule)))


_CHOOSERS: Mapping[HitPolicy, Callable[[Hits], list[int] | None]] = {
    HitPolicy.UNIQUE: Hits.unique,
    HitPolicy.ANY: Hits.any,
    HitPolicy.PRIORITY: Hits.priority,
    HitPolicy.FIRST: Hits.first,
    HitPolicy.RULE_ORDER: Hits.rule_order,
    HitPolicy.OUTPUT_ORDER: Hits.output_order,
    HitPolicy.COLLECT: Hits.rule_order,
}


def aggregate(aggregation: Aggregation, outputs: Sequence[Value], session: Session) -> Value:
    """One value of all outputs; null where they cannot be added or compared."""
    return _AGGREGATES[aggregation].evaluate({"hits": list(outputs)}, session)


def _numbers(places: Sequence[int]) -> str:
    return ", ".join(str(place + 1) for place in places[:20])
