"""Checking answers: hidden ones dropped, computed ones filled, every fault with its place and what to do."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.engines.errors import EngineError, normal_locale, say
from zhengtong.engines.forms.errors import AnswersError
from zhengtong.engines.forms.judging import empty, entries
from zhengtong.engines.forms.model import Fault, Field, Form, Kind, Page, spoken
from zhengtong.engines.forms.texts import TEXTS

MOST_KB = 512
DEEPEST = 6
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
    """What came out: the answers as they count, the faults in page order, and what was not asked and left out."""

    clean: dict[str, Any]
    errors: tuple[FieldError, ...]
    dropped: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class _Pass:
    """What stays the same while one set of answers is checked."""

    form: Form
    locale: str
    today: dt.date
    only: frozenset[str]


def check(form: Form, answers: object, locale: str, *, today: dt.date) -> Checked:
    """Check all answers. AnswersError for what is no set of answers, or one past every bound."""
    return _check(_Pass(form, normal_locale(locale), today, frozenset(form.fields)), answers)


def check_page(form: Form, page: Page, answers: object, locale: str, *, today: dt.date) -> Checked:
    """Check one page with the others' answers as given; faults of that page only, its clean values in their place."""
    asked = frozenset(found.key for found in form.fields_of(page))
    return _check(_Pass(form, normal_locale(locale), today, asked), answers)


