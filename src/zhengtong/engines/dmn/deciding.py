"""Ask a compiled model: facts in, an answer with its reasons out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from zhengtong.engines import feel
from zhengtong.engines.dmn.errors import Diagnostic, DmnError
from zhengtong.engines.dmn.frames import Session, Value
from zhengtong.engines.dmn.linking import Key
from zhengtong.engines.dmn.nodes import Asked, DecisionNode, Decisions, InputNode, work_out
from zhengtong.engines.dmn.recording import Recorder
from zhengtong.engines.dmn.tracing import Trace
from zhengtong.engines.dmn.types import NATIVE
from zhengtong.engines.feel.invoking import invoke
from zhengtong.engines.feel.running import NOWHERE, ExhaustedError


@dataclass(frozen=True, slots=True)
class Result:
    """An answer in FEEL's values (`feel.from_feel` gives Python's).

    `value` is the decision's, or the service's (a context where it has several outputs); `values` those of each
    decision asked for, by name. `diagnostics` tell why something is null; `missing` names the facts that were needed
    and not given. `trace` is there where it was asked for.
    """

    value: Value
    values: Mapping[str, Value]
    diagnostics: tuple[Diagnostic, ...] = ()
    missing: tuple[str, ...] = ()
    trace: Trace | None = field(default=None, compare=False)


def decide(
    decisions: Decisions,
    facts: Mapping[str, object],
    *,
    decision: str | None = None,
    service: str | None = None,
    run: feel.Run | None = None,
    trace: bool = False,
) -> Result:
    """The answer to one decision, or of one decision service, from `facts` by name of input data.

    Facts are Python values (`feel.to_feel` takes them over); those of an imported model are named `import.name` or
    just by name. `decision` and `service` are names or ids; the only decision that no other requires is asked where
    neither is given. `run` brings the instant for `now()` and the limits, and stays as it was. Raises `DmnError` where
    there is no such decision; never on facts.
    """
    asked = decisions.ask(decision, service)
    session = Session(run, Recorder() if trace else None)
    given: dict[Key, Value] = {}
    missing: list[str] = []
    try:
        _take(asked, facts, given, missing, session)
        values = work_out(asked.plan, given, session)
    except (ExhaustedError, RecursionError):
        session.report("dmn.exhausted")
        values = {key: given.get(key) for key in asked.targets}
    return _result(decisions, asked, values, session, tuple(missing))


def call(decisions: Decisions, name: str, arguments: Mapping[str, object], *, run: feel.Run | None = None) -> Result:
    """The value of a business knowledge model (or service) of the model, called with arguments by name."""
    if name not in decisions.functions:
        raise DmnError("dmn.function_unknown", name=name[:100], known=", ".join(decisions.functions)[:300])
    session = Session(run)
    given = {parameter: feel.to_feel(value) for parameter, value in arguments.items()}
    try:
        value = invoke(decisions.functions[name], list(given.values()), list(given), session, NOWHERE)
    except (ExhaustedError, RecursionError):
        value = None
        session.report("dmn.exhausted")
    return Result(value, {name: value}, session.problems)


def _result(
    decisions: Decisions, asked: Asked, values: Mapping[Key, Value], session: Session, missing: tuple[str, ...]
) -> Result:
    named = {name: values[key] for name, key in zip(asked.names, asked.targets, strict=True)}
    value = values[asked.targets[0]] if len(asked.targets) == 1 else dict(named)
    problems = session.problems if session.noted else ()
    trace = None
    if session.recorder is not None:
        trace = Trace(decisions, session.recorder, problems, missing, session)
    return Result(value, named, problems, missing, trace)


def _take(
    asked: Asked, facts: Mapping[str, object], given: dict[Key, Value], missing: list[str], session: Session
) -> None:
    """Lay what the question needs into `given`, and the names of what is not there into `missing`.

    The fullest name that something is given under counts.
    """
    for node in asked.wanted:
        value = None
        for name in node.keys:
            if name in facts:
                value = facts[name]
                break
        if value is None:
            missing.append(node.element.name)
            given[node.key] = None
        elif type(value) is node.declared.native:
            given[node.key] = value
        else:
            given[node.key] = _as_declared(node, value, session)


def _as_declared(node: InputNode | DecisionNode, value: object, session: Session) -> Value:
    kind = type(value)
    if kind in NATIVE:
        taken: Value = value
    elif isinstance(value, int) and kind is int and -_SMALL < value < _SMALL:
        taken = Decimal(value)
    else:
        taken = feel.to_feel(value)
    found = node.declared.coerce(taken, session)
    if found is None:
        session.decision = node.element.id
        session.report("dmn.fact_type", name=node.element.name, type=node.declared.name)
        session.decision = ""
    return found


_SMALL = 10**15
