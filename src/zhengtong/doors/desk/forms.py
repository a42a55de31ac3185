"""What officials post, read into plain values: entries of an outcome, chosen tasks, gaps of a correction."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict

from zhengtong.doors.desk.choices import OUTCOMES, PLACES
from zhengtong.matters.workflow.choices import Asked

MOST_CHOSEN = 100
GAP_KINDS = {"m": "material", "a": "page", "q": "question"}
_FIELD = re.compile(r"[a-z_]+\.[a-z_]+")


def chosen_ids(post: QueryDict) -> list[int]:
    """The ticked tasks, at most a hundred, each once."""
    ids = [int(value) for value in post.getlist("chosen") if value.isdecimal() and len(value) < 20]
    return list(dict.fromkeys(ids))[:MOST_CHOSEN]


def typed(post: Mapping[str, Any]) -> dict[str, str]:
    """Everything typed into the panel, whatever outcome it was for: `outcome.key` → text."""
    return {name: str(value).replace("\r\n", "\n") for name, value in post.items() if _FIELD.fullmatch(name)}


def entry_of(outcome: str, fields: Mapping[str, str]) -> dict[str, str]:
    """What was typed for one outcome, by the names its action knows."""
    prefix = f"{outcome}."
    return {name.removeprefix(prefix): text for name, text in fields.items() if name.startswith(prefix)}


def outcome_of(post: QueryDict) -> str:
    """The chosen outcome, empty where none or an unknown one was chosen."""
    outcome = post.get("outcome", "")
    return outcome if outcome in OUTCOMES else ""


def gaps_of(post: QueryDict) -> list[dict[str, str]]:
    """The gaps written into the composer, each with what it is about: `gap.m-<material>`, `gap.a-<page>`,
    `gap.q-<question>`; free lines are about nothing in particular."""
    listed = []
    for name, given in post.items():
        text = " ".join(str(given).split())[:400]
        if name.startswith("gap.") and text:
            kind, _dash, key = name.removeprefix("gap.").partition("-")
            listed.append({"text": text} | ({GAP_KINDS[kind]: key} if kind in GAP_KINDS else {}))
    return listed


def colleague_of(post: QueryDict) -> tuple[int, str]:
    """The chosen colleague: account and key of the capacity; (0, "") where none was chosen."""
    account, _space, capacity = post.get("to", "").partition(" ")
    return (int(account), capacity[:40]) if account.isdecimal() and len(account) < 20 else (0, "")


def accounts_of(post: QueryDict) -> list[int]:
    """The ticked colleagues by account, each once."""
    keys = [int(value) for value in post.getlist("to") if value.isdecimal() and len(value) < 20]
    return list(dict.fromkeys(keys))


def way_of(post: QueryDict) -> Asked:
    """How colleagues are to sign too; before, where nothing known was chosen."""
    given = post.get("way", "")
    return Asked(given) if given in Asked.values else Asked.BEFORE


def number_of(text: str | None) -> int:
    """A number that was chosen, 0 for none."""
    return _whole(text, 0)


def before_of(given: QueryDict) -> int:
    """After which row a page begins, 0 for the first page."""
    return number_of(given.get("before"))


@dataclass(frozen=True, slots=True)
class Note:
    """A note as typed: material and page (0 where that is no number), the point in thousandths, the text."""

    material: int
    page: int
    x: int
    y: int
    text: str


def note_of(post: QueryDict) -> Note:
    """The note of a form: the point that was clicked, else the middle of the part of the page that was named."""
    codes = [code for code, _label in PLACES]
    named = post.get("place", "")
    place = codes.index(named) if named in codes else codes.index("c")
    x, y = _whole(post.get("x"), 167 + 333 * (place % 3)), _whole(post.get("y"), 167 + 333 * (place // 3))
    text = post.get("text", "").replace("\r\n", "\n")
    return Note(_whole(post.get("material"), 0), _whole(post.get("page"), 0), x, y, text)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 20 else otherwise


def reason_of(request: HttpRequest) -> str:
    """A reason typed into a small form."""
    return request.POST.get("reason", "").strip()
