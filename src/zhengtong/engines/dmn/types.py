"""The types a model declares: what FEEL makes of them, and the values they allow besides (DMN 1.5 §7.3.3)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhengtong.engines import feel
from zhengtong.engines.dmn.cells import read_cell
from zhengtong.engines.dmn.errors import Finding
from zhengtong.engines.dmn.model import ItemDefinition
from zhengtong.engines.feel.temporal.values import Date, DateTime, DaysDuration, MonthsDuration, Time
from zhengtong.engines.feel.types import ANY, FeelType, context_of, function_of, list_of

Guard = Callable[[Any, feel.Run], bool]
"""Whether a value, already of the right kind, is one of those allowed."""


# The class of the values of each of FEEL's simple types.
CLASSES: Mapping[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": DaysDuration,
    "years and months duration": MonthsDuration,
}


NATIVE = frozenset({str, bool})
"""Classes of Python whose values are FEEL's."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A type as FEEL has it, with the guard of its allowed values where there are any.

    `allowed` is the text of the values it allows directly, "" where it names none. `any`: everything is of this type.
    `plain` is the class whose values are all of this type as they are, `native` the same where Python's values are
    FEEL's; None where there is no such class. `listed` are values of the type, all of one class, that the guard is sure
    to let pass.
    """

    name: str
    kind: FeelType = ANY
    guard: Guard | None = None
    allowed: str = ""
    listed: frozenset[Any] = frozenset()
    any: bool = field(init=False)
    plain: type | None = field(init=False)
    native: type | None = field(init=False)
    _class: type | None = field(init=False)

    def __post_init__(self) -> None:
        plain = None if self.guard else CLASSES.get(self.kind.kind)
        object.__setattr__(self, "any", self.kind.kind == "Any" and self.guard is None)
        object.__setattr__(self, "plain", plain)
        object.__setattr__(self, "native", plain if plain in NATIVE else None)
        object.__setattr__(self, "_class", CLASSES.get(self.kind.kind) if self.listed else None)

    def coerce(self, value: Any, run: feel.Run) -> Any:
        """The value as one of this type, null where it is none (§10.3.2.9.4)."""
        kind = type(value)
        if value is None or kind is self.plain or self.any or (kind is self._class and value in self.listed):
            return value
        found = feel.coerce(value, self.kind, run)
        if found is not None and self.guard is not None and not self.guard(found, run):
            return None
        return found


UNTYPED = Declared("")


class Types:
    """The types that one model can name: FEEL's, its own and those of its imports."""

    def __init__(
        self,
        definitions: Iterable[ItemDefinition],
        imported: Mapping[str, "Types"],
        merged: Iterable["Types"] = (),
    ) -> None:
        self.findings: list[Finding] = []
        self._merged = tuple(merged)
        self._definitions = {each.name: each for each in definitions}
        self._imported = imported
        self._known: dict[str, Declared] = {}
        self._open: list[str] = []
        self.names = self._names()

    def find(self, name: str, element: str, title: str, line: int | None = None) -> Declared:
        """The type of this name; an unknown one is reported as a finding about `element` and anything is of it."""
        if not name:
            return UNTYPED
        found = self.look_up(name)
        if found is None:
            self.findings.append(Finding("dmn.type_unknown", element, title, line, params={"type": name[:100]}))
            return UNTYPED
        return found

    def look_up(self, name: str) -> Declared | None:
        """The type of this name, None where nothing has it."""
        if name in self._known:
            return self._known[name]
        if name in self._definitions:
            return self._resolve(name)
        owner, _, inner = name.partition(".")
        if owner in self._imported and inner:
            return self._imported[owner].look_up(inner)
        for types in self._merged:
            if (found := types.look_up(name)) is not None:
                return found
        built_in = feel.read_type(name, self.names)
        return None if built_in is None else Declared(name, built_in)

    def _names(self) -> dict[str, FeelType]:
        """Every named type as FEEL has it, those of imports behind the import's name."""
        names: dict[str, FeelType] = {}
        for types in self._merged:
            names |= types.names
        for owner, types in self._imported.items():
            names |= {f"{owner}.{name}": kind for name, kind in types.names.items()}
        self.names = names
        for name in self._definitions:
            names[name] = self._resolve(name).kind
        return names

    def _resolve(self, name: str) -> Declared:
        if name in self._known:
            return self._known[name]
        if name in self._open:  # a type within itself: deeper than here it is not looked into
            return Declared(name)
        self._open.append(name)
        try:
            declared = self._make(self._definitions[name])
        finally:
            self._open.pop()
        if name not in self._open:
            self._known[name] = declared
        return declared

    def _make(self, item: ItemDefinition) -> Declared:
        if item.components:
            base = self._structure(item)
        elif item.function is not None:
            parameters, result = item.function
            kinds = tuple(self.find(each.type_ref, item.name, item.name, item.line).kind for each in parameters)
            base = Declared(item.name, function_of(kinds, self.find(result, item.name, item.name, item.line).kind))
        else:
            base = self._reference(item)
        guard = _both(base.guard, self._tests(item.allowed, item))
        kind = base.kind
        if item.collection:
            kind, guard = list_of(kind), _each(guard)
        guard = _both(guard, self._tests(item.constraint, item))
        return Declared(item.name, kind, guard, item.allowed or base.allowed, _listed(item, base))

    def _reference(self, item: ItemDefinition) -> Declared:
        if item.type_ref in self._definitions:
            return self._resolve(item.type_ref)
        return self.find(item.type_ref, item.name, item.name, item.line)

    def _structure(self, item: ItemDefinition) -> Declared:
        parts = {component.name: self._make(component) for component in item.components}
        guards = {name: part.guard for name, part in parts.items() if part.guard is not None}
        kind = context_of({name: part.kind for name, part in parts.items()})
        return Declared(item.name, kind, _entries(guards) if guards else None)

    def _tests(self, text: str, item: ItemDefinition) -> Guard | None:
        if not text:
            return None
        try:
            tests = feel.compile_unary_tests(text, types=self.names)
        except feel.FeelError as fault:
            self.findings.append(Finding("dmn.allowed_values_fault", item.name, item.name, item.line, inner=fault))
            return None
        return lambda value, run: tests.matches(value, {}, run) is True


def _listed(item: ItemDefinition, base: Declared) -> frozenset[Any]:
    """The values that a type names one by one, where nothing else is asked of them."""
    if item.collection or item.constraint:
        return frozenset()
    if not item.allowed:
        return base.listed
    cell = read_cell(item.allowed) if base.guard is None else None
    if cell is None or cell.negated or cell.kind is None or cell.kind is not CLASSES.get(base.kind.kind):
        return frozenset()
    return frozenset(span.low for span in cell.spans if span.single)


def _both(first: Guard | None, second: Guard | None) -> Guard | None:
    if first is None or second is None:
        return first or second
    return lambda value, run: first(value, run) and second(value, run)


def _each(guard: Guard | None) -> Guard | None:
    if guard is None:
        return None

    def each(value: Any, run: feel.Run) -> bool:
        run.spend(len(value))  # lists that share their items may be as good as endless
        return all(item is None or guard(item, run) for item in value)

    return each


def _entries(guards: Mapping[str, Guard]) -> Guard:
    def entries(value: Any, run: feel.Run) -> bool:
        run.spend(len(guards))
        return all(value.get(name) is None or guard(value[name], run) for name, guard in guards.items())

    return entries
