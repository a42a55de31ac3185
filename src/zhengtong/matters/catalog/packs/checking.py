"""The deeper checks of a pack: law, form, process, templates, examples."""

import pathlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from zhengtong.engines import bpmn
from zhengtong.engines.bpmn.soundness import examine
from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms import Form, compile_form
from zhengtong.matters.catalog import choices
from zhengtong.matters.catalog.packs.examples import example_findings, is_example
from zhengtong.matters.catalog.packs.findings import Finding, PackError
from zhengtong.matters.catalog.packs.fitting import House, answer_findings, element_findings, place_of
from zhengtong.matters.catalog.packs.laws import LawTexts
from zhengtong.matters.catalog.packs.loading import Pack, load_pack
from zhengtong.matters.catalog.packs.materials import material_findings
from zhengtong.matters.catalog.packs.results import result_findings
from zhengtong.matters.catalog.packs.rules import Facts, rule_findings
from zhengtong.matters.catalog.packs.rules.rulebook import FILE, compiled
from zhengtong.matters.catalog.packs.sources import read_yaml

LICENCE_LIMIT = 20
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_PACKAGE = re.compile(r'"@')


def check_pack(
    folder: pathlib.Path | str,
    *,
    house: House | None = None,
    facts: Facts | None = None,
    laws: pathlib.Path | str | None = None,
) -> tuple[Finding, ...]:
    """Everything that is wrong with the pack in `folder`; empty when it may be released.

    `house` is what there is where it is to run, `facts` the columns of each fact that may be asked, `laws` a folder of
    law texts; what is None is not checked. Never raises for a faulty pack.
    """
    try:
        pack = load_pack(folder)
    except PackError as refused:
        return refused.findings
    return findings_of(pack, house=house, facts=facts, laws=laws)


def findings_of(
    pack: Pack,
    *,
    house: House | None = None,
    facts: Facts | None = None,
    laws: pathlib.Path | str | None = None,
) -> tuple[Finding, ...]:
    """The findings of a pack that is already read."""
    texts = None if laws is None else LawTexts(pathlib.Path(laws))
    form = _form_of(pack)
    found = [*_limits(pack), *material_findings(pack, form, facts), *_form(pack), *_process(pack, house or House())]
    found += [*result_findings(pack, form), *_templates(pack)]
    found += rule_findings(pack.files, pack.source, form, _decisions_of(pack), facts=facts, laws=texts)
    if texts is not None:
        found.extend(_articles(pack, texts))
    return (*found, *_examples(pack))


def unrunnable(pack: Pack) -> tuple[Finding, ...]:
    """What keeps the examples of a pack from being run at all: a form or a process that is none."""
    return (*_form(pack), *_not_executable(pack))


def _examples(pack: Pack) -> Iterator[Finding]:
    names = [name for name in pack.files if is_example(name)]
    if not names:
        yield Finding("packs.no_examples", "examples:1")
    for name in names:
        try:
            yield from example_findings(read_yaml(name, pack.files[name]), pack.files)
        except PackError as refused:
            yield from refused.findings


def _limits(pack: Pack) -> Iterator[Finding]:
    limits, item, at = pack.service["limits"], pack.service["item"], pack.source.at
    legal, promise = limits["legal"], limits["promise"]
    yield from _countable(pack)
    for index, fee in enumerate(pack.service.get("fees") or []):
        if not _AMOUNT.fullmatch(fee["amount"]):
            yield Finding("packs.fee", at(f"/fees/{index}"), {"fee": fee["code"], "found": fee["amount"][:60]})
    if legal["unit"] != promise["unit"]:
        yield Finding("packs.limit_units", at("/limits/promise"))
    elif promise["number"] > legal["number"]:
        params = {"promise": promise["number"], "legal": legal["number"]}
        yield Finding("packs.promise_above_legal", at("/limits/promise"), params)
    licence = str(item["item_type"]) == choices.ItemType.ADMIN_LICENSE
    above = legal["unit"] != choices.LimitUnit.WORKING_DAY or legal["number"] > LICENCE_LIMIT
    if licence and above and not legal.get("basis"):
        yield Finding("packs.limit_law", at("/limits/legal"), {"legal": legal["number"]})
    if item["handling_kind"] == choices.HandlingKind.INSTANT and promise["number"] > 1:
        yield Finding("packs.instant", at("/limits/promise"))
    total = sum(step["days"] for step in pack.service["steps"])
    if total > promise["number"] and promise["unit"] == choices.LimitUnit.WORKING_DAY:
        yield Finding("packs.steps_above_promise", at("/steps"), {"total": total, "promise": promise["number"]})
    for index, procedure in enumerate(pack.service.get("special_procedures") or []):
        if licence and procedure["type"] not in choices.LICENSING_LAW_PROCEDURES:
            params = {"procedure": procedure["type"]}
            yield Finding("packs.procedure_law", at(f"/special_procedures/{index}"), params)


