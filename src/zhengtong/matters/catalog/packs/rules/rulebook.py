"""The rules of a pack, compiled once: asked with what is known of a case, answered with value, data and trace."""

import datetime as dt
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.engines import dmn, feel
from zhengtong.engines.dmn.model import Decision, FunctionBox, Knowledge, Literal, Table
from zhengtong.engines.forms import Form
from zhengtong.engines.seals import sm3
from zhengtong.matters.catalog.packs.rules.origins import Find, Known, Origin, finder, read_origin

FILE = "rules.dmn"
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Compiled:
    """A model by the digest of its text; `words` are the texts written in it, by its author and nobody else."""

    digest: str
    decisions: dmn.Decisions
    words: frozenset[str]


@functools.lru_cache(maxsize=256)
def compiled(raw: bytes) -> Compiled:
    """The model in `raw`, compiled once a server process. Raises `DmnError` for what is none."""
    model = dmn.read(raw)
    return Compiled(sm3(raw).hex(), dmn.compile_model(model), frozenset(words_of(model)))


def words_of(model: dmn.Model) -> Iterator[str]:
    """The texts written in a model that can be its results."""
    for text in texts_of(model):
        for found in _TEXT.findall(text):
            yield found.replace('\\"', '"').replace("\\\\", "\\")


def texts_of(model: dmn.Model) -> Iterator[str]:
    """Every FEEL text that can become a value: results and defaults of tables, expressions, listed values."""
    for definition in model.types:
        yield definition.allowed
    for element in model.elements.values():
        if isinstance(element, Decision | Knowledge) and element.logic is not None:
            yield from _of_box(element.logic)


def _of_box(box: Any) -> Iterator[str]:
    if isinstance(box, Literal):
        yield box.text
    elif isinstance(box, Table):
        for output in box.outputs:
            yield output.values
            if output.default is not None:
                yield output.default.text
        for rule in box.rules:
            for result in rule.results:
                yield result.text
    elif isinstance(box, FunctionBox):
        yield from _of_box(box.body)
    elif box is not None:
        for inner in _inside(box):
            yield from _of_box(inner)


def _inside(box: Any) -> Iterator[Any]:
    """The boxes inside a context, list, relation, invocation, conditional, filter or iteration."""
    for value in (getattr(box, name) for name in box.__dataclass_fields__):
        yield from _boxes(value)


def _boxes(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for each in value:
            yield from _boxes(each)
    elif hasattr(value, "__dataclass_fields__"):
        yield value


@dataclass(frozen=True)
class Ruled:
    """What the rules say. `inputs` and `value` are plain values for JSON; `missing` are inputs nobody knows.

    `data` is what a process may keep: truth values, numbers and words of the model; everything else in it is null.
    """

    decision: str
    digest: str
    inputs: Mapping[str, Any]
    missing: tuple[str, ...]
    value: Any
    data: Any
    trace: dmn.Trace


@dataclass(frozen=True)
class Rulebook:
    """A pack's rules: the compiled model, where each input comes from, and the form its answers belong to."""

    compiled: Compiled
    origins: Mapping[str, Origin]
    form: Form

    @property
    def digest(self) -> str:
        """SM3 of rules.dmn."""
        return self.compiled.digest

    @functools.cached_property
    def facts(self) -> frozenset[str]:
        """The names of the facts that the inputs come from."""
        return frozenset(origin.name for origin in self.origins.values() if origin.kind == "fact")

    @functools.cached_property
    def sensitive(self) -> frozenset[str]:
        """The inputs that say what is sensitive: a sensitive answer, the fact that prefills one, a date of birth."""
        told = {field.source for field in self.form.fields.values() if field.sensitive and field.source}
        kept = {f"answer:{key}" for key, field in self.form.fields.items() if field.sensitive}
        closed = told | kept | {"applicant:birth_date"}
        return frozenset(name for name, origin in self.origins.items() if str(origin) in closed)

    def uses(self, kind: str) -> bool:
        """Whether an input comes from a source of this kind."""
        return any(origin.kind == kind for origin in self.origins.values())

    def gather(self, known: Known) -> dict[str, Any]:
        """The inputs by name, as plain values."""
        return {name: find(known) for name, find in self._finders}

    @functools.cached_property
    def _finders(self) -> tuple[tuple[str, Find], ...]:
        return tuple((name, finder(origin, self.form)) for name, origin in self.origins.items())

    def rule(self, decision: str, inputs: Mapping[str, Any], now: dt.datetime) -> Ruled:
        """The answer to one decision at an instant: the same inputs at the same instant give the same answer.

        Raises `DmnError` where the model has no such decision.
        """
        decisions = self.compiled.decisions
        facts = dmn.read_facts(decisions, inputs)
        found = dmn.decide(decisions, facts, decision=decision, run=feel.Run(now), trace=True)
        assert found.trace is not None, "a trace was asked for"
        value = dmn.plain(found.value)
        data = _lawful(value, self.compiled.words)
        return Ruled(decision, self.digest, inputs, found.missing, value, data, found.trace)


def _lawful(value: Any, words: frozenset[str]) -> Any:
    """Only what a process may keep of a plain value."""
    if isinstance(value, str):
        return value if value in words else None
    if isinstance(value, list):
        return [_lawful(item, words) for item in value]
    if isinstance(value, dict):
        return {name: _lawful(item, words) for name, item in value.items()}
    return value


def rulebook_of(files: Mapping[str, bytes], service: Mapping[str, Any], form: Form) -> Rulebook | None:
    """The rules of a pack, None where it has none. Raises `DmnError` for a model that cannot be read.

    Inputs whose source is not understood are left out; `pack check` names them.
    """
    if FILE not in files:
        return None
    stated = (service.get("rules") or {}).get("inputs") or {}
    origins = {name: origin for name, text in stated.items() if (origin := read_origin(str(text))) is not None}
    return Rulebook(compiled(files[FILE]), origins, form)
