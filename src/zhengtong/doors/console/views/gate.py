"""What every page of the console passes: who may open it, how a verb is run, and how rows and facts are drawn."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengtong.doors.console.forms import Sheet
from zhengtong.doors.console.registry import PARTS
from zhengtong.engines.errors import EngineError
from zhengtong.foundation import policy
from zhengtong.foundation.core.errors import Invalid, NotAllowed, NotFound, Refusal, SignInNeeded
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor

View = Callable[..., HttpResponse]
PAGE_SIZE = 50
AT_THE_END = ("date", "number")
"""Cells whose column stands to the right, its head with them."""


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return cast(Actor, getattr(request, "actor", policy.ANONYMOUS))


def open_parts(actor: Actor) -> list[str]:
    """The parts of the console this actor may open."""
    return [name for name, part in PARTS.items() if any(policy.may(actor, code) for code in part.opened_by)]


def open_to(*parts: str, methods: Sequence[str] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Let in whoever may open one of these parts (none named: any part); refuse and record everybody else."""

    def guard(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
            actor = actor_of(request)
            if actor.account_id is None:
                raise SignInNeeded("console.sign_in", _("Sign in to go on."))
            mine = open_parts(actor)
            drawn = {"console": {name: PARTS[name].entry for name in mine}}
            request.zt_navigation = drawn  # type: ignore[attr-defined] # drawn by the shell of each page
            if not set(mine) & set(parts or PARTS):
                _record_refusal(actor, request.path)
                raise NotAllowed("console.closed", _("This part is open to other administrators only."))
            return view(request, *given, **named)

        return never_cache(require_http_methods(methods)(inner))

    return guard


def _record_refusal(actor: Actor, path: str) -> None:
    account = actor.account_id or 0
    told = {"path": path[:200]}
    ledger.record_refusal(
        by=actor, type="console.page", subject=("account", account), reason="console.closed", payload=told
    )


def act(
    request: HttpRequest,
    sheet: Sheet,
    verb: Callable[..., str],
    *,
    part: str,
    title: object,
    submit: object,
    back: str,
    lead: object = "",
    facts: Sequence[dict[str, Any]] = (),
    onward: Callable[[], str] | None = None,
) -> HttpResponse:
    """Draw the sheet; when it was posted, run the verb with its values. `verb` answers the sentence that says what
    was done, and leads to `onward` where that is another place than `back`; a refusal is drawn on the sheet with
    everything that was typed."""
    status = 200
    if request.method == "POST":
        if sheet.sound:
            status = _attempt(request, sheet, verb)
        if sheet.sound:
            return HttpResponseRedirect(onward() if onward is not None else back)
        status = status if status != 200 else 422
    page = sheet.page(submit=submit, back=back, back_label=_("Go back, change nothing"), lead=lead)
    context: dict[str, Any] = {
        "title": title,
        "part": part,
        "page": page,
        "faulty": not sheet.sound,
        "facts": facts,
        "back": back,
    }
    return render(request, "console/form.html", context | crumbs(part), status=status)


def _attempt(request: HttpRequest, sheet: Sheet, verb: Callable[..., str]) -> int:
    try:
        done = verb(**sheet.values)
    except Invalid as refusal:
        for path, _code, sentence in refusal.errors:
            sheet.blame(path, sentence)
        if not refusal.errors:
            sheet.others.append(str(refusal.message))
        return refusal.status
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        named = cast("list[str]", refusal.details.get("roles", []))
        sheet.others.append(" ".join([str(refusal.message), ", ".join(named)]).strip())
        return refusal.status
    except EngineError as error:
        sheet.blame(str(error.position or ""), error.text(actor_of(request).locale))
        return 422
    messages.success(request, done)
    return 200


def sheet_for(request: HttpRequest, fields: Sequence[Any], given: dict[str, Any] | None = None) -> Sheet:
    """The sheet as posted, or empty with what is given."""
    return Sheet.filled(fields, request.POST) if request.method == "POST" else Sheet.empty(fields, given)


def crumbs(part: str) -> dict[str, Any]:
    """The way back to the list of a part."""
    entry = PARTS[part].entry
    return {"crumbs": [{"label": entry.label, "url": entry.url}]}


def cursor(request: HttpRequest, name: str = "before") -> int | None:
    """The cursor the address carries, None for the first page (and for nonsense)."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else None


def paged(
    request: HttpRequest, rows: QuerySet[Any], *, name: str = "before", oldest_first: bool = False
) -> tuple[list[Any], str]:
    """The newest rows below the cursor and the address of the next page (empty at the end).

    Of several lists on one page each has a cursor of its own `name`; `oldest_first` goes the other way.
    """
    at, beyond = cursor(request, name), "pk__gt" if oldest_first else "pk__lt"
    kept = rows if at is None else rows.filter(**{beyond: at})
    found = list(kept.order_by("pk" if oldest_first else "-pk")[: PAGE_SIZE + 1])
    following = next_address(request, found[PAGE_SIZE - 1].pk, name) if len(found) > PAGE_SIZE else ""
    return found[:PAGE_SIZE], following


def next_address(request: HttpRequest, before: int, name: str = "before") -> str:
    """This page's address with another cursor."""
    kept = {key: str(value) for key, value in request.GET.items() if key != name and value}
    return f"?{urlencode(kept | {name: str(before)})}"


def found_or_404(row: Any) -> Any:
    """The row, or NotFound where there is none (or none that the actor may see)."""
    if row is None:
        raise NotFound("console.unknown", _("There is no such thing here."))
    return row


def facts_of(*pairs: tuple[object, object]) -> list[dict[str, Any]]:
    """Facts as `facts_card` takes them; what is empty is a dash."""
    return [{"label": label, "value": "—" if value in (None, "") else value} for label, value in pairs]


def table(
    label: object,
    columns: Iterable[object],
    rows: Iterable[tuple[str, Sequence[object]]],
    empty: object,
    next_url: str = "",
) -> dict[str, Any]:
    """A table as `desk_table` takes it: each row an address (or nothing) and its cells, the first one its head.

    A cell is a value, or a ready cell with its `kind`. One of several tables on a page says itself where it goes on.
    """
    drawn: list[dict[str, Any]] = [
        {"url": url, "name": str(cells[0]), "cells": [_cell(place, value) for place, value in enumerate(cells)]}
        for url, cells in rows
    ]
    ended = {place for row in drawn for place, cell in enumerate(row["cells"]) if cell.get("kind") in AT_THE_END}
    return {
        "label": label,
        "columns": [
            {"label": column, "class": "zt-end" if place in ended else ""} for place, column in enumerate(columns)
        ],
        "rows": drawn,
        "empty_title": empty,
        "empty_words": "",
        "next_url": next_url,
    }


def _cell(place: int, value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {"kind": "head", "value": value} if place == 0 else {"value": value}


def state(label: object, colour: str = "") -> dict[str, Any]:
    """A cell that is a tag."""
    return {"kind": "tags", "tags": [{"label": label, "state": colour}]}


def masked(row: Model | None) -> str:
    """A person's name as administrators see it in lists."""
    return policy.mask_name(getattr(row, "name", "")) if row is not None else "—"


def term(row: Any) -> str:
    """From when to when a thing is valid."""
    until = row.valid_to.isoformat() if row.valid_to else pgettext("end of a term", "open")
    return f"{row.valid_from.isoformat()} – {until}"
