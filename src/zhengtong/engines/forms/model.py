"""A compiled form: pages, sections, fields; immutable, shared between threads."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from zhengtong.engines.errors import normal_locale
from zhengtong.engines.feel import Expression

Text = Mapping[str, str]
"""A sentence by locale: `zh-hans` and `en`."""
NO_TEXT: Text = MappingProxyType({})
MOST_ROWS = 200


def spoken(text: Text, locale: str) -> str:
    """A text in the reader's language."""
    return text.get(normal_locale(locale), "")


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    FILES = "files"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value kept, the words shown."""

    value: str
    label: Text
    help: Text = field(default_factory=lambda: NO_TEXT)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value: a code of the text table and what fills its sentence."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


Judge = Callable[[Any, dt.date], "tuple[Any, Fault | None]"]
"""value, today → (clean value, fault)."""
Condition = Callable[[Mapping[str, Any]], bool]
"""Whether it is true of the answers that conditions see; null is not."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `visible`, `required_when` and `computed` are FEEL over all answers by key.

    `most` is the largest number of entries or characters. `heard` are those of a table's columns that a condition or
    computed cell of its rows asks for.
    """

    key: str
    pointer: str
    kind: Kind
    widget: str
    label: Text
    help: Text
    judge: Judge
    required: bool = False
    visible: Expression | None = None
    required_when: Expression | None = None
    computed: Expression | None = None
    source: str = ""
    sensitive: bool = False
    masking: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple["Field", ...] = ()
    heard: frozenset[str] = frozenset()
    unit: Text = field(default_factory=lambda: NO_TEXT)
    row_name: Text = field(default_factory=lambda: NO_TEXT)
    width: int = 0
    autocomplete: str = ""
    accept: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    material: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading; hidden as one where its condition is not true."""

    key: str
    title: Text
    help: Text
    fields: tuple[str, ...]
    visible: Expression | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One step of the form."""

    key: str
    title: Text
    help: Text
    sections: tuple[Section, ...]


class Turn(NamedTuple):
    """A question when its turn comes: under which condition it is asked (None: always), and whether others ask for it.

    The condition is that of its section and its own.
    """

    found: Field
    condition: Condition | None
    heard: bool


@dataclass(frozen=True)
class Form:
    """A form ready for use.

    `order` is the order in which conditions can be worked out; `heard` are the questions whose answers some condition
    or computed question asks for.
    """

    pages: tuple[Page, ...]
    fields: Mapping[str, Field]
    order: tuple[str, ...]
    section_of: Mapping[str, Section]
    heard: frozenset[str]
    net: Any = None

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The questions in `order`."""
        return tuple(self._turn(self.fields[key]) for key in self.order)

    def _turn(self, found: Field) -> Turn:
        around = self.section_of[found.key].visible
        if around is None or found.visible is None:
            one = around or found.visible
            return Turn(found, None if one is None else one.holds, found.key in self.heard)
        outer, inner = around.holds, found.visible.holds
        return Turn(found, lambda scope: outer(scope) and inner(scope), found.key in self.heard)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all questions."""
        return frozenset(self.fields)

    @cached_property
    def files(self) -> tuple[Field, ...]:
        """The questions answered with files, in reading order."""
        return tuple(found for page in self.pages for found in self.fields_of(page) if found.kind is Kind.FILES)

    def page(self, key: str) -> Page:
        """One page; KeyError for an unknown key."""
        return next((page for page in self.pages if page.key == key), None) or _no(key)

    def fields_of(self, page: Page) -> tuple[Field, ...]:
        """The fields of a page in reading order."""
        return tuple(self.fields[key] for section in page.sections for key in section.fields)


def _no(key: str) -> Page:
    raise KeyError(key)


def sensitive_paths(form: Form) -> tuple[str, ...]:
    """JSON pointers of everything marked sensitive; `*` stands for each row of a table."""
    own = [found.pointer for found in form.fields.values() if found.sensitive]
    inner = [
        f"{found.pointer}/*/{column.key}"
        for found in form.fields.values()
        for column in found.columns
        if column.sensitive
    ]
    return tuple(own + inner)
