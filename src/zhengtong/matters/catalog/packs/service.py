"""The shape of service.yaml: what every service must state, checked value by value (services.md §1.3, §1.4)."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from zhengtong.engines.codes import (
    EXERCISE_LEVELS,
    ITEM_TYPES,
    DivisionCode,
    parse_basic_code,
    parse_credit_code,
    parse_division_code,
    parse_implementation_code,
)
from zhengtong.engines.codes.characters import DIGITS, checked
from zhengtong.engines.errors import EngineError
from zhengtong.matters.catalog import choices
from zhengtong.matters.catalog.packs.findings import Finding
from zhengtong.matters.catalog.packs.sources import Source

FORMAT = "zhengtong-pack/1"
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")
Kind = str | tuple[str, ...] | Mapping[str, Any]

_LIMIT = {"number": "int", "unit": tuple(choices.LimitUnit.values)}
_BASIS = {"law": "text", "edition?": "date", "article": "text", "quote?": "text"}

# name → kind; `?` marks what may be left out, `*` any name, `[...]` a list, a tuple one of several words.
SHAPE: Mapping[str, Any] = {
    "format": "text",
    "id": "text",
    "version": "int",
    "effective_from": "date",
    "item": {
        "basic_code": "text",
        "implement_code": "text",
        "handling_item_code?": "text",
        "item_type": tuple(ITEM_TYPES),
        "exercise_level": tuple(EXERCISE_LEVELS),
        "power_source": tuple(choices.PowerSource.values),
        "region": "text",
        "handling_kind": tuple(choices.HandlingKind.values),
        "service_objects": [tuple(choices.ServiceObject.values)],
        "max_visits": "int",
        "online_depth?": "int",
        "scope?": "text",
        "tolerance_allowed?": "bool",
        "commitment_allowed?": "bool",
    },
    "implementer": {"code": "text", "nature": tuple(choices.ImplementerNature.values)},
    "setting_basis": [_BASIS],
    "limits": {
        "legal": {**_LIMIT, "basis?": _BASIS},
        "promise": _LIMIT,
        "correction_due?": _LIMIT,
        "yellow_ratio?": "text",
    },
    "special_procedures?": [{"type": tuple(choices.ProcedureType.values), "max_days": "int", "basis": _BASIS}],
    "conditions": [{"code": "text", "basis?": _BASIS}],
    "materials": [
        {
            "code": "text",
            "type": tuple(choices.MaterialType.values),
            "form": tuple(choices.MaterialForm.values),
            "originals?": "int",
            "copies?": "int",
            "necessity": tuple(choices.Necessity.values),
            "source": tuple(choices.MaterialSource.values),
            "how": tuple(choices.MaterialHow.values),
            "from?": "text",
            "licence_type_code?": "text",
            "question?": "text",
            "sample?": "text",
            "when?": "text",
            "accept?": ["text"],
        }
    ],
    "steps": [{"code": "text", "role": "text", "days": "int"}],
    "fees?": [{"code": "text", "amount": "text", "basis": _BASIS}],
    "rules?": {
        "inputs": {"*": "text"},
        "decisions": [{"code": "text", "letter?": "bool", "attend?": ["text"]}],
        "words?": ["text"],
    },
    "result": {
        "type": tuple(choices.ResultType.values),
        "licence_type_code?": "text",
        "template?": "text",
        "serial?": "text",
        "number?": "text",
        "valid_years?": "int",
        "fields?": [{"code": "text", "from": "text"}],
    },
    "delivery_modes": [tuple(choices.DeliveryMode.values)],
    "roles": ["text"],
    "documents": {
        "mark": "text",
        "seal": {"authority": "text", "code?": "text"},
    },
    "remedies": {
        "review_days": "int",
        "suit_months": "int",
        "basis": [_BASIS],
    },
    "channels": {"hotline": "text", "consult?": "text", "complain?": "text"},
    "situations?": [{"code": "text", "options": [{"code": "text", "leads?": "text", "find?": "text"}]}],
    "life_events?": ["text"],
    "search?": {"synonyms": ["text"]},
    "messages?": [{"on": "text", "code": "text"}],
}


def shape_findings(source: Source) -> list[Finding]:
    """Everything in service.yaml that is missing, unknown or of the wrong kind, with its line."""
    found: list[Finding] = []
    _check(source, source.data, SHAPE, "", found)
    if not found:
        _check_format(source, found)
        _check_codes(source, found)
        _check_stated(source, found)
    return found


def _check(source: Source, value: Any, shape: Any, pointer: str, found: list[Finding]) -> None:
    if isinstance(shape, Mapping):
        _check_mapping(source, value, shape, pointer, found)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            found.append(_kind(source, pointer, "清单 / a list"))
            return
        for index, item in enumerate(value):
            _check(source, item, shape[0], f"{pointer}/{index}", found)
    elif isinstance(shape, tuple):
        if str(value) not in shape or isinstance(value, bool):
            params = {"name": _name(pointer), "found": str(value)[:60], "choices": ", ".join(shape)}
            found.append(Finding("packs.choice", source.at(pointer), params))
    elif not _KINDS[shape][0](value):
        found.append(_kind(source, pointer, _KINDS[shape][1]))


def _check_mapping(source: Source, value: Any, shape: Mapping[str, Any], pointer: str, found: list[Finding]) -> None:
    if not isinstance(value, Mapping):
        found.append(_kind(source, pointer, "一组带名称的项 / a mapping"))
        return
    if "*" in shape:
        shape = dict.fromkeys(value, shape["*"])
        for name in value:
            if "." in name:
                params = {"name": name[:60], "expected": "不含句点的名称 / a name without a full stop"}
                found.append(Finding("packs.kind", source.at(f"{pointer}/{name}"), params))
    known = {name.rstrip("?"): kind for name, kind in shape.items()}
    for name in value:
        if name not in known:
            params = {"name": name[:60], "known": ", ".join(known)}
            found.append(Finding("packs.unknown_key", source.at(f"{pointer}/{name}"), params))
    for name, kind in shape.items():
        plain = name.rstrip("?")
        if plain in value and value[plain] is not None:
            _check(source, value[plain], kind, f"{pointer}/{plain}", found)
        elif plain == name:
            path = f"{pointer}/{plain}".strip("/").replace("/", ".")
            found.append(Finding("packs.missing", source.at(pointer), {"name": path}))


def _is_date(value: Any) -> bool:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


_KINDS: Mapping[str, Any] = {
    "text": (lambda value: isinstance(value, str) and 0 < len(value.strip()) <= 2000, "文字 / text"),
    "int": (
        lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000,
        "0 至 100000 的整数 / a whole number from 0 to 100000",
    ),
    "bool": (lambda value: isinstance(value, bool), "true 或 false / true or false"),
    "date": (_is_date, "日期，如 2025-03-03 / a date such as 2025-03-03"),
}


def _kind(source: Source, pointer: str, expected: str) -> Finding:
    return Finding("packs.kind", source.at(pointer), {"name": _name(pointer), "expected": expected})


def _name(pointer: str) -> str:
    return pointer.strip("/").replace("/", ".") or "service.yaml"


def _check_format(source: Source, found: list[Finding]) -> None:
    if source.data["format"] != FORMAT:
        params = {"expected": FORMAT, "found": str(source.data["format"])[:60]}
        found.append(Finding("packs.format", source.at("/format"), params))


def _check_stated(source: Source, found: list[Finding]) -> None:
    """Lists of which the law or the service needs at least one entry (services.md §1.3), and the pack's own name."""
    data = source.data
    lists = {
        "/setting_basis": data["setting_basis"],
        "/item/service_objects": data["item"]["service_objects"],
        "/steps": data["steps"],
        "/delivery_modes": data["delivery_modes"],
        "/roles": data["roles"],
        "/remedies/basis": data["remedies"]["basis"],
    }
    for index, situation in enumerate(data.get("situations") or ()):
        lists[f"/situations/{index}/options"] = situation["options"]
    for pointer, stated in lists.items():
        if not stated:
            found.append(Finding("packs.none_stated", source.at(pointer), {"name": _name(pointer)}))
    if not ID.fullmatch(data["id"]):
        found.append(_kind(source, "/id", "department-folder/service-folder"))
    if data["version"] < 1:
        found.append(_kind(source, "/version", "不小于 1 的整数 / a whole number from 1"))


