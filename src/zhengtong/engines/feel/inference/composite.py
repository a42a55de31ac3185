"""Types of lists, contexts, paths, filters, iterations, ranges and tests."""

from collections.abc import Mapping

from zhengtong.engines.feel import tree as t
from zhengtong.engines.feel.inference.reasoning import Known, Reasoner, common, infers, is_known
from zhengtong.engines.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_AND_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NUMBER,
    STRING,
    TIME,
    FeelType,
    context_of,
    list_of,
    range_of,
)

_OF_DATE = dict.fromkeys(("year", "month", "day", "weekday"), NUMBER)
_OF_TIME = {"hour": NUMBER, "minute": NUMBER, "second": NUMBER, "time offset": DAYS_DURATION, "timezone": STRING}
_PROPERTIES: Mapping[str, Mapping[str, FeelType]] = {
    DATE.kind: _OF_DATE,
    TIME.kind: _OF_TIME,
    DATE_AND_TIME.kind: _OF_DATE | _OF_TIME,
    DAYS_DURATION.kind: dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
    MONTHS_DURATION.kind: dict.fromkeys(("years", "months"), NUMBER),
}


@infers(t.Items)
def _items(reasoner: Reasoner, node: t.Items, known: Known) -> FeelType:
    return list_of(common([reasoner.type_of(item, known) for item in node.items]))


@infers(t.Context)
def _context(reasoner: Reasoner, node: t.Context, known: Known) -> FeelType:
    entries: dict[str, FeelType] = {}
    later = dict.fromkeys((key for key, _at, _value in node.entries), ANY)
    for key, _at, value in node.entries:
        seen = {**later, **entries} if isinstance(value, t.Definition) else dict(entries)
        entries[key] = reasoner.type_of(value, known.inside(seen))
    return context_of(entries)


@infers(t.Path)
def _path(reasoner: Reasoner, node: t.Path, known: Known) -> FeelType:
    found = reasoner.type_of(node.base, known)
    for name, at in node.names:
        found = _selected(reasoner, found, name, at)
    return found


def _selected(reasoner: Reasoner, of: FeelType, name: str, at: int) -> FeelType:
    if not is_known(of.kind):
        return ANY
    if of.kind == "list":
        return list_of(_selected(reasoner, of.item or ANY, name, at))
    if of.kind == "range":
        return BOOLEAN if name.endswith("included") else of.item or ANY
    if of.kind == "context":
        entries = dict(of.entries)
        if name not in entries:
            reasoner.fault("feel.no_entry", at, name=name)
        return entries.get(name, ANY)
    found = _PROPERTIES.get(of.kind, {}).get(name)
    if found is None:
        reasoner.fault("feel.no_property", at, kind=of.kind, name=name)
    return found or ANY


@infers(t.Filter)
def _filter(reasoner: Reasoner, node: t.Filter, known: Known) -> FeelType:
    base = reasoner.type_of(node.base, known)
    item = (base.item or ANY) if base.kind == "list" else base
    entries = dict(item.entries) if item.kind == "context" else {}
    if not is_known(item.kind):
        return _filtered_unknown(reasoner, node, known)
    condition = reasoner.type_of(node.condition, known.inside({"item": item, **entries}))
    if condition == NUMBER:  # which may be null when it runs, and then nothing passes
        return item if isinstance(node.condition, t.Literal | t.Negative) else ANY
    if condition == BOOLEAN:
        return list_of(item)
    if is_known(condition.kind):
        reasoner.fault("feel.not_boolean", node.condition.at)
    return ANY


def _filtered_unknown(reasoner: Reasoner, node: t.Filter, known: Known) -> FeelType:
    """Items of which nothing is known may have entries of any name, so nothing is said of the condition's names."""
    own = Known({name: ANY for name in _names_in(node.condition)} | {"item": ANY}, known)
    condition = reasoner.type_of(node.condition, own)
    return list_of(ANY) if condition == BOOLEAN else ANY


def _names_in(node: object) -> set[str]:
    """Every name that a part of an expression mentions."""
    if isinstance(node, t.Name):
        return {node.name}
    if isinstance(node, list | tuple):
        return set().union(*map(_names_in, node))
    if isinstance(node, t.Node):
        return set().union(*(_names_in(getattr(node, field)) for field in node.__slots__))
    return set()


@infers(t.Loop)
def _loop(reasoner: Reasoner, node: t.Loop, known: Known) -> FeelType:
    if node.kind == "for":
        known = known.inside({"partial": list_of(ANY)})
    for iterator in node.iterators:
        known = known.inside({iterator.variable: _turned(reasoner, iterator, known)})
    if node.kind == "for":
        return list_of(reasoner.type_of(node.body, known))
    reasoner.expect_boolean(node.body, known)
    return BOOLEAN


def _turned(reasoner: Reasoner, iterator: t.Iterator, known: Known) -> FeelType:
    """The type of an iteration's variable."""
    source = reasoner.type_of(iterator.source, known)
    if iterator.end is not None:
        end = reasoner.type_of(iterator.end, known)
        reasoner.expect_alike("..", iterator.at, source, end)
        if is_known(source.kind) and source not in (NUMBER, DATE):
            reasoner.fault("feel.not_whole", iterator.at)
        return source
    return source.item or ANY if source.kind in ("list", "range") else source


@infers(t.RangeOf)
def _range(reasoner: Reasoner, node: t.RangeOf, known: Known) -> FeelType:
    low, high = reasoner.type_of(node.low, known), reasoner.type_of(node.high, known)
    if is_known(low.kind) and is_known(high.kind) and low != high:
        reasoner.fault("feel.not_range", node.at)
        return ANY
    return range_of(common((low, high)))


@infers(t.Sign)
def _sign(reasoner: Reasoner, node: t.Sign, known: Known) -> FeelType:
    return range_of(reasoner.type_of(node.end, known))


@infers(t.Tests)
def _tests(reasoner: Reasoner, node: t.Tests, known: Known) -> FeelType:
    return common([reasoner.type_of(test, known) for test in node.tests])


@infers(t.In)
def _in(reasoner: Reasoner, node: t.In, known: Known) -> FeelType:
    value = reasoner.type_of(node.value, known)
    tests = node.test.tests if isinstance(node.test, t.Tests) else [node.test]
    for test in tests:
        check_test(reasoner, test, value, known)
    return BOOLEAN


def check_test(reasoner: Reasoner, test: t.Node, value: FeelType, known: Known) -> None:
    """A test must be able to say something of values of a type; what asks `?` decides by itself."""
    found = reasoner.type_of(test, known.inside({"?": value}))
    if found.kind == "range":
        sign = test.sign if isinstance(test, t.Sign) else ">="
        reasoner.expect_alike(sign, test.at, value, found.item or ANY)
    elif found.kind == "list" and value.kind != "list":
        item = found.item or ANY
        reasoner.expect_alike("=", test.at, value, (item.item or ANY) if item.kind == "range" else item)
    elif "?" not in _names_in(test):
        reasoner.expect_alike("=", test.at, value, found)
