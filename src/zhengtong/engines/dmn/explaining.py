"""The reasons of an answer in plain Chinese and English: for a citizen's letter and for an official's panel."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhengtong.engines.dmn.tracing import (
    Annotation,
    CallStep,
    CellStep,
    Condition,
    DecisionStep,
    ExpressionStep,
    Part,
    RuleStep,
    TableStep,
    Trace,
)
from zhengtong.engines.dmn.wording import phrase, say_test, say_value
from zhengtong.engines.errors import DEFAULT_LOCALE, normal_locale

Questions = Mapping[str, str | Mapping[str, str]]
"""The question that would answer a missing fact, by the fact's name: a text, or one by locale."""

# Names of annotation columns; under the first stand articles of law, under the second sentences for the citizen.
ARTICLES = {"zh-hans": ("依据", "法律依据", "条款"), "en": ("article", "legal basis", "basis")}
REASONS = {"zh-hans": ("理由", "说明"), "en": ("reason", "explanation")}
_NEAREST = 2


@dataclass(frozen=True, slots=True)
class CellLine:
    """A column in words: what it is called, what was given, what the rule wants, and whether that holds."""

    title: str
    given: str
    wanted: str
    passed: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in words; `articles` and `reasons` are its annotations, `counted` whether it made the answer."""

    number: int
    counted: bool
    text: str
    cells: tuple[CellLine, ...]
    articles: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one decision is what it is. `settled`: it has an answer without any problem, and one line says it."""

    decision: str
    title: str
    question: str
    answer: str
    settled: bool
    text: tuple[str, ...]
    facts: tuple[str, ...]
    rules: tuple[RuleLine, ...]
    articles: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that was needed and not given, and the question that would answer it ("" where none is known)."""

    name: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole: one conclusion, then the reasons of the decision asked for and of each it rests on."""

    locale: str
    conclusion: str
    reasons: tuple[Reason, ...]
    missing: tuple[MissingFact, ...]

    def letter(self) -> tuple[str, ...]:
        """Paragraphs for the citizen: the conclusion, why, on what law, and what is still to be answered."""
        paragraphs = [_stop(self.conclusion, self.locale)]
        for reason in self.reasons:
            told = [text for rule in reason.rules if rule.counted for text in rule.reasons or (rule.text,)]
            told = [_stop(each, self.locale) for each in told or reason.text]
            if reason.articles:
                told.append(phrase("basis", self.locale, articles=_joined(reason.articles, self.locale)))
            if told:
                paragraphs.append(("" if self.locale == "zh-hans" else " ").join(told))
        return (*paragraphs, *(each.text for each in self.missing))

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {**dataclasses.asdict(self), "letter": list(self.letter())}


def explain(trace: Trace, locale: str = DEFAULT_LOCALE, *, questions: Questions | None = None) -> Explanation:
    """The reasons of the last decision of `trace` (the one asked for), then of those before it.

    `questions` gives the question that would answer a missing fact, by its name (of a fact within a structure, by its
    path, `applicant.age`). Annotation columns named 依据 / article hold law, those named 理由 / reason sentences for
    the citizen; each language takes its own and, where it has none, the other's.
    """
    locale = normal_locale(locale)
    steps = trace.steps
    if not steps:
        return Explanation(locale, phrase("no_answer", locale), (), _missing(trace, locale, questions or {}))
    asked = steps[-1]
    answer = asked.answer if isinstance(asked.answer, str) else say_value(asked.answer, locale)
    if asked.answer is None:
        answer = phrase("no_answer", locale)
    return Explanation(
        locale,
        phrase("conclusion", locale, title=_title(asked), answer=answer),
        tuple(_reason(step, locale) for step in reversed(steps)),
        _missing(trace, locale, questions or {}),
    )


def _title(step: DecisionStep) -> str:
    return step.label or step.name


def _reason(step: DecisionStep, locale: str) -> Reason:
    rules = tuple(line for part in _walk(step.parts) if isinstance(part, TableStep) for line in _rules(part, locale))
    articles = dict.fromkeys(article for rule in rules if rule.counted for article in rule.articles)
    return Reason(
        step.id,
        _title(step),
        step.question,
        say_value(step.answer, locale),
        step.answer is not None and not step.problems,
        tuple(text for part in step.parts for text in _sentences(part, locale)),
        tuple(phrase("fact", locale, name=f.name, value=say_value(f.value, locale)) for f in step.facts),
        rules,
        tuple(articles),
        tuple(problem.text(locale) for problem in step.problems),
    )


def _walk(parts: Iterable[Part]) -> Iterator[Part]:
    """Every part, those inside calls and services behind them."""
    for part in parts:
        yield part
        if isinstance(part, CallStep | DecisionStep):
            yield from _walk(part.parts)


def _sentences(part: Part, locale: str) -> list[str]:
    if isinstance(part, TableStep):
        return _of_table(part, locale)
    if isinstance(part, ExpressionStep):
        return [phrase("expression", locale, text=part.text, answer=say_value(part.answer, locale))]
    inner = [text for each in part.parts for text in _sentences(each, locale)]
    return [phrase("call", locale, name=part.name, answer=say_value(part.answer, locale)), *inner]


