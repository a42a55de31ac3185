"""A model and those it imports, joined: every reference leads to an element, and none leads back to itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from zhengtong.engines.dmn.errors import DmnError
from zhengtong.engines.dmn.model import Decision, Element, Import, InputData, Knowledge, Model, Service
from zhengtong.engines.dmn.types import Types

Key = tuple[str, str]
"""An element: the namespace of its model, and its id."""


@dataclass(slots=True)
class Unit:
    """A model with its types and the models it imports, by the names it gives them."""

    model: Model
    imports: dict[str, "Unit"] = field(default_factory=dict)
    merged: list["Unit"] = field(default_factory=list)
    types: Types = field(default_factory=lambda: Types((), {}))

    def name_of(self, namespace: str) -> str | None:
        """What the model of a namespace is called here: "" for itself, None where it is not imported."""
        if namespace == self.model.namespace or any(each.model.namespace == namespace for each in self.merged):
            return ""
        return next((name for name, unit in self.imports.items() if unit.model.namespace == namespace), None)


Source = Callable[[Import], Model | None]
"""Finds the model of an import, None where there is none."""


def link(model: Model, source: Source) -> dict[str, Unit]:
    """Units by namespace, imported ones first; DmnError where an import is missing or leads back to itself."""
    units: dict[str, Unit] = {}
    _load(model, source, units, [])
    return units


def _load(model: Model, source: Source, units: dict[str, Unit], way: list[str]) -> Unit:
    if model.namespace in way:
        raise DmnError("dmn.import_cycle", position=model.namespace, cycle=" → ".join([*way, model.namespace])[:500])
    if model.namespace in units:
        return units[model.namespace]
    unit = Unit(model)
    for each in model.imports:
        found = source(each)
        if found is None:
            raise DmnError("dmn.import_missing", position=each.namespace, name=each.name, location=each.location)
        inner = _load(found, source, units, [*way, model.namespace])
        if each.name:
            unit.imports[each.name] = inner
        else:
            unit.merged.append(inner)
    visible = {name: inner.types for name, inner in unit.imports.items()}
    unit.types = Types(model.types, visible, [inner.types for inner in unit.merged])
    units[model.namespace] = unit
    return unit


class Graph:
    """Every element of all units, and what each needs."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units
        self.elements: dict[Key, Element] = {
            (unit.model.namespace, element.id): element
            for unit in units.values()
            for element in unit.model.elements.values()
        }

    def find(self, owner: Key, href: str, kinds: tuple[type[Element], ...]) -> Key:
        """The element of these kinds that a reference of `owner` leads to; DmnError where it leads to none."""
        namespace, _, name = href.rpartition("#")
        key = (namespace or owner[0], name)
        if not isinstance(self.elements.get(key), kinds):
            raise DmnError("dmn.reference_unknown", position=owner[1], href=href[:300])
        if self.units[owner[0]].name_of(key[0]) is None:
            raise DmnError("dmn.reference_not_imported", position=owner[1], href=href[:300])
        return key

    def found(self, owner: Key, hrefs: Iterable[str], *kinds: type[Element]) -> tuple[Key, ...]:
        """Where each reference leads."""
        return tuple(self.find(owner, href, kinds) for href in hrefs)

    def needs(self, key: Key) -> tuple[Key, ...]:
        """What must be known before this element: what it requires, what it may call, what a service answers with."""
        element = self.elements[key]
        if isinstance(element, Decision):
            needs = self.found(key, element.needs, InputData, Decision)
            return needs + self.found(key, element.knowledge, Knowledge, Service)
        if isinstance(element, Knowledge):
            return self.found(key, element.knowledge, Knowledge, Service)
        if isinstance(element, Service):
            return self.found(key, (*element.outputs, *element.encapsulated), Decision)
        return ()

    def order(self) -> list[Key]:
        """Every element behind all it needs; DmnError with the ids of a circle."""
        done: list[Key] = []
        state: dict[Key, bool] = {}
        for start in self.elements:
            if start not in state:
                self._visit(start, state, done)
        return done

    def _visit(self, start: Key, state: dict[Key, bool], done: list[Key]) -> None:
        """Depth first without recursion; in `state` False is on the way, True is done."""
        way: list[tuple[Key, Iterator[Key]]] = [(start, iter(self.needs(start)))]
        state[start] = False
        while way:
            key, needed = way[-1]
            following = next(needed, None)
            if following is None:
                way.pop()
                state[key] = True
                done.append(key)
            elif following not in state:
                state[following] = False
                way.append((following, iter(self.needs(following))))
            elif not state[following]:
                circle = [each for each, _ in way]
                ids = [each[1] for each in circle[circle.index(following) :]] + [following[1]]
                raise DmnError("dmn.cycle", position=following[1], cycle=" → ".join(ids)[:1000])
