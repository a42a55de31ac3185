"""Forms of the console: plain fields read from what was posted, drawn with the house's own form page."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from zhengtong.foundation.core import clock

Choices = Sequence[tuple[Any, object]]
LONGEST = 4000
CHOOSERS = ("select", "radios", "checkboxes")


@dataclass(frozen=True)
class Field:
    """One question; `read` makes a value of what was typed and raises ValueError with a sentence."""

    key: str
    label: object
    widget: str = "text"
    required: bool = True
    help: object = ""
    options: Choices = ()
    initial: object = ""
    width: int | None = None
    rows: int | None = None
    most: int = 200
    prompt: object = None
    read: Callable[[str], Any] | None = None

    def typed(self, posted: QueryDict) -> Any:
        """What was typed, as it came."""
        if self.widget == "checkboxes":
            return posted.getlist(self.key)
        return posted.get(self.key, "").strip()[:LONGEST]

    def value(self, typed: Any) -> Any:
        """What was meant; ValueError with a sentence where it cannot be that."""
        if not typed:
            if self.required:
                raise ValueError(_("Please fill this in."))
            return [] if self.widget == "checkboxes" else None
        if self.widget in CHOOSERS:
            self._check_choice(typed)
        if self.read is not None:
            return self.read(typed)
        if self.widget == "date":
            return read_date(typed)
        if self.widget == "integer":
            return read_number(typed)
        if isinstance(typed, str) and len(typed) > self.most:
            raise ValueError(_("Write at most %(most)d characters.") % {"most": self.most})
        return typed

    def _check_choice(self, typed: Any) -> None:
        known = {str(value) for value, _label in self.options}
        if set(typed if isinstance(typed, list) else [typed]) - known:
            raise ValueError(_("Choose one of those offered."))

    def described(self, typed: Any, errors: Sequence[str]) -> dict[str, Any]:
        """As the form page draws it; a password is never drawn again."""
        typed = "" if self.widget == "password" else typed
        drawn: dict[str, Any] = {"key": self.key, "label": self.label, "widget": self.widget, "value": typed}
        drawn |= {"required": self.required, "help": self.help, "errors": errors}
        if self.widget in ("radios", "checkboxes"):
            drawn["layout"] = "list"
        if self.options:
            drawn["options"] = [{"value": value, "label": label} for value, label in self.options]
            drawn["prompt"] = self.prompt
        extra = {"width": self.width, "rows": self.rows, "max_length": self.most if self.widget == "textarea" else None}
        return drawn | {name: value for name, value in extra.items() if value is not None}


def read_date(typed: str) -> dt.date:
    """An ISO date."""
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise ValueError(_("Write the date as 2027-01-31.")) from None


def read_number(typed: str) -> int:
    """A whole number of at most 18 digits."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 18):
        raise ValueError(_("Write a whole number."))
    return int(typed)


def midnight(day: dt.date) -> dt.datetime:
    """The instant at which a local date begins."""
    return dt.datetime.combine(day, dt.time(), clock.LOCAL_ZONE).astimezone(dt.UTC)


@dataclass
class Sheet:
    """Some fields with what was typed into them and what is wrong with it."""

    fields: Sequence[Field]
    typed: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @classmethod
    def empty(cls, fields: Sequence[Field], given: Mapping[str, Any] | None = None) -> "Sheet":
        """A sheet nobody has typed on, or only what is `given`."""
        known = {each.key: each.initial for each in fields}
        return cls(fields, known | {key: value for key, value in (given or {}).items() if key in known})

    @classmethod
    def filled(cls, fields: Sequence[Field], posted: QueryDict) -> "Sheet":
        """A sheet as posted, each field read."""
        sheet = cls(fields)
        for each in fields:
            sheet.typed[each.key] = each.typed(posted)
            try:
                sheet.values[each.key] = each.value(sheet.typed[each.key])
            except ValueError as fault:
                sheet.faults[each.key] = [str(fault)]
        return sheet

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.faults and not self.others

    def blame(self, path: str, sentence: str) -> None:
        """Put a sentence beside the field it speaks of, or on top where there is no such field."""
        key = next((each.key for each in self.fields if path.partition("/")[0] == each.key), None)
        if key is None:
            self.others.append(sentence)
        else:
            self.faults.setdefault(key, []).append(sentence)

    def page(self, *, submit: object, back: str, back_label: object, lead: object = "") -> dict[str, Any]:
        """As `form_page` takes it."""
        fields = [each.described(self.typed.get(each.key), self.faults.get(each.key, ())) for each in self.fields]
        return {
            "title": "",
            "lead": lead,
            "sections": [{"title": "", "fields": fields}],
            "errors": self.others,
            "submit": {"label": submit},
            "back": {"label": back_label, "url": back},
        }
