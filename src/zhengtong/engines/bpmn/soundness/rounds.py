"""Whether a repeated activity may be left out, is ever begun, and ever ends: told by its conditions alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zhengtong.engines.bpmn.graph import Loop, Repeat
from zhengtong.engines.bpmn.soundness.comparing import Value, cases
from zhengtong.engines.bpmn.soundness.outcomes import holds
from zhengtong.engines.feel import Expression

_NUMBER = re.compile(r"\d+")
_COUNTER = ("loopCounter",)


@dataclass(frozen=True, slots=True)
class Rounds:
    """`begins`: it may be done at least once; `skipped`: it may be passed by; `ends`: once begun it may be over."""

    begins: bool = True
    skipped: bool = False
    ends: bool = True


ONCE = Rounds()


def rounds_of(loop: Loop) -> Rounds:
    """How often an activity may be done. Conditions that do more than compare may give anything."""
    if loop.repeat is not Repeat.LOOP:
        count = loop.cardinality.evaluate({}) if loop.cardinality and loop.cardinality.constant else None
        # A vote of nobody is refused.
        return Rounds(begins=count != 0, skipped=(count is None and loop.share is None) or count == 0)
    if loop.condition is None:
        return Rounds(begins=True)
    again = set(_answers(loop.condition, 1, loop.most))
    first = set(_answers(loop.condition, 0, 0)) if loop.before else {True}
    return Rounds(True in first, False in first, loop.most is not None or False in again)


def may_be_true(condition: Expression) -> bool:
    """Whether a condition can be true at all."""
    return True in _answers(condition, 0, None)


def _answers(condition: Expression, least: int, most: int | None) -> Iterator[bool]:
    """What a condition may say after `least` rounds and more."""
    near = {int(number) + shift for number in _NUMBER.findall(condition.text) for shift in (-1, 0, 1)}
    counts = sorted(count for count in {least, *near} if count >= least and (most is None or count <= most))
    counter: list[Value] = [Decimal(count) for count in counts]
    contexts = cases([condition.text], {_COUNTER: counter})
    if contexts is None:
        yield from (True, False)
    else:
        yield from (holds(condition.evaluate, context) for context in contexts)
