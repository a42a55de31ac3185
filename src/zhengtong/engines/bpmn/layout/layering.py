"""In which column each step stands, and in which order: lines lead to the right, but for those that go back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two steps of one level; `bell` is the boundary event it leaves from, "" for the step itself."""

    id: str
    source: str
    target: str
    bell: str = ""


@dataclass
class Columns:
    """Steps and bends in columns. A bend is a place that a long line keeps free in a column it passes.

    `chains` has, for each link that leads to the right, what it passes from source to target; `back` are the others.
    """

    columns: list[list[str]] = field(default_factory=list)
    chains: dict[str, list[str]] = field(default_factory=dict)
    back: list[Link] = field(default_factory=list)
    column_of: dict[str, int] = field(default_factory=dict)


def arrange(names: Sequence[str], links: Sequence[Link], rank: Mapping[str, int]) -> Columns:
    """Put steps into columns; `rank` (lanes, from above) comes before everything else in the order of a column."""
    leaving: dict[str, list[Link]] = {name: [] for name in names}
    for link in links:
        leaving[link.source].append(link)
    found = Columns()
    order = _walk(names, links, leaving, found.back)
    gone_back = {link.id for link in found.back}
    forward = [link for link in links if link.id not in gone_back]
    found.column_of = _longest(order, forward)
    ranks = dict(rank)
    for link in forward:
        found.chains[link.id] = _chain(link, found.column_of, ranks)
    for name in [*order, *(bend for chain in found.chains.values() for bend in chain[1:-1])]:
        place = found.column_of[name]
        found.columns += [[] for _ in range(place + 1 - len(found.columns))]
        found.columns[place].append(name)
    _untangle(found, ranks)
    return found


def _walk(
    names: Sequence[str], links: Sequence[Link], leaving: Mapping[str, list[Link]], back: list[Link]
) -> list[str]:
    """Steps so that each stands behind those that lead to it; links that would break this go to `back`."""
    entered = {link.target for link in links if link.source != link.target}
    done: list[str] = []
    state: dict[str, int] = {}  # 1 on the way, 2 done
    for root in [*(name for name in names if name not in entered), *names]:
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(leaving[root]))]
        while stack:
            name, following = stack[-1]
            link = next(following, None)
            if link is None:
                state[name] = 2
                done.append(name)
                stack.pop()
            elif state.get(link.target) == 1:
                back.append(link)
            elif link.target not in state:
                state[link.target] = 1
                stack.append((link.target, iter(leaving[link.target])))
    return done[::-1]


def _longest(order: Sequence[str], forward: Iterable[Link]) -> dict[str, int]:
    following: dict[str, list[str]] = {name: [] for name in order}
    for link in forward:
        following[link.source].append(link.target)
    column = dict.fromkeys(order, 0)
    for name in order:
        for target in following[name]:
            column[target] = max(column[target], column[name] + 1)
    return column


def _chain(link: Link, column_of: dict[str, int], ranks: dict[str, int]) -> list[str]:
    bends = []
    for place in range(column_of[link.source] + 1, column_of[link.target]):
        bend = f"{link.id}\0{place}"  # no element has such an id
        column_of[bend], ranks[bend] = place, ranks.get(link.source, 0)
        bends.append(bend)
    return [link.source, *bends, link.target]


def _untangle(found: Columns, ranks: Mapping[str, int]) -> None:
    """Order each column by where its neighbours stand, to and fro, so that few lines cross."""
    before: dict[str, list[str]] = {}
    behind: dict[str, list[str]] = {}
    for chain in found.chains.values():
        for source, target in zip(chain, chain[1:], strict=False):
            before.setdefault(target, []).append(source)
            behind.setdefault(source, []).append(target)
    places = {name: place for column in found.columns for name, place in _places(column)}
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for column in found.columns if forth else reversed(found.columns):
            _sort(column, before if forth else behind, places, ranks)
            places.update(_places(column))


def _places(column: Sequence[str]) -> Iterator[tuple[str, float]]:
    middle = len(column) / 2
    return ((name, place - middle) for place, name in enumerate(column))


def _sort(
    column: list[str], near: Mapping[str, list[str]], places: Mapping[str, float], ranks: Mapping[str, int]
) -> None:
    def key(name: str) -> tuple[int, float]:
        around = [places[other] for other in near.get(name, ())]
        return ranks.get(name, 0), sum(around) / len(around) if around else places[name]

    column.sort(key=key)
