"""What a browser sent of one page of a form: answers, rows added or taken away, files taken in one by one.

In a correction a new file takes the place of those handed in before, which may be put back; they stay in the history.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from zhengtong.engines.forms import Field, Form, Kind, Page, answers_from_post, visible_fields
from zhengtong.foundation.core.errors import Invalid, Refusal
from zhengtong.foundation.files import choices, queries
from zhengtong.foundation.files import services as files
from zhengtong.foundation.policy import Actor

Answers = dict[str, Any]
MOST_FILES = 10


@dataclass
class Sent:
    """Answers of the whole draft with this page's laid over them, and what went wrong with its files.

    `earlier` are the files that a case under correction already holds, by question. `stay` tells that a row was added
    or removed, a file deleted or put back: the page is shown again, not judged, and `begin` is the field at which its
    reader goes on (`equipment.1.name`). `stored` are question and token of each file that this sending brought.
    """

    answers: Answers
    earlier: Mapping[str, list[str]] = field(default_factory=dict)
    stored: list[tuple[str, str]] = field(default_factory=list)
    file_faults: dict[str, list[str]] = field(default_factory=dict)
    begin: str = ""

    @property
    def stay(self) -> bool:
        """Whether the page is shown again as it is."""
        return bool(self.begin)


def shown_keys(form: Form, page: Page, answers: Mapping[str, Any]) -> list[str]:
    """The questions of a page as they were drawn for these answers."""
    seen = visible_fields(form, answers)
    return [found.key for found in form.fields_of(page) if found.key in seen and found.computed is None]


def page_sent(
    form: Form,
    page: Page,
    before: Mapping[str, Any],
    sent: QueryDict,
    earlier: Mapping[str, list[str]] | None = None,
) -> Sent:
    """The answers as typed. Files are left as they were, except those the reader deletes or puts back."""
    keys = shown_keys(form, page, before)
    pairs = [(name, value) for name in sent for value in sent.getlist(name)]
    typed = answers_from_post(form, pairs, [key for key in keys if form.fields[key].kind is not Kind.FILES])
    result = Sent({**before, **typed}, earlier or {})
    _change_rows(form, sent, result)
    _remove_file(form, sent, result)
    _put_back(sent, result)
    return result


def _change_rows(form: Form, sent: QueryDict, result: Sent) -> None:
    added = sent.get("_add", "")
    if added in form.fields and form.fields[added].kind is Kind.TABLE:
        result.answers[added] = rows = [*(result.answers.get(added) or []), {}]
        first = next((column.key for column in form.fields[added].columns if column.computed is None), "")
        result.begin = f"{added}.{len(rows) - 1}.{first}"
    removed, _dot, place = sent.get("_remove", "").rpartition(".")
    if removed in form.fields and place.isdecimal():
        rows = list(result.answers.get(removed) or [])
        result.answers[removed] = [row for number, row in enumerate(rows) if str(number) != place]
        result.begin = removed


def _remove_file(form: Form, sent: QueryDict, result: Sent) -> None:
    key, _dot, token = sent.get("_remove_file", "").partition(".")
    if key in form.fields and form.fields[key].kind is Kind.FILES:
        result.answers[key] = [kept for kept in result.answers.get(key) or [] if kept != token]
        result.begin = key


def _put_back(sent: QueryDict, result: Sent) -> None:
    key, _dot, token = sent.get("_keep_file", "").partition(".")
    kept = list(result.answers.get(key) or ())
    if token in result.earlier.get(key, ()) and token not in kept:
        result.answers[key] = [*kept, token]
        result.begin = key


def take_files(
    by: Actor, form: Form, page: Page, sent: Sent, uploaded: MultiValueDict[str, Any], stored: Iterable[str] = ()
) -> None:
    """Store each file that came along; one that is refused says why and disturbs nothing else.

    `stored` names files (question.token) that an earlier sending of the same page brought, while the reader had to
    choose between two windows.
    """
    asked = [form.fields[key] for key in shown_keys(form, page, sent.answers)]
    named = [name.partition(".")[::2] for name in stored][:MOST_FILES]
    own = {file.token: file for file in queries.visible_to(by).filter(token__in=[token for _key, token in named])}
    for question in (each for each in asked if each.kind is Kind.FILES):
        for key, token in named:
            if key == question.key and token in own and own[token].media_type in _accepted(question):
                _lay_in(question, token, sent)
        for file in uploaded.getlist(question.key):
            _take_file(by, question, file, sent)


def _take_file(by: Actor, asked: Field, file: Any, sent: Sent) -> None:
    if len(_standing(asked.key, sent)) >= MOST_FILES:
        said = gettext("At most %d files for one question; put several pages into one file.") % MOST_FILES
        sent.file_faults[asked.key] = [said]
        return
    try:
        stored = files.store(
            by=by,
            name=file.name or "",
            stream=file,
            purpose="material",
            sensitive=True,
            accept=_accepted(asked),
            person_id=_owner(by, "person"),
            organisation_id=_owner(by, "org"),
        )
    except Refusal as refusal:
        words = [sentence for _path, _code, sentence in refusal.errors] if isinstance(refusal, Invalid) else []
        sent.file_faults.setdefault(asked.key, []).extend(words or [str(refusal.message)])
    else:
        _lay_in(asked, stored.token, sent)


def forget_twins(by: Actor, sent: Sent, kept: Mapping[str, Any]) -> None:
    """Leave out what this sending brought and the draft already keeps for the same question by name and content: a
    second click brings every file once more."""
    tokens = {token for key, own in sent.stored for token in (own, *(kept.get(key) or ()))}
    known = {file.token: (file.name, file.digest) for file in queries.visible_to(by).filter(token__in=tokens)}
    for key, own in sent.stored:
        twin = next((token for token in kept.get(key) or () if token != own and known[token] == known[own]), None)
        if twin is not None:
            listed = [twin if token == own else token for token in sent.answers[key]]
            sent.answers[key] = list(dict.fromkeys(listed))
    sent.stored[:] = [(key, own) for key, own in sent.stored if own in sent.answers[key]]


def _accepted(asked: Field) -> frozenset[str]:
    return frozenset(asked.accept) or choices.PAPERS


def _lay_in(asked: Field, token: str, sent: Sent) -> None:
    standing = _standing(asked.key, sent)
    sent.answers[asked.key] = standing if token in standing else [*standing, token]
    sent.stored.append((asked.key, token))


def _standing(key: str, sent: Sent) -> list[str]:
    """What a new file stands beside: files chosen now, and earlier ones only where somebody put them back."""
    now = list(sent.answers.get(key) or ())
    return [] if set(now) <= set(sent.earlier.get(key, ())) else now


def _owner(by: Actor, kind: str) -> int | None:
    """Whose a file is beside the account that uploads it: others who act for the same may correct the case, too."""
    named, _sep, number = (by.principal or "").partition(":")
    return int(number) if named == kind else None
