"""What a boxed expression is compiled in, and what it is run in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from zhengtong.engines import feel
from zhengtong.engines.dmn.errors import Diagnostic, DmnError, Finding
from zhengtong.engines.dmn.model import Literal
from zhengtong.engines.dmn.types import Declared, Types
from zhengtong.engines.dmn.vocabulary import FEEL_LANGUAGES
from zhengtong.engines.feel.running import MOST_DIAGNOSTICS, Place, diagnostic

if TYPE_CHECKING:
    from zhengtong.engines.dmn.recording import Recorder
    from zhengtong.engines.dmn.tables import CompiledTable

Value: TypeAlias = Any
Scope: TypeAlias = dict[str, Value]
Logic: TypeAlias = Callable[[Scope, "Session"], Value]


class Session(feel.Run):
    """One call of `decide`: FEEL's run, the decision at work, its problems and, where asked for, its record."""

    __slots__ = ("decision", "noted", "recorder")

    def __init__(self, run: feel.Run | None, recorder: "Recorder | None" = None) -> None:
        if run is None:
            super().__init__()
        else:
            super().__init__(run.now, limits=run.limits, zones=run.zones)
        self.decision = ""
        self.noted: list[tuple[str, str, Mapping[str, object], Place | None]] = []
        self.recorder = recorder

    def note(self, code: str, place: Place, **params: object) -> Any:
        """FEEL says why what stands at `place` is null."""
        if len(self.noted) < MOST_DIAGNOSTICS:
            self.noted.append((self.decision, code, params, place))
        return None

    def report(self, code: str, **params: object) -> None:
        """Say why something in the decision at work is null."""
        if len(self.noted) < MOST_DIAGNOSTICS:
            self.noted.append((self.decision, code, params, None))

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The first hundred things that went wrong, in the order they did."""
        return tuple(
            Diagnostic(code, decision, params, None if place is None else diagnostic(code, place, params))
            for decision, code, params, place in self.noted
        )


# Reading that many expressions takes some ten seconds; literals and simple cells are not counted.
MOST_EXPRESSIONS = 25_000


@dataclass(slots=True)
class Gathered:
    """What compiling comes upon: findings, tables, expressions that use names of known types, and how many it read."""

    findings: list[Finding] = field(default_factory=list)
    typed: "list[tuple[Frame, int | None, feel.Expression]]" = field(default_factory=list)
    tables: "list[CompiledTable]" = field(default_factory=list)
    compiled: "dict[int, CompiledTable]" = field(default_factory=dict)
    """The tables by the identity of what they were read as."""
    expressions: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """Names that an expression may use, with what is known of their types; and where goes what is come upon."""

    owner: str
    title: str
    names: Mapping[str, Any]
    types: Types
    gathered: Gathered
    language: str = ""

    def inside(self, names: Mapping[str, Any]) -> "Frame":
        """With further names."""
        return replace(self, names={**self.names, **names})

    def find(self, code: str, line: int | None, *, blocking: bool = True, **params: object) -> None:
        """Remark on what is being compiled."""
        self.gathered.findings.append(Finding(code, self.owner, self.title, line, params=params, blocking=blocking))

    def type(self, name: str, line: int | None = None) -> Declared:
        """The declared type of this name."""
        return self.types.find(name, self.owner, self.title, line)

    def expression(self, literal: Literal) -> feel.Expression | None:
        """FEEL compiled; None, with a finding, where it is none."""
        language = literal.language or self.language
        if language not in FEEL_LANGUAGES and language.lower() not in FEEL_LANGUAGES:
            self.find("dmn.language", literal.line, language=language[:200])
            return None
        if not literal.text.strip():
            return None
        self._count(literal.line)
        try:
            expression = feel.compile_expression(literal.text, names=self.names, types=self.types.names)
        except feel.FeelError as fault:
            self._fault("dmn.expression_fault", literal.line, fault)
            return None
        for found in expression.faults:
            self._fault("dmn.expression_fault", literal.line, found)
        if any(isinstance(self.names.get(name), feel.FeelType) for name in expression.names):
            self.gathered.typed.append((self, literal.line, expression))
        return expression

    def tests(self, text: str, line: int | None) -> feel.UnaryTests | None:
        """Unary tests compiled; None, with a finding, where they are none."""
        self._count(line)
        try:
            tests = feel.compile_unary_tests(text, names=self.names, types=self.types.names)
        except feel.FeelError as fault:
            self._fault("dmn.tests_fault", line, fault)
            return None
        for found in tests.faults:
            self._fault("dmn.tests_fault", line, found)
        return tests

    def _count(self, line: int | None) -> None:
        self.gathered.expressions += 1
        if self.gathered.expressions > MOST_EXPRESSIONS:
            raise DmnError("dmn.too_many_expressions", position=f"line {line}", limit=MOST_EXPRESSIONS)

    def _fault(self, code: str, line: int | None, fault: feel.FeelError | feel.Diagnostic) -> None:
        self.gathered.findings.append(Finding(code, self.owner, self.title, line, inner=fault))


def reading(literal: Literal, expression: feel.Expression, frame: Frame) -> Logic:
    """The logic of an expression of `frame`; that of a name alone looks it up without asking FEEL."""
    name = literal.text.strip()
    if name not in frame.names or expression.names != {name}:
        return expression.evaluate

    def found(scope: Scope, session: Session) -> Value:
        try:
            return scope[name]
        except KeyError:
            return expression.evaluate(scope, session)

    return found


def nothing(_scope: Scope, _session: Session) -> Value:
    """The logic of what has none: null."""
    return None


def faulty(_scope: Scope, session: Session) -> Value:
    """The logic of what could not be compiled: null, and it says so."""
    session.report("dmn.faulty")


def typed(logic: Logic, declared: Declared) -> Logic:
    """`logic`, its value one of the declared type: null with a diagnostic where it is none."""
    if declared.any:
        return logic
    coerce, plain = declared.coerce, declared.plain

    def run(scope: Scope, session: Session) -> Value:
        value = logic(scope, session)
        if value is None or type(value) is plain:
            return value
        found = coerce(value, session)
        if found is None:
            session.report("dmn.type_mismatch", type=declared.name)
        return found

    return run
