"""Types of functions and of what they give."""

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.builtins import BUILTINS, Builtin, Signature
from zhengtong.engines.feel.builtins.registry import KINDS
from zhengtong.engines.feel.inference.reasoning import Known, Reasoner, common, infers, is_known
from zhengtong.engines.feel.types import ANY, FeelType, function_of, is_subtype


@infers(t.Definition)
def _definition(reasoner: Reasoner, node: t.Definition, known: Known) -> FeelType:
    parameters = {name: kind or ANY for name, kind in node.parameters}
    result = ANY if node.external else reasoner.type_of(node.body, known.inside(parameters))
    return function_of(tuple(parameters.values()), result)


@infers(t.Call)
def _call(reasoner: Reasoner, node: t.Call, known: Known) -> FeelType:
    given = [reasoner.type_of(argument, known) for argument in node.arguments]
    named = node.function.name if isinstance(node.function, t.Name) else ""
    if named in BUILTINS and known.type_of(named) is None:
        return _built_in(reasoner, node, BUILTINS[named], given)
    function = reasoner.type_of(node.function, known)
    if not is_known(function.kind):
        return ANY
    if function.kind != "function":
        reasoner.fault("feel.not_function", node.at, name=named or function.kind)
        return ANY
    if any(node.names):
        return function.result or ANY  # whose parameters have no names here
    if len(given) != len(function.parameters):
        expected = ", ".join(map(str, function.parameters))
        reasoner.fault("feel.arguments", node.at, name=named, expected=expected)
    for argument, kind, wanted in zip(node.arguments, given, function.parameters, strict=False):
        if not _may_become(kind, wanted):
            reasoner.fault("feel.argument_type", argument.at, name=named, expected=str(wanted), found=str(kind))
    return function.result or ANY


def _may_become(given: FeelType, wanted: FeelType) -> bool:
    """Whether a value of a type may be taken where another is wanted, implicit conversions counted."""
    if not is_known(given.kind) or not is_known(wanted.kind) or given.kind == wanted.kind:
        return True
    if given.kind == "list":
        return _may_become(given.item or ANY, wanted)
    if wanted.kind == "list":
        return _may_become(given, wanted.item or ANY)
    return is_subtype(given, wanted) or (given.kind, wanted.kind) == ("date", "date and time")


def _built_in(reasoner: Reasoner, node: t.Call, own: Builtin, given: list[FeelType]) -> FeelType:
    fitting = [signature for signature in own.signatures if _fits(signature, node.names, given)]
    if not fitting:
        reasoner.fault("feel.arguments", node.at, name=own.name, expected=own.written)
        return ANY
    return common(signature.result for signature in fitting)


def _fits(signature: Signature, names: list[str | None], given: list[FeelType]) -> bool:
    """Whether a built-in may be called in this way with values of these types."""
    parameters = signature.parameters
    if any(names):
        wanted = {parameter.name: parameter for parameter in parameters}
        pairs = [(wanted.get(name or ""), kind) for name, kind in zip(names, given, strict=True)]
        return all(parameter is not None and _takes(parameter.kinds, kind) for parameter, kind in pairs)
    if not signature.takes(len(given)):
        return False
    last = len(parameters) - 1
    return all(_takes(parameters[min(place, last)].kinds, kind) for place, kind in enumerate(given))


def _takes(kinds: frozenset[type], given: FeelType) -> bool:
    if not kinds or not is_known(given.kind) or KINDS[given.kind] in kinds or list in kinds:
        return True
    if given.kind == "list":
        return _takes(kinds, given.item or ANY)
    return given.kind == "date" and KINDS["date and time"] in kinds