def visible_fields(form: Form, answers: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the questions that are asked, given the answers so far (checked or not)."""
    shown: dict[str, Any] = {}
    return frozenset(key for key in form.order if _shown(form, form.fields[key], shown, answers))


def _check(work: _Pass, answers: object) -> Checked:
    given = bounded(answers)
    form = work.form
    clean: dict[str, Any] = {}
    faults: dict[str, list[FieldError]] = {}
    for key in form.order:
        found = form.fields[key]
        if not _asked(form, found, clean):
            continue
        if found.computed is not None:
            _compute(found, clean)
        else:
            _answer(work, found, given.get(key), clean, faults)
    known = form.fields.keys()
    dropped = tuple(key for key in given if key not in known or (key not in clean and not empty(given[key])))
    errors = [error for page in form.pages for found in form.fields_of(page) for error in faults.get(found.key, ())]
    ordered = {key: clean[key] for key in known if key in clean}
    if not errors and work.only == known:
        errors.extend(_net(work, ordered))
    return Checked(ordered, tuple(errors), dropped)


def _shown(form: Form, found: Field, scope: dict[str, Any], answers: Mapping[str, Any]) -> bool:
    if not _asked(form, found, scope):
        return False
    if found.computed is not None:
        _compute(found, scope)
    elif not empty(answers.get(found.key)):
        scope[found.key] = answers[found.key]
    return True


def _asked(form: Form, found: Field, scope: Mapping[str, Any]) -> bool:
    """Whether the question is asked: its own condition and its section's are true (null is not)."""
    section = form.section_of[found.key]
    for condition in (section.visible, found.visible):
        if condition is not None and condition.evaluate(scope) is not True:
            return False
    return True


def _compute(found: Field, clean: dict[str, Any]) -> None:
    assert found.computed is not None, "only computed fields come here"
    value = found.computed.evaluate(clean)
    if value is not None:
        clean[found.key] = _plain(value)


def _plain(value: Any) -> Any:
    """A FEEL value as JSON holds it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if value == value.to_integral_value() else float(value)


def _answer(work: _Pass, found: Field, value: Any, clean: dict[str, Any], faults: dict[str, list[FieldError]]) -> None:
    if found.key not in work.only:
        if not empty(value):
            clean[found.key] = value
        return
    if empty(value) or (found.widget == "checkbox" and value in (False, "false")):
        if required_now(found, clean):
            faults[found.key] = [_missing(work, found)]
        return
    if found.kind is Kind.TABLE:
        _answer_table(work, found, value, clean, faults)
        return
    judged, fault = found.judge(value, work.today)
    clean[found.key] = judged
    if fault is not None:
        faults[found.key] = [_error(work, found, found.pointer, fault)]


def required_now(found: Field, scope: Mapping[str, Any]) -> bool:
    """Whether the question must be answered, given the answers so far."""
    return found.required or (found.required_when is not None and found.required_when.evaluate(scope) is True)


def _answer_table(
    work: _Pass, found: Field, value: Any, clean: dict[str, Any], faults: dict[str, list[FieldError]]
) -> None:
    rows = entries(value)
    if rows is None:
        clean[found.key] = []
        faults[found.key] = [_error(work, found, found.pointer, Fault("forms.not_list"))]
        return
    filled = [row for row in rows if any(not empty(cell) for cell in row.values())]
    if not filled:
        if required_now(found, clean):
            faults[found.key] = [_missing(work, found)]
        return
    errors: list[FieldError] = []
    _judged, fault = found.judge(filled, work.today)
    if fault is not None:
        errors.append(_error(work, found, found.pointer, fault))
    clean[found.key] = [
        _row(work, found, row, f"{found.pointer}/{place}", errors)
        for place, row in enumerate(filled[: found.most or 50])
    ]
    if errors:
        faults[found.key] = errors


def _row(work: _Pass, table: Field, row: Mapping[str, Any], pointer: str, errors: list[FieldError]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for column in table.columns:
        if column.visible is not None and column.visible.evaluate(clean) is not True:
            continue
        value = row.get(column.key)
        if column.computed is not None:
            _compute(column, clean)
        elif empty(value):
            if required_now(column, clean):
                errors.append(_missing(work, column, f"{pointer}/{column.key}"))
        else:
            clean[column.key], fault = column.judge(value, work.today)
            if fault is not None:
                errors.append(_error(work, column, f"{pointer}/{column.key}", fault))
    return clean


def _missing(work: _Pass, found: Field, path: str = "") -> FieldError:
    code = "forms.agree" if found.widget == "checkbox" else _ASK.get(found.kind, "forms.required")
    return _error(work, found, path or found.pointer, Fault(code))


def _error(work: _Pass, found: Field, path: str, fault: Fault) -> FieldError:
    params = {"label": spoken(found.label, work.locale), **fault.params}
    reason = params.get("reason")
    if isinstance(reason, EngineError):
        params["reason"] = reason.text(work.locale)
    return FieldError(path, fault.code, say(TEXTS, fault.code, work.locale, params))


def _net(work: _Pass, clean: Mapping[str, Any]) -> list[FieldError]:
    """What our own judges let through but the schema does not: told with the label of its question."""
    found: list[FieldError] = []
    for fault in work.form.net.iter_errors(clean):
        path = list(fault.instance_path)
        field = work.form.fields.get(str(path[0])) if path else None
        pointer = "/" + "/".join(map(str, path))
        if field is not None:
            found.append(_error(work, field, pointer, Fault("forms.schema")))
        else:
            found.append(FieldError(pointer, "forms.not_object", say(TEXTS, "forms.not_object", work.locale, {})))
    return found


def bounded(answers: object) -> dict[str, Any]:
    """`answers` if they are an object of bounded size and depth; AnswersError otherwise."""
    if not isinstance(answers, Mapping):
        raise AnswersError("forms.not_object", position="")
    _check_depth(answers, "", 1)
    try:
        size = len(json.dumps(answers, ensure_ascii=False, default=str))
    except (ValueError, TypeError):
        raise AnswersError("forms.not_object", position="") from None
    if size > MOST_KB * 1024:
        raise AnswersError("forms.too_big", position="", most=MOST_KB)
    return dict(answers)


def _check_depth(value: object, pointer: str, depth: int) -> None:
    if depth > DEEPEST:
        raise AnswersError("forms.too_deep", position=pointer[:200])
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list):
                _check_depth(inner, f"{pointer}/{key}", depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            if isinstance(inner, Mapping | list):
                _check_depth(inner, f"{pointer}/{place}", depth + 1)
