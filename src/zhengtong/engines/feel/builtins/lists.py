"""Functions of lists (DMN 1.5 §10.3.4.4); none changes the list it is given."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cmp_to_key

from zhengtong.engines.feel.builtins.registry import builtin
from zhengtong.engines.feel.builtins.strings import start_of
from zhengtong.engines.feel.comparing import PLAIN, equal, precedes
from zhengtong.engines.feel.composite import Function
from zhengtong.engines.feel.invoking import invoke
from zhengtong.engines.feel.numbers import whole
from zhengtong.engines.feel.running import Run
from zhengtong.engines.feel.types import Value

List = list[Value]


@builtin("list contains(list: list, element: Any) -> boolean")
def _list_contains(run: Run, items: List, element: Value) -> bool:
    return _places(items, element, run, most=1) != []


@builtin("count(list: list) -> number")
def _count(_run: Run, items: List) -> Decimal:
    return Decimal(len(items))


@builtin("min(list: list) -> Any?")
def _min(run: Run, items: List) -> Value:
    return _extreme(run, items, least=True)


@builtin("min(c: Any…) -> Any?")
def _min_of(run: Run, *items: Value) -> Value:
    return _extreme(run, items, least=True)


@builtin("max(list: list) -> Any?")
def _max(run: Run, items: List) -> Value:
    return _extreme(run, items, least=False)


@builtin("max(c: Any…) -> Any?")
def _max_of(run: Run, *items: Value) -> Value:
    return _extreme(run, items, least=False)


def _extreme(run: Run, items: Sequence[Value], *, least: bool) -> Value:
    """The least or greatest of items that can all be compared."""
    if not items:
        return None
    run.spend(len(items))
    best = items[0]
    for item in items if len(items) == 1 else items[1:]:
        better = precedes(item, best) if least else precedes(best, item)
        if better is None:
            return run.note("feel.not_comparable", run.place)
        best = item if better else best
    return best


@builtin("all(list: list) -> boolean?")
def _all(run: Run, items: List) -> Value:
    return _joined(run, items, deciding=False)


@builtin("all(b: Any…) -> boolean?")
def _all_of(run: Run, *items: Value) -> Value:
    return _joined(run, items, deciding=False)


@builtin("any(list: list) -> boolean?")
def _any(run: Run, items: List) -> Value:
    return _joined(run, items, deciding=True)


@builtin("any(b: Any…) -> boolean?")
def _any_of(run: Run, *items: Value) -> Value:
    return _joined(run, items, deciding=True)


def _joined(run: Run, items: Sequence[Value], *, deciding: bool) -> Value:
    """Whether one item decides; null where one is neither true nor false."""
    run.spend(len(items))
    if any(item is not None and type(item) is not bool for item in items):
        return run.note("feel.not_boolean", run.place)
    if any(item is deciding for item in items):
        return deciding
    return None if any(item is None for item in items) else not deciding


@builtin("sublist(list: list, start position: number, length?: number) -> list")
def _sublist(run: Run, items: List, position: Decimal, length: Decimal | None) -> List | None:
    start = start_of(position, len(items))
    if start is None:
        return None
    if length is None:
        return run.bounded(items[start:])
    count = whole(length)
    if count is None or not 1 <= count <= len(items) - start:
        return None
    return run.bounded(items[start : start + count])


@builtin("append(list: list, item: Any…) -> list")
def _append(run: Run, items: List, *more: Value) -> List:
    return run.bounded([*items, *more])


@builtin("concatenate(list: list…) -> list")
def _concatenate(run: Run, *lists: List) -> List:
    run.spend(sum(map(len, lists)))
    return run.bounded([item for items in lists for item in items])


@builtin("insert before(list: list, position: number, newItem: Any) -> list")
def _insert(run: Run, items: List, position: Decimal, item: Value) -> List | None:
    start = start_of(position, len(items))
    return None if start is None else run.bounded([*items[:start], item, *items[start:]])


@builtin("remove(list: list, position: number) -> list")
def _remove(run: Run, items: List, position: Decimal) -> List | None:
    start = start_of(position, len(items))
    return None if start is None else run.bounded([*items[:start], *items[start + 1 :]])


@builtin("list replace(list: list, position: number, newItem: Any) -> list")
def _replace(run: Run, items: List, position: Decimal, item: Value) -> List | None:
    start = start_of(position, len(items))
    return None if start is None else run.bounded([*items[:start], item, *items[start + 1 :]])


@builtin("list replace(list: list, match: function, newItem: Any) -> list")
def _replace_matching(run: Run, items: List, match: Function, new: Value) -> Value:
    if len(match.parameters) != 2:
        return None
    place = run.place
    replaced = []
    for item in items:
        run.spend(1)
        found = invoke(match, [item, new], None, run, place)
        if type(found) is not bool:
            return run.note("feel.not_boolean", place)
        replaced.append(new if found else item)
    return run.bounded(replaced)


@builtin("reverse(list: list) -> list")
def _reverse(run: Run, items: List) -> List:
    return run.bounded(items[::-1])


@builtin("index of(list: list, match: Any) -> list<number>")
def _index_of(run: Run, items: List, match: Value) -> List:
    return run.bounded([Decimal(place + 1) for place in _places(items, match, run)])


def _places(items: Sequence[Value], wanted: Value, run: Run, most: int | None = None) -> list[int]:
    """Where items equal `wanted`."""
    run.spend(len(items))
    found: list[int] = []
    kind = type(wanted)
    plain = kind in PLAIN
    for place, item in enumerate(items):
        if (type(item) is kind and item == wanted) if plain else equal(item, wanted, run) is True:
            found.append(place)
            if len(found) == most:
                break
    return found


@builtin("union(list: list…) -> list")
def _union(run: Run, *lists: List) -> Value:
    return _distinct(run, [item for items in lists for item in items])


@builtin("distinct values(list: list) -> list")
def _distinct(run: Run, items: List) -> List:
    """Values whose Python equality is FEEL's are found by their hash, others one by one."""
    seen: set[tuple[type, Value]] = set()
    kept: List = []
    others: List = []
    for item in items:
        if type(item) in PLAIN:
            if (type(item), item) in seen:
                continue
            seen.add((type(item), item))
        elif _places(others, item, run, most=1):
            continue
        else:
            others.append(item)
        kept.append(item)
    return run.bounded(kept)


@builtin("flatten(list: list) -> list")
def _flatten(run: Run, items: List) -> List:
    flat: List = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            run.spend(1)
            if type(item) is list:
                waiting.append(iter(item))
                break
            flat.append(item)
        else:
            waiting.pop()
    return run.bounded(flat)


@builtin("sort(list: list, precedes: function) -> list")
def _sort(run: Run, items: List, before: Function) -> List | None:
    if len(before.parameters) != 2:
        return None
    place = run.place

    def order(one: Value, other: Value) -> int:
        run.spend(1)
        if invoke(before, [one, other], None, run, place) is True:
            return -1
        return 1 if invoke(before, [other, one], None, run, place) is True else 0

    return run.bounded(sorted(items, key=cmp_to_key(order)))
