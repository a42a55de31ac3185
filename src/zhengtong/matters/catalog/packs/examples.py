"""The shape of an example: what may stand in one, so that no misspelt word is passed over as if it had been tried."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zhengtong.matters.catalog.packs.findings import Finding
from zhengtong.matters.catalog.packs.sources import Source

MAPPING, LIST, TEXT = "一组带名称的项 / a mapping", "清单 / a list", "文字 / text"
DATE, SERIAL = "日期，如 2025-03-03 / a date such as 2025-03-03", "不小于 1 的整数 / a whole number from 1"
_KNOWN = ("name", "applicant", "applicant_kind", "known", "counters", "answers", "errors", "facts", "steps", "expect")
_MAPPINGS = ("known", "counters", "facts", "expect")
_VERBS = ("event", "task", "message", "timer", "action")
_STEP = ("on", *_VERBS, "outcome", "answers", "facts", "gaps", "planned_days", "reasons", "reason_code", "reason",
         "right_organ")  # fmt: skip


def is_example(name: str) -> bool:
    """Whether a file of a pack is one of its examples."""
    return name.startswith("examples/") and name.endswith(".yaml")


def only_answers(name: str) -> bool:
    """Whether an example is nothing but the answers to the form."""
    return name.startswith("examples/answers")


def example_findings(source: Source, names: Iterable[str]) -> Iterator[Finding]:
    """Everything that keeps one example from being tried; `names` are the files of the pack."""
    data = source.data
    if not isinstance(data, Mapping):
        yield _kind(source, "", source.name, MAPPING)
    elif not only_answers(source.name):
        yield from _words(source, data, _KNOWN, "")
        yield from _parts(source, data)
        yield from _steps(source, data, frozenset(names))


def _parts(source: Source, data: Mapping[str, Any]) -> Iterator[Finding]:
    if not {"steps", "answers"} & data.keys():
        yield Finding("packs.missing", source.at(""), {"name": "steps / answers"})
    for name in _MAPPINGS:
        if data.get(name) is not None and not isinstance(data[name], Mapping):
            yield _kind(source, f"/{name}", name, MAPPING)
    counters = data.get("counters")
    for name, value in counters.items() if isinstance(counters, Mapping) else ():
        if type(value) is not int or value < 1:
            yield _kind(source, f"/counters/{name}", f"counters.{name}", SERIAL)
    if data.get("errors") is not None and not isinstance(data["errors"], list):
        yield _kind(source, "/errors", "errors", LIST)


def _steps(source: Source, data: Mapping[str, Any], names: frozenset[str]) -> Iterator[Finding]:
    yield from _answers(source, data, "", names)
    steps = data.get("steps", [{"on": dt.date.min, "event": "submit"}])
    if not isinstance(steps, list) or not steps:
        yield _kind(source, "/steps", "steps", LIST)
        return
    for index, step in enumerate(steps):
        pointer = f"/steps/{index}"
        if not isinstance(step, Mapping):
            yield _kind(source, pointer, f"steps.{index}", MAPPING)
            continue
        yield from _words(source, step, _STEP, pointer)
        yield from _answers(source, step, pointer, names)
        if not _is_day(step.get("on")):
            yield _kind(source, f"{pointer}/on", f"steps.{index}.on", DATE)
        if len(step.keys() & set(_VERBS)) != 1:
            params = {"name": f"steps.{index}", "expected": " / ".join(_VERBS)}
            yield Finding("packs.kind", source.at(pointer), params)
        if "task" in step and not isinstance(step.get("outcome"), str):
            yield _kind(source, pointer, f"steps.{index}.outcome", TEXT)


def _answers(source: Source, entry: Mapping[str, Any], pointer: str, names: frozenset[str]) -> Iterator[Finding]:
    """Answers are a mapping, or the name of an example that holds nothing else."""
    given = entry.get("answers")
    if isinstance(given, str):
        if f"examples/{given}" not in names:
            yield Finding("packs.example_file", source.at(f"{pointer}/answers"), {"name": given[:60]})
    elif given is not None and not isinstance(given, Mapping):
        yield _kind(source, f"{pointer}/answers", "answers", MAPPING)
    facts = entry.get("facts")
    for name, values in facts.items() if isinstance(facts, Mapping) else ():
        if values is not None and not isinstance(values, Mapping):
            yield _kind(source, f"{pointer}/facts/{name}", f"facts.{name}", MAPPING)


def _words(source: Source, entry: Mapping[str, Any], known: tuple[str, ...], pointer: str) -> Iterator[Finding]:
    for name in entry:
        if name not in known:
            params = {"name": name[:60], "known": ", ".join(known)}
            yield Finding("packs.unknown_key", source.at(f"{pointer}/{name}"), params)


def _is_day(value: object) -> bool:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _kind(source: Source, pointer: str, name: str, expected: str) -> Finding:
    return Finding("packs.kind", source.at(pointer), {"name": name, "expected": expected})
