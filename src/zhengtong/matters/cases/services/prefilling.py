"""Filling in what government already knows: asked of its authority once a draft, its source kept beside each answer.

What is fetched is never demanded again (国务院令第716号 第7条). A source that does not answer leaves the question open
for typing, and the draft says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from zhengtong.engines.forms import Form
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.choices import MaterialSource
from zhengtong.matters.cases.models import Draft
from zhengtong.matters.cases.queries import draft_by_token
from zhengtong.matters.cases.services.materials import Obtained
from zhengtong.matters.catalog.queries import item_spec
from zhengtong.people.identity import queries as identity
from zhengtong.records.exchange import services as exchange
from zhengtong.records.exchange.registry import facts

ACCOUNT = ("您的实名账户", "your account")
Sources = dict[str, dict[str, Any]]


def prefill(*, by: Actor, token: str) -> Draft:
    """Ask every fact the item's form and materials name, once; answers already typed stay as they are.

    Each source noted under the answer's key holds `name`, `name_en`, `at`, `state` (`fresh` or `unreachable`) and
    `original`; materials stand under `material:<code>`. Asks outside any write, then keeps all at once.
    """
    draft = draft_by_token(by, token)
    item = item_spec(draft.item_id)
    known = _asked(by, draft, {*_facts_of(item.form), *_facts_of_materials(item.stated)})
    sources: Sources = {**draft.sources}
    answers = {**draft.answers}
    for key, wanted, column in _wanted(item.form):
        if key not in sources and answers.get(key) in (None, "", []):
            _take(key, column, known.get(wanted), answers, sources)
    for entry in item.stated["materials"]:
        found = known.get(entry.get("from") or "")
        if found is not None:
            sources[f"material:{entry['code']}"] = {**found["source"], "state": found["state"]}

    def keep() -> Draft:
        draft.answers, draft.sources = answers, sources
        draft.save(update_fields=["answers", "sources"])
        return draft

    return write(keep)


def obtained_by_sharing(draft: Draft) -> dict[str, Obtained]:
    """The materials that need no paper because a source answered, by code."""
    return {
        key.partition(":")[2]: Obtained(MaterialSource.REGISTER)
        for key, source in draft.sources.items()
        if key.startswith("material:") and source.get("state") == "fresh"
    }


def changed_sources(form: Form, answers: Mapping[str, Any], sources: Mapping[str, Any]) -> Sources:
    """The sources with `changed` as the state of those whose answer the applicant has altered."""
    marked: Sources = {}
    for key, source in sources.items():
        altered = (
            key in form.fields
            and source.get("state") == "fresh"
            and _word(answers.get(key)) != _word(source.get("original"))
        )
        marked[key] = {**source, "state": "changed"} if altered else dict(source)
    return marked


def _word(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    return text.removesuffix(".0")


def _wanted(form: Form) -> Iterator[tuple[str, str, str]]:
    """(question, fact, column) of each question with a `source` hint: `fact:<name>/<column>` or `account:<column>`."""
    for key, field in form.fields.items():
        kind, _colon, rest = field.source.partition(":")
        if kind == "fact":
            name, _slash, column = rest.rpartition("/")
            yield key, name, column
        elif kind == "account":
            yield key, "account", rest


def _facts_of(form: Form) -> set[str]:
    return {name for _key, name, _column in _wanted(form)}


def _facts_of_materials(stated: Mapping[str, Any]) -> set[str]:
    return {entry["from"] for entry in stated["materials"] if entry.get("from")}


def _asked(by: Actor, draft: Draft, names: set[str]) -> dict[str, dict[str, Any]]:
    """What came back of each fact on offer: values, state, and the source as the reader is told it."""
    subject = ("organisation", draft.organisation_id) if draft.organisation_id else ("person", draft.person_id)
    known: dict[str, dict[str, Any]] = {"account": _account(by)} if "account" in names else {}
    for name in sorted(names):
        if name not in facts or subject[1] is None:
            continue
        offered = facts.get(name)
        answer = exchange.ask(by=by, fact=name, subject=(subject[0], subject[1]), purpose=("draft", draft.id))
        state = {"found": "fresh", "unreachable": "unreachable"}.get(answer.status)
        if state:
            known[name] = _known(answer.value, state, (offered.source_zh, offered.source_en), fact=name)
    return known


def _account(by: Actor) -> dict[str, Any]:
    person = identity.person(by.person_id or 0)
    return _known({"name": by.name, "phone": person.phone if person else None}, "fresh", ACCOUNT)


def _known(values: Mapping[str, Any], state: str, name: tuple[str, str], **more: Any) -> dict[str, Any]:
    source = {"name": name[0], "name_en": name[1], "at": clock.now().isoformat(), **more}
    return {"values": dict(values), "state": state, "source": source}


def _take(key: str, column: str, known: dict[str, Any] | None, answers: dict[str, Any], sources: Sources) -> None:
    if known is None:
        return
    value = known["values"].get(column)
    if known["state"] == "fresh" and value not in (None, ""):
        answers[key] = value
        sources[key] = {**known["source"], "state": "fresh", "original": value}
    elif known["state"] == "unreachable":
        sources[key] = {**known["source"], "state": "unreachable"}
