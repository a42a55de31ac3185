"""What the rules said in the words of the pack: lines for the official who checks, sentences for the letter."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

from zhengtong.engines import dmn
from zhengtong.engines.dmn.explaining import Reason
from zhengtong.engines.dmn.wording import phrase
from zhengtong.engines.errors import normal_locale
from zhengtong.engines.forms import Form
from zhengtong.matters.catalog.packs.rules.origins import read_origin
from zhengtong.matters.catalog.packs.rules.rulebook import Ruled

_QUOTED = re.compile(r"“([^“”]*)”")
STARS = "****"
_MISSING = {"zh-hans": "还缺：{question}", "en": "Missing: {question}"}
_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Line:
    """One decision as the official reads it: a `passed` line says enough, a `doubtful` one opens its trace.

    `words` are the answer and its articles in one line; `trace` the facts and the arithmetic, `rule` the row that
    counted, `articles` what it rests on.
    """

    decision: str
    title: str
    state: str
    words: str
    trace: tuple[str, ...]
    rule: str
    articles: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """The words of a pack's rules in one language."""

    rules: Mapping[str, Any]
    texts: Mapping[str, Any]
    form: Form
    locale: str

    @property
    def _said(self) -> Mapping[str, Any]:
        said: Mapping[str, Any] = self.texts.get(normal_locale(self.locale), {}).get("rules") or {}
        return said

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What inputs and decisions are called, longest first, so that one name inside another comes later."""
        decisions = {name: texts.get("name", name) for name, texts in (self._said.get("decisions") or {}).items()}
        found = {**(self._said.get("inputs") or {}), **decisions}
        return {name: found[name] for name in sorted(found, key=len, reverse=True)}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """What the words of the rules and the codes of answers are called."""
        options = {
            option.value: option.label[normal_locale(self.locale)]
            for field in (self.form.fields.get(key) for key in self._asked)
            if field is not None
            for option in field.options
        }
        return {**options, **(self._said.get("words") or {})}

    @property
    def _asked(self) -> Iterator[str]:
        for text in (self.rules.get("inputs") or {}).values():
            origin = read_origin(str(text))
            if origin is not None and origin.kind == "answer":
                yield origin.name

    def question(self, name: str) -> str:
        """What would supply an input: the question of the form, or the pack's own sentence."""
        origin = read_origin(str((self.rules.get("inputs") or {}).get(name, "")))
        field = self.form.fields.get(origin.name) if origin is not None and origin.kind == "answer" else None
        if field is not None:
            return field.label[normal_locale(self.locale)]
        return str((self._said.get("questions") or {}).get(name) or self.names.get(name, name))

    def value(self, value: Any) -> str:
        """A plain value as a letter has it."""
        if isinstance(value, bool):
            return phrase("true" if value else "false", self.locale)
        return self.words.get(str(value), str(value))

    def tell(self, text: str) -> str:
        """A sentence of the engine with the pack's names and words in it."""
        told = _QUOTED.sub(lambda found: f"“{self.words.get(found.group(1), found.group(1))}”", text)
        for name, called in self.names.items():
            told = told.replace(name, called) if name != called else told
        return told

    # What is told

    def lines(self, ruled: Ruled, hidden: frozenset[str] = frozenset()) -> tuple[Line, ...]:
        """A line for each decision made, the one asked for first; the values of `hidden` inputs are starred."""
        explained = dmn.explain(ruled.trace, self.locale, questions=self._questions(ruled))
        missing = tuple(_MISSING[self.locale].format(question=question) for question in self.missing(ruled))
        return tuple(
            self._line(_starred(reason, hidden), () if behind else missing)
            for behind, reason in enumerate(explained.reasons)
        )

    def missing(self, ruled: Ruled) -> tuple[str, ...]:
        """The questions that would supply what is missing, where the rules came to nothing for want of it."""
        return tuple(self.question(name) for name in ruled.missing) if undecided(ruled.value) else ()

    def reasons(self, ruled: Ruled) -> tuple[str, ...]:
        """Why, a sentence for each rule that counted, with its articles: for the letter, from the first rule on."""
        explained = dmn.explain(ruled.trace, self.locale)
        told = [self._reason(rule) for reason in reversed(explained.reasons) for rule in reason.rules if rule.counted]
        return tuple(dict.fromkeys(told))

    def content(self, ruled: Ruled) -> tuple[str, ...]:
        """What is granted: the pack's sentence for the decision, filled with what it came to."""
        values = ruled.value if isinstance(ruled.value, Mapping) else {ruled.decision: ruled.value}
        sentence = ((self._said.get("decisions") or {}).get(ruled.decision) or {}).get("letter")
        if not sentence:
            return ()
        fill = {name: self.value(value) for name, value in values.items()}
        return (_PLACE.sub(lambda found: fill.get(found.group(1).strip(), found.group()), sentence),)

    def _questions(self, ruled: Ruled) -> dict[str, str]:
        return {name: self.question(name) for name in ruled.inputs}

    def _line(self, reason: Reason, missing: tuple[str, ...]) -> Line:
        stated = {entry["code"]: entry for entry in self.rules.get("decisions") or []}
        attended = stated.get(reason.title, {}).get("attend") or ()
        counted = [self._reason(rule) for rule in reason.rules if rule.counted]
        passed = reason.settled and not missing and not any(f"“{word}”" in reason.answer for word in attended)
        answer, articles = self.tell(reason.answer), "；".join(reason.articles)
        told = [self.tell(text) for text in (*reason.facts, *reason.text)]
        problems = [self.tell(text) for text in reason.problems]
        return Line(
            decision=reason.title,
            title=self.names.get(reason.title, reason.title),
            state="passed" if passed else "doubtful",
            words=f"{answer}；{articles}" if articles else answer,
            trace=(*dict.fromkeys([*told, *problems, *missing]),),
            rule=" ".join(counted),
            articles=reason.articles,
        )

    def _reason(self, rule: Any) -> str:
        told = "".join(rule.reasons) or self.tell(rule.text)
        if not rule.articles:
            return told
        gap = " " if normal_locale(self.locale) == "en" else ""
        joined = phrase("separator", self.locale).join(rule.articles)
        return told + gap + phrase("basis", self.locale, articles=joined)


