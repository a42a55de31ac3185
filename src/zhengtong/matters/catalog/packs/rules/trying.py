"""The rules as an example of a pack asks them: its answers and facts stand in for those of a case."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhengtong.engines.errors import LOCALES
from zhengtong.engines.forms import compile_form
from zhengtong.matters.catalog.packs.rules.origins import Known
from zhengtong.matters.catalog.packs.rules.rulebook import Rulebook, Ruled, rulebook_of
from zhengtong.matters.catalog.packs.rules.wording import Wording, wording_of
from zhengtong.matters.catalog.packs.sources import Source, read_yaml

if TYPE_CHECKING:
    from zhengtong.matters.catalog.packs.loading import Pack


class TrialRules:
    """The rules as one example asks them: its answers and facts, learnt step by step, and what came out."""

    def __init__(self, pack: "Pack", source: Source) -> None:
        self.pack = pack
        self.form = compile_form(pack.form or {})
        self.book: Rulebook | None = rulebook_of(pack.files, pack.service, self.form)
        self.answers: dict[str, Any] = {}
        self.facts: dict[str, Mapping[str, Any]] = {}
        self.silent: set[str] = set()
        self.applicant = {"kind": "organisation", **(source.data.get("known") or {})}
        if "applicant_kind" in source.data:
            self.applicant["kind"] = str(source.data["applicant_kind"])
        self.told: list[dict[str, Any]] = []
        stated = pack.service.get("rules")
        self.wordings = {locale: wording_of(stated, pack.texts, self.form, locale) for locale in LOCALES}
        self.learn(source.data)

    def learn(self, entry: Mapping[str, Any]) -> None:
        """Take over `answers` (or the name of a file of them) and `facts`; a fact that is null does not answer."""
        given = entry.get("answers")
        if isinstance(given, str):
            raw = self.pack.files[f"examples/{given}"]
            given = read_yaml(given, raw).data
        self.answers |= given or {}
        for name, values in (entry.get("facts") or {}).items():
            self.silent.discard(name)
            self.facts[name] = values or {}
            if values is None:
                self.silent.add(name)

    def rule(self, decision: str, submitted: dt.date, now: dt.datetime) -> Ruled:
        """Ask, and note value, rules that counted, reasons in both languages, and the questions for what is missing."""
        if self.book is None:
            raise ValueError("rules.dmn")
        known = Known(self.answers, self.applicant, submitted, now.date(), self.facts, self._materials())
        ruled = self.book.rule(decision, self.book.gather(known), now)
        self.told.append(_told(ruled, self.wordings))
        return ruled

    def _materials(self) -> frozenset[str]:
        """What was handed in, or supplied by sharing unless its source is silent."""
        uploaded = {field.material or field.key for field in self.form.files if self.answers.get(field.key)}
        stated = self.pack.service["materials"]
        supplied = {each["code"] for each in stated if each["how"] != "upload" and each.get("from") not in self.silent}
        return frozenset(uploaded | supplied)


def _told(ruled: Ruled, wordings: Mapping[str, Wording]) -> dict[str, Any]:
    found: dict[str, Any] = {"decision": ruled.decision, "value": ruled.value, "inputs": dict(ruled.inputs)}
    found["rules"] = ruled.trace.hits
    for locale, wording in wordings.items():
        suffix = "" if locale == "zh-hans" else f"_{locale}"
        found[f"reasons{suffix}"] = list(wording.reasons(ruled))
        found[f"content{suffix}"] = list(wording.content(ruled))
        found[f"missing{suffix}"] = list(wording.missing(ruled))
    return found
