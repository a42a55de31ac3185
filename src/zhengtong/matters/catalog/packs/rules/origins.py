"""Where the inputs of a pack's rules come from, and what is found there for one case."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zhengtong.engines.forms import Form, Kind

APPLICANT = {"birth_date": "date", "age": "number", "kind": "string", "region": "string"}
DAYS = {"submitted": "date", "today": "date"}
MAY_LACK = frozenset({"answer", "applicant", "fact"})
"""Sources that may have nothing to say."""
OF_ANSWERS: Mapping[Kind, str] = {
    Kind.TEXT: "string",
    Kind.CHOICE: "string",
    Kind.NUMBER: "number",
    Kind.INTEGER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.CHOICES: "list",
    Kind.TABLE: "list",
    Kind.FILES: "number",
}
"""What FEEL makes of an answer of each kind; files are counted, never named."""


class Origin(NamedTuple):
    """A source: `answer:area`, `applicant:age`, `material:floor_plan`, `day:submitted`, `fact:register.name/column`."""

    kind: str
    name: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}/{self.column}" if self.column else f"{self.kind}:{self.name}"


@dataclass(frozen=True)
class Known:
    """What is known of a case when its rules are asked; plain values, dates as ISO text.

    `applicant` holds kind, birth_date and region. `facts` are values by fact and column, only of those that answered.
    `materials` are the codes of those there, `submitted` the day of handing in.
    """

    answers: Mapping[str, Any]
    applicant: Mapping[str, Any]
    submitted: dt.date
    today: dt.date
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    materials: frozenset[str] = frozenset()


Find = Callable[[Known], Any]
"""What a source says of a case."""


def read_origin(text: str) -> Origin | None:
    """The source that service.yaml names, None where it is written otherwise."""
    kind, colon, rest = text.partition(":")
    if not colon or not rest or kind not in _FINDERS:
        return None
    if kind != "fact":
        return Origin(kind, rest)
    name, slash, column = rest.rpartition("/")
    return Origin(kind, name, column) if slash and name and column else None


def finder(origin: Origin, form: Form) -> Find:
    """What asks the source, settled once for all cases; it gives None where the source says nothing."""
    return _FINDERS[origin.kind](origin, form)


def _answer(origin: Origin, form: Form) -> Find:
    name, asked = origin.name, form.fields.get(origin.name)
    if asked is not None and asked.kind is Kind.FILES:
        return lambda known: len(known.answers.get(name) or ())

    def find(known: Known) -> Any:
        value = known.answers.get(name)
        return None if value == "" else value

    return find


def _applicant(origin: Origin, _form: Form) -> Find:
    name = origin.name
    return _age if name == "age" else lambda known: known.applicant.get(name) or None


def _age(known: Known) -> int | None:
    born = known.applicant.get("birth_date")
    return age_on(dt.date.fromisoformat(str(born)), known.submitted) if born else None


def age_on(born: dt.date, day: dt.date) -> int:
    """Full years on a day; the birthday counts on the day itself."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _fact(origin: Origin, _form: Form) -> Find:
    def find(known: Known) -> Any:
        value = known.facts.get(origin.name, {}).get(origin.column)
        return None if value == "" else value

    return find


def _material(origin: Origin, _form: Form) -> Find:
    name = origin.name
    return lambda known: name in known.materials


def _day(origin: Origin, _form: Form) -> Find:
    if origin.name == "submitted":
        return lambda known: known.submitted.isoformat()
    return lambda known: known.today.isoformat()


_FINDERS: Mapping[str, Callable[[Origin, Form], Find]] = {
    "answer": _answer,
    "applicant": _applicant,
    "fact": _fact,
    "material": _material,
    "day": _day,
}
