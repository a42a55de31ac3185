"""What expressions may read, and where values are kept: with the caller, or in the scope that has data of its own."""

from collections.abc import Mapping
from typing import Any

from zhengtong.engines.bpmn import commands as do
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.events import NOTHING
from zhengtong.engines.bpmn.state import Token, Wait, damaged
from zhengtong.engines.bpmn.steps.keeping import pack, unpack
from zhengtong.engines.bpmn.steps.running import Run
from zhengtong.engines.feel import Expression, to_feel
from zhengtong.engines.feel import Run as FeelRun

OWN = "own"
"""Where a token keeps the data of its scope; who has none of its own leaves values to the scope around it."""


def evaluate(run: Run, expression: Expression, scope: int, more: Mapping[str, object] = NOTHING) -> Any:
    """The value of an expression in a scope, as FEEL has it; null where it has none. `more` is laid over the rest."""
    known = facts(run, scope)
    if run.feel is None:
        run.feel = FeelRun(run.now)
    names = {name: to_feel(known[name]) for name in expression.names if name in known}
    if more:
        names |= {name: to_feel(more[name]) for name in expression.names if name in more}
    return expression.evaluate(names, run.feel)


def facts(run: Run, scope: int) -> Mapping[str, object]:
    """The data of the instance, with the event's over it, and over them those of the scopes around."""
    layers = []
    around = {**run.data, **run.extra} if run.extra else run.data
    while scope:
        token = run.token(scope)
        if token.wait is Wait.CALL and run.node_of(token).isolated:
            layers += _layers(run, token)[:1]
            around = NOTHING
            break
        layers += _layers(run, token)
        scope = token.scope
    if not layers:
        return around
    merged = dict(around)
    for layer in reversed(layers):
        merged.update(layer)
    return merged


def truth(element: str, value: Any) -> bool:
    """What a condition gave; BpmnError where it is neither true, false nor unknown."""
    if value is None or isinstance(value, bool):
        return value is True
    raise BpmnError("bpmn.condition_not_boolean", position=element, element=element, value=str(value)[:100])


def own(token: Token) -> Mapping[str, object]:
    """What a token itself came with: the item and the number of a repetition."""
    came = _came(token) or {}
    return {**came, "loopCounter": token.turn} if token.turn else came


def snapshot(run: Run, token: Token) -> str:
    """The data that a token has of its own, as it is now, packed; "" where it has none."""
    came = _came(token)
    if came is None:
        return ""
    row = _row(run, token)
    known = came if row is None else _came(row) or {}
    return pack({OWN: {**known, "loopCounter": token.turn} if token.turn else known})


def store(run: Run, scope: int, values: Mapping[str, object]) -> None:
    """Keep values where that scope keeps its data; the caller is told where that is the instance."""
    if not values:
        return
    if not bring(run, scope, values):
        run.extra = {**run.extra, **values}
        run.commands.append(do.StoreData(values))


def bring(run: Run, scope: int, values: Mapping[str, object]) -> bool:
    """Keep values in the nearest scope around that has data of its own; answers whether there is one."""
    while scope and values:
        token = run.token(scope)
        came = _came(token)
        if came is not None:
            before = _row(run, token)
            kept = came if before is None else _came(before) or {}
            if before is not None:
                run.cancel((before.id,))
            data = pack({OWN: {**kept, **values}})
            run.put(Token(run.next_id, token.element, Wait.DATA, token.id, origins=run.trace(token), data=data))
            return True
        scope = token.scope
    return False


def _layers(run: Run, token: Token) -> list[Mapping[str, object]]:
    """The data of one scope, what is nearest first."""
    came = _came(token)
    counted: list[Mapping[str, object]] = [{"loopCounter": token.turn}] if token.turn else []
    if came is None:
        return counted
    row = _row(run, token)
    return [came if row is None else _came(row) or {}, *counted]


def _row(run: Run, token: Token) -> Token | None:
    """The note of what was stored in a scope since it opened."""
    return next((note for note in run.inside(token.id) if note.wait is Wait.DATA), None)


def _came(token: Token) -> Mapping[str, object] | None:
    """The data that a token keeps; None where it has none of its own."""
    if not token.data:
        return None
    values = unpack(token).get(OWN)
    if values is not None and not isinstance(values, dict):
        raise damaged("own data is not a mapping", token.id)
    return values
