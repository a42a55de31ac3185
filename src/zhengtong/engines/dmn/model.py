"""A decision model as it is written: types, requirements and boxed expressions, nothing looked up yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from zhengtong.engines.dmn.vocabulary import Aggregation, HitPolicy


@dataclass(frozen=True, slots=True)
class Variable:
    """A name with the type it is declared to have, "" where it has none."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """FEEL text; `language` is what it is said to be written in."""

    text: str
    type_ref: str = ""
    language: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a function by named bindings; a binding without a value passes null."""

    called: "Box | None"
    bindings: tuple[tuple[Variable, "Box | None"], ...]
    type_ref: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions. `values` are the unary tests that its value must pass first, "" for none."""

    expression: Literal
    label: str = ""
    values: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.label or self.expression.text.strip()


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results; `values` in their order of priority."""

    name: str = ""
    type_ref: str = ""
    values: str = ""
    default: Literal | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: tests, results, annotations (as many as the table has columns of them)."""

    tests: tuple[str, ...]
    results: tuple[Literal, ...]
    annotations: tuple[str, ...] = ()
    id: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table; `annotations` are the names of its annotation columns."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
    annotations: tuple[str, ...] = ()
    type_ref: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Named entries, each seeing those before it; the last may have no name and is then the whole's value."""

    entries: tuple[tuple[Variable | None, "Box"], ...]
    type_ref: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list of boxes."""

    items: tuple["Box", ...]
    type_ref: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows of boxes under named columns: a list of contexts."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple["Box", ...], ...]
    type_ref: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class FunctionBox:
    """A function; `kind` other than FEEL (Java, PMML) is external and never run."""

    parameters: tuple[Variable, ...]
    body: "Box | None"
    kind: str = "FEEL"
    type_ref: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    """if, then, else."""

    test: "Box"
    then: "Box"
    otherwise: "Box"
    type_ref: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of a list that match; they see `item` and their own entries."""

    source: "Box"
    match: "Box"
    type_ref: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Iteration:
    """for, some or every (`kind`) over one list, with `partial` results in a for."""

    kind: str
    variable: str
    source: "Box"
    body: "Box"
    item_type: str = ""
    type_ref: str = ""
    line: int | None = None


Box: TypeAlias = (
    Literal | Invocation | Table | Context | List | Relation | FunctionBox | Conditional | Filter | Iteration
)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type of the model: an alias with constraints, a structure of components, or a function's shape.

    `allowed` and `constraint` are unary tests; of a collection the first holds for each item, the second for the
    whole (DMN 1.5 §7.3.3).
    """

    name: str
    type_ref: str = ""
    components: tuple["ItemDefinition", ...] = ()
    collection: bool = False
    allowed: str = ""
    constraint: str = ""
    function: tuple[tuple[Variable, ...], str] | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """What every node of a requirements graph has."""

    id: str
    name: str
    variable: Variable
    line: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class InputData(Element):
    """A fact that must be given."""


@dataclass(frozen=True, slots=True)
class Decision(Element):
    """A question with its logic; `needs` are hrefs of decisions and input data, `knowledge` of what it may call.

    `question` and `answers` are the modeller's words for it.
    """

    logic: Box | None = None
    needs: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    question: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge(Element):
    """A business knowledge model: a function that decisions share."""

    logic: FunctionBox | None = None
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service(Element):
    """A decision service; every list holds hrefs, inputs in the order of its parameters."""

    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """Another model, seen under `name` (under nothing, where it is "")."""

    name: str
    namespace: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A whole document. `elements` holds its graph by id, in document order."""

    name: str
    namespace: str
    version: str
    language: str = ""
    imports: tuple[Import, ...] = ()
    types: tuple[ItemDefinition, ...] = ()
    elements: Mapping[str, Element] = field(default_factory=dict)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Its decisions, in document order."""
        return tuple(each for each in self.elements.values() if isinstance(each, Decision))

    @property
    def inputs(self) -> tuple[InputData, ...]:
        """Its input data, in document order."""
        return tuple(each for each in self.elements.values() if isinstance(each, InputData))

    @property
    def services(self) -> tuple[Service, ...]:
        """Its decision services, in document order."""
        return tuple(each for each in self.elements.values() if isinstance(each, Service))