def undecided(value: Any) -> bool:
    """Whether the rules came to nothing, or to nothing in some part."""
    if isinstance(value, Mapping):
        return any(undecided(item) for item in value.values())
    return value is None


def _starred(reason: Reason, hidden: frozenset[str]) -> Reason:
    """A reason without the values of some inputs."""
    if not hidden:
        return reason
    replaced: dict[str, str] = {}
    rules = []
    for rule in reason.rules:
        text = rule.text
        for cell in rule.cells:
            if cell.title in hidden:
                behind = len(cell.title) if cell.text.startswith(cell.title) else 0
                closed = cell.text[:behind] + cell.text[behind:].replace(cell.given, STARS, 1)
                text = text.replace(cell.text, closed)
        replaced[rule.text] = text
        rules.append(dataclasses.replace(rule, text=text))
    facts = tuple(_starred_fact(fact, hidden) for fact in reason.facts)
    texts = tuple(replaced.get(text, text) for text in reason.text)
    return dataclasses.replace(reason, rules=tuple(rules), facts=facts, text=texts)


def _starred_fact(fact: str, hidden: frozenset[str]) -> str:
    name, separator, _value = fact.partition("：") if "：" in fact else fact.partition(":")
    return f"{name}{separator}{STARS}" if name in hidden else fact


def letter_of(ruled: Ruled, wordings: Mapping[str, Wording]) -> dict[str, Any]:
    """What a decision letter says of a ruling: `content` and `reasons`, each entry {text, text_en}."""
    chinese, english = wordings["zh-hans"], wordings["en"]
    return {
        "content": _paired(chinese.content(ruled), english.content(ruled)),
        "reasons": _paired(chinese.reasons(ruled), english.reasons(ruled)),
    }


def _paired(chinese: tuple[str, ...], english: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"text": zh, "text_en": en} for zh, en in zip_longest(chinese, english, fillvalue="")]


def wording_of(rules: Mapping[str, Any] | None, texts: Mapping[str, Any], form: Form, locale: str) -> Wording:
    """The words of a pack: `rules` as service.yaml states them, `texts` by locale."""
    return Wording(rules or {}, texts, form, normal_locale(locale))