def _of_table(table: TableStep, locale: str) -> list[str]:
    lines = _rules(table, locale)
    counted = [line.text for line in lines if line.counted]
    if counted:
        return counted
    matched = [rule.number for rule in table.rules if rule.matched]
    if matched:
        numbers = phrase("comma", locale).join(str(number) for number in matched)
        return [phrase("conflict", locale, numbers=numbers)]
    if table.refused:
        return [phrase("refused", locale, title=table.refused)]
    return [phrase("default" if table.by_default else "none", locale), *(line.text for line in lines)]


def _rules(table: TableStep, locale: str) -> list[RuleLine]:
    """The rules that matched; where none did, those that came nearest."""
    matched = [rule for rule in table.rules if rule.matched]
    if matched:
        return [_rule(rule, table, locale) for rule in matched]
    if table.by_default or table.refused:
        return []
    near = sorted(table.rules, key=_failures)[:_NEAREST]
    return [_near(rule, table, locale) for rule in near if 0 < _failures(rule) < max(2, len(rule.cells))]


def _failures(rule: RuleStep) -> int:
    return sum(cell.passed is not True for cell in rule.cells)


def _rule(rule: RuleStep, table: TableStep, locale: str) -> RuleLine:
    cells = _cells(rule, table, locale)
    said = [cell.text for cell, step in zip(cells, rule.cells, strict=False) if step.text != "-"]
    name = "rule" if said else "rule_always"
    text = phrase(name, locale, number=rule.number, cells=phrase("separator", locale).join(said))
    return _line(rule, text, cells, locale)


def _near(rule: RuleStep, table: TableStep, locale: str) -> RuleLine:
    cells = _cells(rule, table, locale)
    failed = [cell.text for cell in cells if cell.passed is not True]
    text = phrase("near", locale, number=rule.number, cells=phrase("separator", locale).join(failed))
    return _line(rule, text, cells, locale)


def _line(rule: RuleStep, text: str, cells: tuple[CellLine, ...], locale: str) -> RuleLine:
    return RuleLine(
        rule.number,
        rule.counted,
        text,
        cells,
        _annotated(rule.annotations, ARTICLES, locale),
        _annotated(rule.annotations, REASONS, locale),
    )


def _cells(rule: RuleStep, table: TableStep, locale: str) -> tuple[CellLine, ...]:
    pairs = zip(table.conditions, rule.cells, strict=False)
    return tuple(_cell(condition, cell, locale) for condition, cell in pairs)


def _cell(condition: Condition, cell: CellStep, locale: str) -> CellLine:
    given, wanted = say_value(condition.value, locale), say_test(cell.text, locale)
    name = "cell_missing" if condition.value is None else "cell"
    text = phrase(name, locale, title=condition.title, given=given, wanted=wanted)
    return CellLine(condition.title, given, wanted, cell.passed, text)


def _annotated(
    annotations: Iterable[Annotation], columns: Mapping[str, tuple[str, ...]], locale: str
) -> tuple[str, ...]:
    """What stands under the columns of a language; under the other's, where there is nothing."""
    found: dict[str, list[str]] = {}
    for annotation in annotations:
        for language, names in columns.items():
            if annotation.column.lower() in names:
                found.setdefault(language, []).append(annotation.text)
    own = found.get(locale) or next(iter(found.values()), [])
    return tuple(own)


def _missing(trace: Trace, locale: str, questions: Questions) -> tuple[MissingFact, ...]:
    names = dict.fromkeys(trace.missing)
    for step in trace.steps:
        for part in _walk(step.parts):
            if isinstance(part, TableStep):
                names |= dict.fromkeys(_unanswered(part, trace.missing))
    return tuple(_missing_fact(name, locale, questions) for name in names)


def _unanswered(table: TableStep, known: tuple[str, ...]) -> Iterator[str]:
    """Columns without a value that kept a table without a matching rule, by their expressions."""
    if any(rule.matched for rule in table.rules):
        return
    for condition in table.conditions:
        name = condition.expression
        if condition.value is None and name not in known and name.split(".")[0].strip() not in known:
            yield name


def _missing_fact(name: str, locale: str, questions: Questions) -> MissingFact:
    given = questions.get(name, "")
    question = given if isinstance(given, str) else given.get(locale) or given.get(DEFAULT_LOCALE, "")
    if question:
        return MissingFact(name, question, phrase("missing_question", locale, question=question))
    return MissingFact(name, "", phrase("missing", locale, name=name))


def _joined(texts: Iterable[str], locale: str) -> str:
    return phrase("separator", locale).join(text.rstrip("。.") for text in texts)


def _stop(text: str, locale: str) -> str:
    """A sentence with its full stop."""
    if text.endswith(("。", ".", "！", "？", "!", "?")):
        return text
    return text + ("。" if locale == "zh-hans" else ".")
