"""Literals, names, lists, contexts, paths and filters."""

from decimal import Decimal

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.builtins import BUILTINS
from zhengtong.engines.feel.closures.code import Code, Compiler, always, handles
from zhengtong.engines.feel.frames import Closure, Frame, bound, find, of_items
from zhengtong.engines.feel.invoking import kind_of
from zhengtong.engines.feel.numbers import whole
from zhengtong.engines.feel.properties import property_named
from zhengtong.engines.feel.running import ExhaustedError, Place, Run
from zhengtong.engines.feel.scope import Environment
from zhengtong.engines.feel.temporal.reading import read_temporal
from zhengtong.engines.feel.types import Value

DEEPEST = 100
_BOOLEAN = (t.Comparison, t.Logic, t.Between, t.In, t.InstanceOf)
_STEP = 3
"""A step of the budget for each eight parts of what is done to one item."""


def weight(node: t.Node) -> int:
    """The steps that evaluating a node once costs."""
    return 1 + (node.size >> _STEP)


@handles(t.Literal)
def _literal(_compiler: Compiler, node: t.Literal, _frame: Frame | None) -> Code:
    return always(node.value)


@handles(t.AtLiteral)
def _at_literal(compiler: Compiler, node: t.AtLiteral, _frame: Frame | None) -> Code:
    text, place = node.text, compiler.place(node.at)
    if "@" not in text:
        found = read_temporal(text, None)
        if found is not None:
            return always(found)
        compiler.fault("feel.literal", node.at, text=text[:60])

    def run(env: Environment) -> Value:
        value = read_temporal(text, env.run.zones)
        return env.run.note("feel.literal", place, text=text[:60]) if value is None else value

    return Code(run)


@handles(t.Name)
def _name(compiler: Compiler, node: t.Name, frame: Frame | None) -> Code:
    name = node.name
    found = find(name, frame)
    if name == "?":
        compiler.asks_input = True
    if found.steps is not None:
        return Code(of_items(found, name, bound(found, name)))
    return Code(of_items(found, name, _from_scope(compiler, node)))


def _from_scope(compiler: Compiler, node: t.Name) -> Closure:
    """A name that the expression does not bind: the caller's, or a built-in function."""
    name, place = node.name, compiler.place(node.at)
    own = BUILTINS.get(name)
    function = own.as_value() if own is not None and name not in compiler.vocabulary.entries else None
    if function is None:
        compiler.names.add(name)
        compiler.paths.add((name,))
        if compiler.vocabulary.entries and name not in compiler.vocabulary.entries:
            compiler.fault("feel.name_unknown", node.at, name=name)
    else:
        compiler.functions.add(name)

    def run(env: Environment) -> Value:
        try:
            return env.scope[name]
        except KeyError:
            return function if function is not None else env.run.note("feel.name_unknown", place, name=name)

    return run


@handles(t.Items)
def _items(compiler: Compiler, node: t.Items, frame: Frame | None) -> Code:
    items = [compiler.compile(item, frame) for item in node.items]
    if all(item.constant for item in items):
        return always([item.value for item in items])
    closures = [item.run for item in items]
    return Code(lambda env: [closure(env) for closure in closures])


@handles(t.Context)
def _context(compiler: Compiler, node: t.Context, frame: Frame | None) -> Code:
    keys = [key for key, _at, _value in node.entries]
    if len(set(keys)) < len(keys):
        return _twice(compiler, node, keys)
    entries: list[tuple[str, Closure]] = []
    for number, (key, _at, value) in enumerate(node.entries):
        # A function runs when the context is whole, so that it may call itself; other entries see those before them.
        seen = keys if isinstance(value, t.Definition) else keys[:number]
        entries.append((key, compiler.closure(value, Frame(frame, entries=frozenset(seen)))))

    def run(env: Environment) -> Value:
        made: dict[str, Value] = {}
        inner = Environment(env.scope, env.run, made, env)
        for key, closure in entries:
            made[key] = closure(inner)
        return made

    return Code(run)


def _twice(compiler: Compiler, node: t.Context, keys: list[str]) -> Code:
    """A context in which two entries have one name is null."""
    key, at = next((key, at) for number, (key, at, _value) in enumerate(node.entries) if key in keys[:number])
    compiler.fault("feel.name_twice", at, name=key)
    place = compiler.place(at)
    return Code(lambda env: env.run.note("feel.name_twice", place, name=key))


@handles(t.Path)
def _path(compiler: Compiler, node: t.Path, frame: Frame | None) -> Code:
    base = compiler.closure(node.base, frame)
    if isinstance(node.base, t.Name) and find(node.base.name, frame).steps is None:
        compiler.paths.discard((node.base.name,))
        compiler.paths.add((node.base.name, *(name for name, _at in node.names)))
    steps = [(name, compiler.place(at)) for name, at in node.names]
    if len(steps) == 1:
        name, place = steps[0]

        def one(env: Environment) -> Value:
            value = base(env)
            if type(value) is dict and name in value:
                return value[name]
            return selected(value, name, env.run, place)

        return Code(one)

    def several(env: Environment) -> Value:
        value = base(env)
        for name, place in steps:
            value = selected(value, name, env.run, place)
        return value

    return Code(several)


def selected(value: Value, name: str, run: Run, place: Place, depth: int = 0) -> Value:
    """`value.name`: an entry, that of each in a list, or a property; null with a note where there is none."""
    kind = type(value)
    if kind is dict:
        if name in value:
            return value[name]
        return run.note("feel.no_entry", place, name=name)
    if kind is list:
        if depth > DEEPEST:
            raise ExhaustedError("feel.too_deep", DEEPEST)
        run.spend(len(value))
        return [selected(item, name, run, place, depth + 1) for item in value]
    ask = property_named(kind, name)
    if ask is None:
        return run.note("feel.no_property", place, kind=kind_of(value), name=name)
    return ask(value)


@handles(t.Filter)
def _filter(compiler: Compiler, node: t.Filter, frame: Frame | None) -> Code:
    base, place = compiler.closure(node.base, frame), compiler.place(node.at)
    condition = compiler.compile(node.condition, Frame(frame, item=True))
    if condition.constant and type(condition.value) is Decimal:
        position = condition.value
        return Code(lambda env: at_position(base(env), position, env.run, place))
    test, cost, surely = condition.run, weight(node.condition), isinstance(node.condition, _BOOLEAN)

    def run(env: Environment) -> Value:
        value = base(env)
        items = _listed(value)
        if not surely:
            found = test(Environment(env.scope, env.run, items[0] if items else None, env))
            if type(found) is Decimal:
                return at_position(value, found, env.run, place)
        if value is None:
            return env.run.note("feel.not_list", place)
        kept = []
        for item in items:
            env.run.spend(cost)
            if test(Environment(env.scope, env.run, item, env)) is True:
                kept.append(item)
        return kept

    return Code(run)


def _listed(value: Value) -> list[Value]:
    if type(value) is list:
        return value
    return [] if value is None else [value]


def at_position(value: Value, position: Decimal, run: Run, place: Place) -> Value:
    """The item at a position from 1, or from -1 at the end."""
    items = _listed(value)
    number = whole(position)
    if number is None or number == 0 or abs(number) > len(items):
        return run.note("feel.no_item", place, position=position)
    return items[number - 1 if number > 0 else number]
