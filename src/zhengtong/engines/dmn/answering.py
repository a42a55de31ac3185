"""What is known of the answer of a decision before it is asked: its type, with the columns that it has."""

from collections.abc import Mapping

from zhengtong.engines.dmn.model import Context, Decision, Table
from zhengtong.engines.dmn.nodes import DecisionNode, Decisions
from zhengtong.engines.dmn.tables import CompiledTable
from zhengtong.engines.dmn.vocabulary import Aggregation, HitPolicy
from zhengtong.engines.feel.types import ANY, NUMBER, FeelType, context_of, list_of


def answer_type(decisions: Decisions, decision: str) -> FeelType:
    """The type of what a decision answers, by its name or id: as it is declared, else as its logic makes it.

    A context has the columns of both. Any where neither says anything. Raises `DmnError` where there is no such
    decision.
    """
    node: DecisionNode = decisions.find(decision, DecisionNode)
    declared, made = node.declared.kind, made_type(node.element, decisions.compiled)
    if declared.kind == made.kind == "context":
        return context_of({**dict(made.entries), **dict(declared.entries)})
    return made if declared == ANY else declared


def made_type(decision: Decision, tables: Mapping[int, CompiledTable]) -> FeelType:
    """The type that the logic of a decision makes, its table among `tables` by identity; Any where it is not known."""
    logic = decision.logic
    if isinstance(logic, Table):
        compiled = tables.get(id(logic))
        return ANY if compiled is None else _of_table(compiled)
    if isinstance(logic, Context):
        names = [variable.name for variable, _value in logic.entries if variable is not None]
        return context_of(dict.fromkeys(names, ANY)) if len(names) == len(logic.entries) else ANY
    return ANY


def _of_table(compiled: CompiledTable) -> FeelType:
    kinds = {name: declared.kind for name, declared in zip(compiled.outputs, compiled.kinds, strict=True)}
    one = context_of(kinds) if len(kinds) > 1 else compiled.kinds[0].kind
    if compiled.single:
        return one
    if compiled.table.aggregation is None or compiled.table.policy is not HitPolicy.COLLECT:
        return list_of(one)
    return NUMBER if compiled.table.aggregation is Aggregation.COUNT else one
