"""Calling functions and making them."""

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.builtins import BUILTINS, Builtin
from zhengtong.engines.feel.closures.code import Code, Compiler, always, handles
from zhengtong.engines.feel.closures.values import weight
from zhengtong.engines.feel.composite import Function
from zhengtong.engines.feel.frames import Closure, Frame, find
from zhengtong.engines.feel.invoking import invoke, kind_of
from zhengtong.engines.feel.running import Place, Run
from zhengtong.engines.feel.scope import Environment
from zhengtong.engines.feel.types import ANY, Value, function_of

_LITERAL_FUNCTIONS = frozenset({"date", "time", "date and time", "duration"})
"""What §10.3.1.2 rule 60 calls date time literals, when their argument is a text."""


@handles(t.Call)
def _call(compiler: Compiler, node: t.Call, frame: Frame | None) -> Code:
    arguments = [compiler.compile(argument, frame) for argument in node.arguments]
    names = _names(compiler, node)
    own = _own(compiler, node.function, frame)
    if own is not None:
        return _call_own(compiler, node, own, arguments, names)
    callee, place = compiler.closure(node.function, frame), compiler.place(node.at)
    closures = [argument.run for argument in arguments]
    title = node.function.name if isinstance(node.function, t.Name) else "…"
    if isinstance(node.function, t.Name) and find(title, frame).steps is None and not compiler.vocabulary.entries:
        compiler.fault("feel.name_unknown", node.at, name=title)
    otherwise = BUILTINS[title].as_value() if title in BUILTINS else None

    def run(env: Environment) -> Value:
        function = callee(env)
        if type(function) is not Function:
            if otherwise is None:
                return env.run.note("feel.not_function", place, name=title, kind=kind_of(function))
            function = otherwise
        return invoke(function, [closure(env) for closure in closures], names, env.run, place)

    return Code(run)


def _names(compiler: Compiler, node: t.Call) -> list[str] | None:
    """The names of the arguments, None where they have none."""
    given = [name for name in node.names if name is not None]
    if not given:
        return None
    if len(given) < len(node.names) or len(set(given)) < len(given):
        compiler.fault("feel.names_mixed", node.at)
        return ["", *given]  # which no function takes
    return given


def _own(compiler: Compiler, function: t.Node, frame: Frame | None) -> Builtin | None:
    """The built-in that a name means, where nothing else of that name is in scope."""
    if not isinstance(function, t.Name) or function.name in compiler.vocabulary.entries:
        return None
    found = find(function.name, frame)
    return BUILTINS.get(function.name) if found.steps is None else None


def _call_own(compiler: Compiler, node: t.Call, own: Builtin, arguments: list[Code], names: list[str] | None) -> Code:
    place = compiler.place(node.at)
    if names is None and not any(signature.takes(len(arguments)) for signature in own.signatures):
        compiler.fault("feel.arguments", node.at, name=own.name, expected=own.written)
    if names is None and own.name in _LITERAL_FUNCTIONS and len(arguments) == 1:
        text = arguments[0].value
        if type(text) is str and "@" not in text:
            value = own.call([text], None, Run())
            if value is not None:
                return always(value)
    return Code(_applied(own, [argument.run for argument in arguments], names, place))


def _applied(own: Builtin, closures: list[Closure], names: list[str] | None, place: Place) -> Closure:
    """A call of a built-in; where the values are what its first fitting signature wants, that one's body at once."""
    signature = own.taking(len(closures)) if names is None else None
    if signature is None:
        return _looked_for(own, closures, names, place)
    body, nullable, name = signature.body, signature.nullable, own.name
    wanted, blanks = signature.wanted(len(closures), alone=len(own.signatures) == 1)
    if len(closures) == 1:
        only, (kinds, needed) = closures[0], wanted[0]

        def one(env: Environment) -> Value:
            value, run = only(env), env.run
            run.place = place
            if kinds and type(value) not in kinds:
                return own.refused(run) if value is None and needed else own.call((value,), None, run)
            result = body(run, value, *blanks)
            return run.note("feel.no_value", run.place, name=name) if result is None and not nullable else result

        return one

    def several(env: Environment) -> Value:
        values, run = [closure(env) for closure in closures], env.run
        run.place = place
        for (kinds, needed), value in zip(wanted, values, strict=True):
            if kinds and type(value) not in kinds:
                return own.refused(run) if value is None and needed else own.call(values, None, run)
        result = body(run, *values, *blanks)
        return run.note("feel.no_value", run.place, name=name) if result is None and not nullable else result

    return several


def _looked_for(own: Builtin, closures: list[Closure], names: list[str] | None, place: Place) -> Closure:
    """The same where the signature is known only when it runs, or there is none."""

    def run(env: Environment) -> Value:
        values = [closure(env) for closure in closures]
        env.run.place = place
        return own.call(values, names, env.run)

    return run


@handles(t.Definition)
def _definition(compiler: Compiler, node: t.Definition, frame: Frame | None) -> Code:
    names = tuple(name for name, _kind in node.parameters)
    kind = function_of(tuple(given or ANY for _name, given in node.parameters), ANY)
    body = compiler.closure(node.body, Frame(frame, entries=frozenset(names)))
    place, cost = compiler.place(node.at), weight(node.body)
    if len(set(names)) < len(names):
        compiler.fault("feel.name_twice", node.at, name=max(names, key=names.count))
    if node.external:
        compiler.fault("feel.external", node.at)
        return always(Function("function", names, lambda _values, run: run.note("feel.external", place), kind))

    def make(env: Environment) -> Value:
        def call(values: "list[Value] | tuple[Value, ...]", run: Run) -> Value:
            run.spend(cost)
            return body(Environment(env.scope, run, dict(zip(names, values, strict=True)), env))

        return Function("function", names, call, kind)  # type: ignore[arg-type]  # a sequence of either kind will do

    return Code(make)
