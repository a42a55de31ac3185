"""Moving running processes to another version: tried first, begun, followed while it goes on, taken back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from zhengtong.doors.console.forms import Field
from zhengtong.doors.console.queries import modelling as shown
from zhengtong.doors.console.queries.failing import why
from zhengtong.doors.console.views.gate import (
    act,
    actor_of,
    crumbs,
    facts_of,
    found_or_404,
    open_to,
    paged,
    sheet_for,
    state,
    table,
)
from zhengtong.engines.bpmn import Graph
from zhengtong.engines.bpmn.migrating import Remark
from zhengtong.foundation.core import clock
from zhengtong.matters.modelling.queries import published_as
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.choices import ItemState, RelocationState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.queries import relocations as queries

if TYPE_CHECKING:
    from zhengtong.matters.modelling.models import ModelVersion

PART = "moves"
BOTH = ("GET", "HEAD", "POST")
REFRESH_SECONDS = 3
COLOURS = {
    RelocationState.PLANNED: "gold",
    RelocationState.MOVED: "jade",
    RelocationState.UNDONE: "line",
}
LEFT = (ItemState.BLOCKED, ItemState.REFUSED, ItemState.KEPT)


@open_to(PART)
def moves(request: HttpRequest) -> HttpResponse:
    """The orders there were, newest first."""
    found, following = paged(request, queries.relocations(actor_of(request)))
    numbers = {number for row in found for number in (row.source_id, row.target_id)}
    named, published = queries.names_of(numbers), published_as(actor_of(request), numbers)
    lines = [
        (
            reverse("console:move", args=[row.pk]),
            (
                shown.called(published.get(row.source_id), *named[row.source_id]),
                shown.called(published.get(row.target_id), *named[row.target_id]),
                state(RelocationState(row.state).label, COLOURS.get(RelocationState(row.state), "azure")),
                row.ordered_by_name,
                _when(row.ordered_at),
            ),
        )
        for row in found
    ]
    columns = (_("From version"), _("To version"), _("State"), _("Ordered by"), _("Ordered"))
    context: dict[str, Any] = {"title": _("Move processes"), "part": PART, "next_url": following}
    context["lead"] = _("Processes go on by the version they began with. Here those that run are moved to another.")
    context["table"] = table(_("Move processes"), columns, lines, _("Nothing has been moved yet."))
    context["actions"] = [{"label": _("Plan a move"), "url": reverse("console:plan_move")}]
    return render(request, "console/list.html", context)


@open_to(PART, methods=BOTH)
def plan(request: HttpRequest) -> HttpResponse:
    """Choose two versions and begin the dry run; nothing moves."""
    actor = actor_of(request)
    chosen = {name: request.GET.get(name, "") for name in ("source", "target")}
    stored = queries.versions(also=[int(text) for text in chosen.values() if text.isascii() and text.isdecimal()])
    published = published_as(actor, (each.id for each in stored))
    known = [(str(each.id), _offered(each, published.get(each.id))) for each in stored]
    prompt = _("Choose a version")
    told = _("The newest are listed. Others are moved from the page of the version that replaced them.")
    fields = (
        Field("source", _("From version"), "select", options=known, prompt=prompt, read=int, help=told),
        Field("target", _("To version"), "select", options=known, prompt=prompt, read=int),
        Field(
            "mapping", _("What has another name there"), "textarea", required=False, rows=4, most=4000, read=_pairs,
            help=_("A line each: old=new. Elements, and flows into joins."),
        ),
        Field(
            "how", _("Also"), "checkboxes", required=False,
            options=(
                ("retime", _("Begin timers anew whose time is another")),
                ("undecided", _("Move what nobody can tell to be able to end")),
            ),
        ),
    )  # fmt: skip
    made: list[int] = []

    def order(source: int, target: int, mapping: dict[str, str] | None, how: list[str]) -> str:
        options = {name: name in how for name in ("retime", "undecided")}
        made.append(services.order_relocation(by=actor, source=source, target=target, mapping=mapping, **options).pk)
        return _("The dry run has begun; nothing moves before you say so.")

    lead = _("First it is tried what would move where and what cannot. Nothing moves before you say so.")
    return act(
        request, sheet_for(request, fields, chosen), order, part=PART, title=_("Plan a move"),
        submit=_("Begin the dry run"), back=reverse("console:moves"), lead=lead,
        onward=lambda: reverse("console:move", args=made),
    )  # fmt: skip


@open_to(PART)
def move(request: HttpRequest, key: int) -> HttpResponse:
    """One order: how far it is, what moves where, what cannot and why. While it goes on, the page comes anew."""
    row = found_or_404(queries.relocations(actor_of(request)).filter(pk=key).first())
    order = queries.order_of(row)
    source, target = order.versions
    published = published_as(actor_of(request), (source.id, target.id))
    old, new = (shown.called(published.get(each.id), each.name, each.digest) for each in order.versions)
    context: dict[str, Any] = {
        "title": _("From %(old)s to %(new)s") % {"old": old, "new": new},
        "part": PART,
        "order": order,
        "share": min(order.finished / order.total, 1.0) if order.total else 1.0,
        "facts": [
            shown.linked(_("From version"), source.name, source.digest, published.get(source.id)),
            shown.linked(_("To version"), target.name, target.digest, published.get(target.id)),
        ]
        + facts_of(
            (_("State"), order.state_label),
            *((state_.label, count) for state_, count in order.counts.items()),
            (_("Ordered by"), row.ordered_by_name),
            (_("Ordered"), _when(row.ordered_at)),
        ),
        "tables": _tables(request, row, order),
        "actions": _actions(order),
    }
    answer = render(request, "console/move.html", context | crumbs(PART))
    if order.at_work and "still" not in request.GET:
        answer["Refresh"] = str(REFRESH_SECONDS)
    return answer


def _actions(order: queries.Order) -> list[dict[str, object]]:
    """What may be done with it now."""
    if order.state is RelocationState.PLANNED and order.counts.get(ItemState.READY):
        return [{"label": _("Move them"), "url": reverse("console:begin_move", args=[order.id])}]
    if order.state is RelocationState.MOVED and order.counts.get(ItemState.MOVED):
        return [{"label": _("Move back"), "url": reverse("console:undo_move", args=[order.id])}]
    return []


def _tables(request: HttpRequest, row: Any, order: queries.Order) -> list[dict[str, Any]]:
    locale = get_language() or "zh-hans"
    old, new = graph_of(row.source_id), graph_of(row.target_id)
    english = locale.startswith("en")
    moving = [
        ("", (_element(old, source, english), _element(new, target, english), _number(can), _number(cannot)))
        for source, target, can, cannot in order.moves
    ]
    columns = (_("Where they wait"), _("Where they go"), ItemState.READY.label, ItemState.BLOCKED.label)
    drawn = [table(_("What moves where"), columns, moving, _("No process runs this version."))]
    for blocking, label in ((True, _("Why some cannot move")), (False, _("What will be different"))):
        said = [
            ("", (_element(old, remark.element, english), remark.text(locale), _number(count)))
            for remark, count in order.remarks
            if remark.blocking is blocking
        ]
        if said:
            drawn.append(table(label, (_("Element"), _("Words"), _("Processes")), said, ""))
    found, following = paged(request, queries.items_of(row, *LEFT), name="left", oldest_first=True)
    left = [
        ("", (str(item.process_id), ItemState(item.state).label, _places(item), _why(item, locale))) for item in found
    ]
    if left:
        heads = (_("Process"), _("State"), _("Where it waits"), _("Reason"))
        drawn.append(table(_("Left as they are"), heads, left, "", following))
    return drawn


def _why(item: Any, locale: str) -> str:
    """The reasons of its plan, or what refused it later."""
    remarks = (Remark(code, element, params) for code, element, params in item.remarks)
    reasons = " ".join(remark.text(locale) for remark in remarks if remark.blocking)
    return why(item.error) or reasons or "—"


def _places(item: Any) -> str:
    return ", ".join(old for old, _new in item.moves) or "—"


def _number(count: int) -> dict[str, object]:
    return {"kind": "number", "value": count}


def _element(graph: Graph, element: str, english: bool) -> str:
    """The name of an element, of the process or one it calls, with its id."""
    graphs = (graph, *graph.library.values())
    node = next((each.nodes[element] for each in graphs if element in each.nodes), None)
    name = "" if node is None else (node.name_en if english else "") or node.name
    return f"{name} ({element})" if name else element or "—"


@open_to(PART, methods=BOTH)
def begin(request: HttpRequest, key: int) -> HttpResponse:
    """Ask once more, then let what can move begin to."""
    row = found_or_404(queries.relocations(actor_of(request)).filter(pk=key).first())
    count = queries.item_counts(row).get(ItemState.READY, 0)
    title = ngettext("Move %(count)d process", "Move %(count)d processes", count) % {"count": count}
    lead = _("Work goes on meanwhile. Each can be moved back until somebody has acted on it.")

    def verb() -> str:
        services.begin_moving(by=actor_of(request), order=row)
        return _("They are being moved.")

    return _asked(request, verb, key, title=title, submit=_("Move them"), lead=lead)


@open_to(PART, methods=BOTH)
def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Ask once more, then move back what nobody has acted on."""
    row = found_or_404(queries.relocations(actor_of(request)).filter(pk=key).first())
    count = queries.item_counts(row).get(ItemState.MOVED, 0)
    title = ngettext("Move %(count)d process back", "Move %(count)d processes back", count) % {"count": count}
    lead = _("Those on which somebody has acted since stay where they are.")

    def verb() -> str:
        services.begin_undoing(by=actor_of(request), order=row)
        return _("They are being moved back.")

    return _asked(request, verb, key, title=title, submit=_("Move back"), lead=lead)


def _asked(
    request: HttpRequest, verb: Callable[[], str], key: int, *, title: str, submit: str, lead: str
) -> HttpResponse:
    sheet, back = sheet_for(request, ()), reverse("console:move", args=[key])
    return act(request, sheet, verb, part=PART, title=title, submit=submit, back=back, lead=lead)


def _pairs(typed: str) -> dict[str, str]:
    """Lines of old=new."""
    pairs: dict[str, str] = {}
    for line in filter(None, (each.strip() for each in typed.splitlines())):
        old, sign, new = (part.strip() for part in line.partition("="))
        if not (old and sign and new):
            raise ValueError(_("Write each line as old=new."))
        pairs[old] = new
    return pairs


def _offered(version: queries.Version, published: "ModelVersion | None") -> str:
    running = ngettext("%(count)d running", "%(count)d running", version.running) % {"count": version.running}
    return f"{shown.called(published, version.name, version.digest)} · {_when(version.stored_at)} · {running}"


def _when(instant: Any) -> str:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M")