def _countable(pack: Pack) -> Iterator[Finding]:
    """Limits that the clocks of a case can count."""
    limits, at = pack.service["limits"], pack.source.at
    for name, limit in limits.items():
        if isinstance(limit, Mapping) and limit["unit"] == choices.LimitUnit.HOUR:
            yield Finding("packs.limit_hours", at(f"/limits/{name}"), {"name": f"limits.{name}"})
    if limits.get("correction_due") and limits["correction_due"]["number"] < 1:
        yield Finding("packs.correction_due", at("/limits/correction_due"))


def _form(pack: Pack) -> Iterator[Finding]:
    if "form.json" not in pack.files:
        yield Finding("packs.no_form", "form.json:1")
        return
    try:
        compile_form(pack.form or {})
    except EngineError as fault:
        yield Finding("packs.form", _form_place(pack, fault.position or ""), {"cause": fault})
    except ValueError as fault:
        yield Finding("packs.form", f"form.json:{getattr(fault, 'lineno', 1)}", {"cause": str(fault)[:200]})


def _form_of(pack: Pack) -> Form | None:
    """The compiled form, None where it cannot be compiled (which has its own finding)."""
    try:
        return compile_form(pack.form or {})
    except ValueError:
        return None


def _form_place(pack: Pack, pointer: str) -> str:
    """The line of a JSON pointer into form.json (JSON is YAML, whose lines are known)."""
    try:
        return read_yaml("form.json", pack.files["form.json"]).at(pointer)
    except PackError:
        return "form.json:1"


def _process(pack: Pack, house: House) -> Iterator[Finding]:
    refused = tuple(_not_executable(pack))
    yield from refused
    if refused:
        return
    raw = pack.files["process.bpmn"]
    graph = bpmn.compile_process(bpmn.read(raw))
    for fault in examine(graph).findings:
        cause = fault.as_dict()["message"]
        yield Finding("packs.soundness", place_of(raw, fault.elements[0]), {"cause": cause}, blocking=fault.blocking)
    yield from element_findings(pack, graph, raw, house)
    yield from _misread(pack, graph, raw)
    yield from _unused(pack, graph)


def _misread(pack: Pack, graph: bpmn.Graph, raw: bytes) -> Iterator[Finding]:
    try:
        decisions = compiled(pack.files[FILE]).decisions if FILE in pack.files else None
    except EngineError:  # the check of the rules says why they cannot be read
        return
    if decisions is not None:
        yield from answer_findings(graph, raw, decisions)


def _not_executable(pack: Pack) -> Iterator[Finding]:
    raw = pack.files.get("process.bpmn")
    if raw is None:
        yield Finding("packs.no_process", "process.bpmn:1")
        return
    report: Any = bpmn.check(raw)
    for finding in report["findings"]:
        if finding["blocking"]:
            yield Finding("packs.process", f"process.bpmn:{finding.get('line') or 1}", {"cause": finding["message"]})


def _unused(pack: Pack, graph: bpmn.Graph) -> Iterator[Finding]:
    declared, used = set(pack.service["roles"]), {node.role for node in graph.nodes.values()}
    # The head extends time limits outside the drawn process (行政许可法 第42条).
    for role in sorted(declared - used - {"head"}):
        yield Finding("packs.role_unused", pack.source.at("/roles"), {"role": role}, blocking=False)


def _decisions_of(pack: Pack) -> dict[str, str]:
    """The decisions that the process asks for, each with its place; none where the process cannot be compiled."""
    raw = pack.files.get("process.bpmn", b"")
    try:
        graph = bpmn.compile_process(bpmn.read(raw))
    except EngineError:
        return {}
    nodes = [node for node in graph.nodes.values() if node.decision]
    return {node.decision: place_of(raw, node.id) for node in nodes}


def _templates(pack: Pack) -> Iterator[Finding]:
    for name, raw in pack.files.items():
        if name.endswith(".typ") and (found := _PACKAGE.search(raw.decode("utf-8", "replace"))):
            line = raw.decode("utf-8", "replace").count("\n", 0, found.start()) + 1
            yield Finding("packs.package_import", f"{name}:{line}")


def _articles(pack: Pack, laws: LawTexts) -> Iterator[Finding]:
    for pointer, basis in bases(pack.service):
        place, law, article = pack.source.at(pointer), basis["law"], basis["article"]
        edition = str(basis.get("edition") or "")
        if not laws.has(law, edition):
            yield Finding("packs.law_unknown", place, {"law": law, "edition": edition})
            continue
        said = laws.article(law, article, edition)
        if said is None:
            yield Finding("packs.article_unknown", place, {"law": law, "article": article})
        elif basis.get("quote") and basis["quote"] not in said.replace("\n", ""):
            yield Finding("packs.quote_differs", place, {"law": law, "article": article})


def bases(value: Any, pointer: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every cited article (a mapping with `law` and `article`) and where it stands."""
    if isinstance(value, Mapping):
        if "law" in value and "article" in value:
            yield pointer, value
            return
        for name, inner in value.items():
            yield from bases(inner, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from bases(inner, f"{pointer}/{index}")