def _check_codes(source: Source, found: list[Finding]) -> None:
    item, implementer = source.data["item"], source.data["implementer"]
    parsed = {
        name: _parsed(source, pointer, value, parse, found)
        for name, pointer, value, parse in (
            ("basic", "/item/basic_code", item["basic_code"], parse_basic_code),
            ("implement", "/item/implement_code", item["implement_code"], parse_implementation_code),
            ("implementer", "/implementer/code", implementer["code"], parse_credit_code),
            ("region", "/item/region", item["region"], _region),
        )
    }
    if all(parsed.values()):
        whole = parsed["implement"]
        for ours, theirs, name, pointer in (
            (whole.implementer.text, implementer["code"], "implementer.code", "/implementer/code"),
            (whole.level, str(item["exercise_level"]), "item.exercise_level", "/item/exercise_level"),
            (whole.basic.text, item["basic_code"], "item.basic_code", "/item/basic_code"),
            (whole.basic.item_type, str(item["item_type"]), "item.item_type", "/item/item_type"),
        ):
            if ours != theirs:
                params = {"name": name, "other": "item.implement_code"}
                found.append(Finding("packs.code_differs", source.at(pointer), params))


def _region(code: str) -> DivisionCode:
    """A division known today, in the six digits that short numbers begin with."""
    return parse_division_code(checked(code, lengths=(6,), allowed=DIGITS))


def _parsed(source: Source, pointer: str, value: str, parse: Any, found: list[Finding]) -> Any:
    try:
        return parse(value)
    except EngineError as fault:
        found.append(Finding("packs.code", source.at(pointer), {"name": _name(pointer), "cause": fault}))
        return None
