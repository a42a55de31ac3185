"""What a service hands out: everything that the issuing of a licence will lean on, looked at before anybody applies."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from zhengtong.engines.codes import CodeError, parse_licence_type_code
from zhengtong.engines.forms import Form
from zhengtong.matters.catalog import choices
from zhengtong.matters.catalog.packs.findings import Finding
from zhengtong.matters.catalog.packs.loading import Pack

SERIAL = "{year}{seq:06d}"
SOURCES = ("applicant.name", "applicant.credit_code", "applicant.legal_representative", "licence.valid_until")
"""Besides `answers.<question>`, where a line of a licence may come from."""
_PLACE = re.compile(r"\{([a-z]+)(?::0([1-9])d)?\}")
_SERIAL_TEXT = re.compile(r"[0-9A-Z]*")
_NUMBER_TEXT = re.compile(r"[^{}]*")
_NUMBER_PLACES = ("activity", "region", "year", "seq", "check")


def serial_of(template: str, year: int, number: int) -> str:
    """The serial of a licence identifier by the template of its pack."""
    return template.format(year=year, seq=number)


def result_findings(pack: Pack, form: Form | None) -> Iterator[Finding]:
    """Faults that would keep a licence from being issued after it was approved."""
    result, at = pack.service["result"], pack.source.at
    if result["type"] != choices.ResultType.LICENCE:
        return
    if (result.get("template") or "result.typ") not in pack.files:
        yield Finding("packs.no_template", at("/result"))
    yield from _type_code(pack, result.get("licence_type_code"))
    for name, fits in (("serial", _is_serial), ("number", _is_number)):
        if result.get(name) and not fits(result[name]):
            yield Finding(f"packs.result_{name}", at(f"/result/{name}"), {"found": result[name][:60]})
    asked = frozenset() if form is None else frozenset(f"answers.{key}" for key in form.fields)
    for index, stated in enumerate(result.get("fields") or ()):
        if stated["from"] not in SOURCES and form is not None and stated["from"] not in asked:
            params = {"found": stated["from"][:60], "known": ", ".join(("answers.…", *SOURCES))}
            yield Finding("packs.result_source", at(f"/result/fields/{index}/from"), params)


def _type_code(pack: Pack, code: str | None) -> Iterator[Finding]:
    place = pack.source.at("/result/licence_type_code")
    if code is None:
        yield Finding("packs.missing", place, {"name": "result.licence_type_code"})
        return
    try:
        parse_licence_type_code(code)
    except CodeError as fault:
        yield Finding("packs.code", place, {"name": "result.licence_type_code", "cause": fault})


def _is_serial(template: str) -> bool:
    """Digits and capitals, with the year and the running number, which begins anew each year."""
    return sorted(_places(template)) == ["seq", "year"] and _fits(template, _SERIAL_TEXT)


def _is_number(template: str) -> bool:
    """Any text with the running number once; a check digit can only stand at the end, after digits to reckon from."""
    places = _places(template)
    known = len(places) == len(set(places)) and set(places) <= set(_NUMBER_PLACES) and "seq" in places
    return known and "check" not in places[:-1] and _ends_with_check(template, places) and _fits(template, _NUMBER_TEXT)


def _ends_with_check(template: str, places: list[str]) -> bool:
    return "check" not in places or template.endswith("{check}")


def _places(template: str) -> list[str]:
    """The names in braces; one that is filled to a width must be the running number."""
    return [match[1] if match[2] is None or match[1] == "seq" else "" for match in _PLACE.finditer(template)]


def _fits(template: str, text: "re.Pattern[str]") -> bool:
    return text.fullmatch(_PLACE.sub("", template)) is not None


def specimen(pack: Pack, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a licence that nobody holds, to see that the pack's certificate can be drawn."""
    service, say = pack.service, pack.say
    fields = service["result"].get("fields") or ()
    address = "https://example.cn/verify/licence/specimen/"
    return {
        "title": say("result.name", "zh-hans"),
        "number": "JY00000000000001",
        "fields": [
            {"label": say(f"result.fields.{stated['code']}", "zh-hans"), "value": _value(stated["from"], answers)}
            for stated in fields
        ],
        "issuer": say("implementer.name", "zh-hans"),
        "date": str(service["effective_from"]),
        "seal": {"authority": say("implementer.name", "zh-hans"), "code": service["implementer"]["code"]},
        "identifier": "1.2.156.3005.2.1110000000000401XA001.1111010800000102XJ.2025000123.001.D",
        "verification": {"payload": address, "address": address},
    }


def _value(origin: str, answers: Mapping[str, Any]) -> str:
    said = answers.get(origin.removeprefix("answers."))
    return said if isinstance(said, str) and said else "样张"
