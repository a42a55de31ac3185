"""Checking answers: hidden ones dropped, computed ones filled, every fault with its place and what to do."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zhengtong.engines.errors import EngineError, normal_locale, say, within
from zhengtong.engines.forms.bounding import bounded
from zhengtong.engines.forms.hints import pointer_to
from zhengtong.engines.forms.judging import empty, entries
from zhengtong.engines.forms.model import MOST_ROWS, Fault, Field, Form, Kind, Page, spoken
from zhengtong.engines.forms.scoping import Scope, computed, put, required_now, scope_of
from zhengtong.engines.forms.texts import TEXTS

_ASK = {
    Kind.CHOICE: "forms.choose",
    Kind.CHOICES: "forms.choose",
    Kind.BOOLEAN: "forms.yes_no",
    Kind.FILES: "forms.upload",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault: a JSON pointer into the answers, a stable code, a sentence that says what to do."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out: the answers as they count, the faults in page order, and pointers to what was left out.

    Rows left blank do not count, so pointers into a table are those of `clean`: draw a page again from `clean`.
    """

    clean: dict[str, Any]
    errors: tuple[FieldError, ...]
    dropped: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.errors


@dataclass(slots=True)
class _Work:
    """One checking of one set of answers."""

    form: Form
    locale: str
    today: dt.date
    only: frozenset[str]
    clean: dict[str, Any] = field(default_factory=dict)
    scope: Scope = field(default_factory=dict)
    faults: dict[str, list[FieldError]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


def check(form: Form, answers: object, locale: str, *, today: dt.date) -> Checked:
    """Check all answers. AnswersError for what is no set of answers, or one past every bound."""
    return _check(_Work(form, normal_locale(locale), today, form.keys), answers)


def check_page(form: Form, page: Page, answers: object, locale: str, *, today: dt.date) -> Checked:
    """Check one page with the others' answers as given; faults of that page only, its clean values in their place."""
    wanted = frozenset(found.key for found in form.fields_of(page))
    return _check(_Work(form, normal_locale(locale), today, wanted), answers)


def visible_fields(form: Form, answers: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the questions that are asked, given the answers so far (checked or as typed)."""
    return scope_of(form, answers)[0]


def _check(work: _Work, answers: object) -> Checked:
    given = bounded(answers)
    form, clean, scope = work.form, work.clean, work.scope
    hidden: list[str] = []
    for found, condition, heard in form.turns:
        if condition is None or condition(scope):
            _answer(work, found, given.get(found.key))
            if heard:
                put(found, clean.get(found.key), scope)
        else:
            hidden.append(found.key)
    for key, value in given.items():
        if key not in clean and (key not in form.fields or (key in hidden and not empty(value))):
            work.dropped.append(pointer_to(key))
    faults = work.faults
    errors: list[FieldError] = []
    if faults:  # in reading order
        errors += [
            error for page in form.pages for found in form.fields_of(page) for error in faults.get(found.key, ())
        ]
    ordered = {key: clean[key] for key in form.fields if key in clean}
    if not errors and (work.only is form.keys or work.only == form.keys):
        errors.extend(_net(work, ordered))
    return Checked(ordered, tuple(errors), tuple(work.dropped))


def _answer(work: _Work, found: Field, value: Any) -> None:
    if found.computed is not None:
        value = computed(found, work.scope)
    elif found.key not in work.only:
        if not empty(value):
            work.clean[found.key] = value
        return
    elif found.widget == "checkbox" and unticked(value):
        work.clean[found.key] = False
        value = None
    if empty(value):
        if found.computed is None and required_now(found, work.scope):
            work.faults[found.key] = [_missing(work, found)]
    elif found.kind is Kind.TABLE:
        _answer_table(work, found, value)
    else:
        work.clean[found.key], fault = found.judge(value, work.today)
        if fault is not None and found.key in work.only:
            work.faults[found.key] = [_error(work, found, found.pointer, fault)]


def unticked(value: Any) -> bool:
    """Whether a box was left empty, which answers nothing to “I agree”."""
    return value is False or value == "false"


def _answer_table(work: _Work, found: Field, value: Any) -> None:
    rows = entries(value)
    if rows is None:
        work.clean[found.key] = []
        work.faults[found.key] = [_error(work, found, found.pointer, Fault("forms.not_list"))]
        return
    filled = [row for row in rows if not _blank(found, row)]
    errors: list[FieldError] = []
    kept = _rows(work, found, filled[:MOST_ROWS], errors)
    if not kept:
        if required_now(found, work.scope):
            work.faults[found.key] = [_missing(work, found)]
        return
    work.clean[found.key] = kept
    _judged, fault = found.judge(kept + filled[MOST_ROWS:], work.today)
    if fault is not None:
        errors.insert(0, _error(work, found, found.pointer, fault))
    if errors:
        work.faults[found.key] = errors


def _rows(
    work: _Work, found: Field, rows: Sequence[Mapping[str, Any]], errors: list[FieldError]
) -> list[dict[str, Any]]:
    """The clean rows; one in which nothing asked was answered does not count."""
    kept: list[dict[str, Any]] = []
    for row in rows:
        faults: list[FieldError] = []
        clean, answered = _row(work, found, row, f"{found.pointer}/{len(kept)}", faults)
        if answered:
            kept.append(clean)
            errors.extend(faults)
    return kept


def _blank(table: Field, row: Mapping[str, Any]) -> bool:
    """A row left empty: the spare one a page offers, its boxes unticked; what is computed or unknown fills no row."""
    for column in table.columns:
        if column.computed is None:
            cell = row.get(column.key)
            if cell is not None and not empty(cell) and not (column.widget == "checkbox" and unticked(cell)):
                return False
    return True


def _row(
    work: _Work, table: Field, row: Mapping[str, Any], pointer: str, errors: list[FieldError]
) -> tuple[dict[str, Any], bool]:
    """The clean row, and whether anything asked was answered in it: a box left empty and what is computed is not."""
    clean: dict[str, Any] = {}
    scope: Scope = {}
    answered = False
    for column in table.columns:
        if column.visible is not None and not column.visible.holds(scope):
            continue
        key, fault = column.key, None
        value = row.get(key) if column.computed is None else computed(column, scope)
        if column.widget == "checkbox" and column.computed is None and unticked(value):
            clean[key], value = False, None
        if not empty(value):
            clean[key], fault = column.judge(value, work.today)
            answered = answered or column.computed is None
        elif column.computed is None and required_now(column, scope):
            fault = Fault(_asking(column))
        if key in table.heard:
            put(column, clean.get(key), scope)
        if fault is not None:
            errors.append(_error(work, column, f"{pointer}/{key}", fault))
    for key in row:
        if key not in clean and not empty(row[key]):
            work.dropped.append(pointer + pointer_to(key))
    return clean, answered


def _asking(found: Field) -> str:
    return "forms.agree" if found.widget == "checkbox" else _ASK.get(found.kind, "forms.required")


def _missing(work: _Work, found: Field) -> FieldError:
    return _error(work, found, found.pointer, Fault(_asking(found)))


def _error(work: _Work, found: Field, path: str, fault: Fault) -> FieldError:
    label = spoken(found.label, work.locale)
    params = {"label": label, "within": within(label, work.locale), **fault.params}
    reason = params.get("reason")
    if isinstance(reason, EngineError):
        params["reason"] = reason.text(work.locale)
    message = say(TEXTS, fault.code, work.locale, params)
    if found.computed is not None:
        message = say(
            TEXTS, "forms.worked_out", work.locale, {"reason": message, "names": _rests_on(work, found, path)}
        )
    return FieldError(path, fault.code, message)


def _rests_on(work: _Work, found: Field, path: str) -> str:
    """The questions whose answers a computed one is worked out from, which alone the applicant can mend."""
    assert found.computed is not None
    table = work.form.fields.get(path.split("/")[1])
    near = {column.key: column for column in table.columns} if table is not None else {}
    asked = [near.get(name) or work.form.fields.get(name) for name in sorted(found.computed.names)]
    labels = [within(spoken(each.label, work.locale), work.locale) for each in asked if each is not None]
    return (", " if work.locale == "en" else "、").join(labels)


def _net(work: _Work, clean: Mapping[str, Any]) -> list[FieldError]:
    """What our own judges let through but the schema does not: told with the label of its question."""
    found: list[FieldError] = []
    for fault in work.form.net.iter_errors(clean):
        path = list(fault.instance_path)
        asked_by = work.form.fields.get(str(path[0])) if path else None
        if asked_by is not None:
            found.append(_error(work, asked_by, pointer_to(*path), Fault("forms.schema")))
        else:
            message = say(TEXTS, "forms.not_object", work.locale, {})
            found.append(FieldError(pointer_to(*path), "forms.not_object", message))
    return found
