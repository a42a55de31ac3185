"""What is wrong with the rules of a pack: inputs without source, sources of another kind, gaps, rows without a law."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from zhengtong.engines import dmn
from zhengtong.engines.dmn.explaining import ARTICLES, REASONS
from zhengtong.engines.dmn.frames import Session
from zhengtong.engines.dmn.model import Rule, Table
from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms import Form
from zhengtong.matters.catalog.packs.findings import Finding
from zhengtong.matters.catalog.packs.laws import LawTexts
from zhengtong.matters.catalog.packs.rules.origins import APPLICANT, DAYS, MAY_LACK, OF_ANSWERS, Origin, read_origin
from zhengtong.matters.catalog.packs.rules.rulebook import FILE, compiled, words_of
from zhengtong.matters.catalog.packs.sources import Source

Facts = Mapping[str, Collection[str]]
"""The facts that may be asked, each with its columns."""

_CITED = re.compile(r"《([^》]+)》(?:[（(](\d{4}-\d{2}-\d{2})[）)])?((?:第[零〇一二三四五六七八九十百千]+条)?)")


def rule_findings(
    files: Mapping[str, bytes],
    source: Source,
    form: Form | None,
    asked: Mapping[str, str],
    *,
    facts: Facts | None = None,
    laws: LawTexts | None = None,
) -> Iterator[Finding]:
    """Everything wrong with the rules. `asked` are the decisions that the process names, each with its place.

    `facts` that exist and `laws` to look articles up in may be left out: then those are not checked.
    """
    stated = source.data.get("rules") or {}
    if FILE not in files:
        for decision, place in asked.items():
            yield Finding("packs.no_rules", place, {"decision": decision})
        if stated:
            yield Finding("packs.no_rules_file", source.at("/rules"))
        return
    try:
        decisions = compiled(files[FILE]).decisions
    except EngineError as fault:
        yield Finding("packs.rules", f"{FILE}:{_line(fault)}", {"cause": fault})
        return
    yield from _asked(source, stated, decisions.model, asked)
    yield from _inputs(source, stated.get("inputs") or {}, decisions, form, facts)
    yield from _analysis(decisions)
    yield from _unknown(decisions, stated.get("inputs") or {})
    yield from _words(source, stated, decisions.model)
    yield from _rules(decisions.model, laws)


def _line(fault: EngineError) -> str:
    found = re.search(r"line (\d+)", fault.position or "")
    return found.group(1) if found else "1"


def _asked(source: Source, stated: Mapping[str, Any], model: dmn.Model, asked: Mapping[str, str]) -> Iterator[Finding]:
    names = {decision.name: decision.line for decision in model.decisions}
    known = "、".join(names)
    for decision, place in asked.items():
        if decision not in names:
            yield Finding("packs.decision_unknown", place, {"decision": decision, "known": known})
    declared = {entry["code"]: index for index, entry in enumerate(stated.get("decisions") or [])}
    for decision, line in names.items():
        if decision not in declared:
            yield Finding("packs.decision_undeclared", f"{FILE}:{line or 1}", {"decision": decision})
    for decision, index in declared.items():
        if decision not in names:
            place = source.at(f"/rules/decisions/{index}")
            yield Finding("packs.decision_unknown", place, {"decision": decision, "known": known})


def _inputs(
    source: Source, stated: Mapping[str, Any], decisions: dmn.Decisions, form: Form | None, facts: Facts | None
) -> Iterator[Finding]:
    inputs = {data.name: data for data in decisions.model.inputs}
    for name, data in inputs.items():
        if name not in stated:
            yield Finding("packs.input_unmapped", f"{FILE}:{data.line or 1}", {"input": name})
    for name, text in stated.items():
        place = source.at(f"/rules/inputs/{name}")
        if name not in inputs:
            yield Finding("packs.input_unknown", place, {"input": name, "known": "、".join(inputs)})
            continue
        origin = read_origin(str(text))
        kind = _kind_of(origin, source, form, facts) if origin else None
        if origin is None or kind is None:
            yield Finding("packs.input_source", place, {"input": name, "source": str(text)[:80]})
            continue
        wanted = _declared(decisions, name)
        if not _fits(kind, wanted):
            params = {"input": name, "source": text, "kind": kind, "wanted": wanted}
            yield Finding("packs.input_kind", place, params)


def _kind_of(origin: Origin, source: Source, form: Form | None, facts: Facts | None) -> str | None:
    """What FEEL makes of a source, "" where only the source knows, None where there is none such."""
    if origin.kind == "answer":
        asked = form.fields.get(origin.name) if form else None
        return "" if form is None else OF_ANSWERS[asked.kind] if asked else None
    if origin.kind == "material":
        codes = {material["code"] for material in source.data["materials"]}
        return "boolean" if origin.name in codes else None
    if origin.kind == "fact":
        return "" if facts is None or origin.column in facts.get(origin.name, ()) else None
    return (APPLICANT if origin.kind == "applicant" else DAYS).get(origin.name)


def _declared(decisions: dmn.Decisions, name: str) -> str:
    data = next(data for data in decisions.model.inputs if data.name == name)
    declared = decisions.nodes[decisions.model.namespace, data.id]
    kind: str = declared.declared.kind.kind  # type: ignore[union-attr] # an input has a type
    return kind


def _fits(kind: str, wanted: str) -> bool:
    return not kind or wanted in ("Any", kind)


def _unknown(decisions: dmn.Decisions, stated: Mapping[str, Any]) -> Iterator[Finding]:
    """What nobody knows must not count as a case: `not("x")` lets an unknown value pass, `not("x", null)` does not."""
    may_lack = {name for name, text in stated.items() if str(text).partition(":")[0] in MAY_LACK}
    run = Session(None)
    for table in decisions.tables:
        for column, (asked, tests) in enumerate(zip(table.table.inputs, table.columns, strict=True)):
            name = asked.expression.text.strip()
            if name not in may_lack:
                continue
            for number, (rule, test) in enumerate(zip(table.table.rules, tests.cells, strict=True), 1):
                text = rule.tests[column]
                if test is not None and "null" not in text and text != "-" and test.matches(None, {}, run) is True:
                    params = {"decision": table.title, "rule": number, "input": name, "cell": text}
                    yield Finding("packs.rule_unknown", f"{FILE}:{rule.line or 1}", params)


def _analysis(decisions: dmn.Decisions) -> Iterator[Finding]:
    for found in dmn.analyse(decisions):
        cause = {"zh-hans": found.text("zh-hans"), "en": found.text("en")}
        yield Finding("packs.rules", f"{FILE}:{found.line or 1}", {"cause": cause}, blocking=found.blocking)


def _words(source: Source, stated: Mapping[str, Any], model: dmn.Model) -> Iterator[Finding]:
    """Words that results are made of are shown to people, so each has its text in both languages."""
    declared = set(stated.get("words") or [])
    for decision in model.decisions:
        if isinstance(decision.logic, Table):
            for rule in decision.logic.rules:
                for result in rule.results:
                    word = re.fullmatch(r'\s*"([^"\\]+)"\s*', result.text)
                    if word and word.group(1) not in declared:
                        declared.add(word.group(1))
                        yield Finding("packs.word_undeclared", f"{FILE}:{rule.line or 1}", {"word": word.group(1)})
    written = frozenset(words_of(model))
    for index, word in enumerate(stated.get("words") or []):
        if word not in written:
            yield Finding("packs.word_unused", source.at(f"/rules/words/{index}"), {"word": word})


def _rules(model: dmn.Model, laws: LawTexts | None) -> Iterator[Finding]:
    """Every rule names the article it rests on (依据); what it says to people it says in both languages."""
    for decision in model.decisions:
        if not isinstance(decision.logic, Table):
            continue
        for number, rule in enumerate(decision.logic.rules, 1):
            place, params = f"{FILE}:{rule.line or 1}", {"decision": decision.name, "rule": number}
            cited = citations(_annotated(decision.logic, rule, ARTICLES["zh-hans"]))
            if not cited:
                yield Finding("packs.rule_without_article", place, params)
            for law, edition, article in cited:
                yield from _article(law, edition, article, place, laws)
            for held in (ARTICLES, REASONS):
                said = {locale: _annotated(decision.logic, rule, held[locale]) for locale in held}
                if any(said.values()) and not all(said.values()):
                    missing = next(locale for locale in said if not said[locale])
                    column = held[missing][0]
                    yield Finding("packs.rule_one_language", place, {**params, "column": column})


def _annotated(table: Table, rule: Rule, columns: Collection[str]) -> str:
    """What a rule says in the annotation columns of these names."""
    pairs = zip(table.annotations, rule.annotations, strict=False)
    return "；".join(text for name, text in pairs if name.lower() in columns and text)


def citations(text: str) -> list[tuple[str, str, str]]:
    """Law, edition (may be "") and article of each `《法》第X条` in a text; a law without article is none."""
    return [(law, edition, article) for law, edition, article in _CITED.findall(text) if article]


def _article(law: str, edition: str, article: str, place: str, laws: LawTexts | None) -> Iterator[Finding]:
    if laws is None:
        return
    if not laws.has(law, edition):
        yield Finding("packs.law_unknown", place, {"law": law, "edition": edition})
    elif laws.article(law, article, edition) is None:
        yield Finding("packs.article_unknown", place, {"law": law, "article": article})
