"""Orders to move every running process of a definition to another: a dry run, the move, and the way back.

Whoever works at an order (the background, a command) takes a slice of it at a time, each process in a write of its own,
so that what is killed in between is simply gone on with, and several may work at one order.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.bpmn import BpmnError, State
from zhengtong.engines.bpmn.migrating import Plan, Prospects, check_mapping
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, Refusal, Unavailable
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM, Actor, require
from zhengtong.matters.workflow.choices import ItemState, ProcessState, RelocationState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Definition, Process, Relocation, RelocationItem
from zhengtong.matters.workflow.registry import RELOCATE
from zhengtong.matters.workflow.services.relocating import Route, plan_of, put_back, relocate, standing

SLICE = 100
KEPT_DONE, KEPT_PLANNED = dt.timedelta(days=365), dt.timedelta(days=30)
"""How long an order is kept once it is done, and one of which only the dry run was made."""


def order_relocation(
    *,
    by: Actor,
    source: int,
    target: int,
    mapping: Mapping[str, str] | None = None,
    retime: bool = False,
    undecided: bool = False,
) -> Relocation:
    """Order the dry run for every process that runs `source` now. Nothing moves before `begin_moving`.

    Raises NotAllowed; Invalid where the versions are one or do not exist; BpmnError for a mapping that names nothing.
    """
    require(by, RELOCATE)
    mapping = dict(mapping or {})
    _check(source, target, mapping)

    def job() -> Relocation:
        running = Process.objects.filter(definition_id=source, state=ProcessState.RUNNING)
        order = Relocation.objects.create(
            source_id=source,
            target_id=target,
            mapping=mapping,
            retime=retime,
            undecided=undecided,
            total=running.count(),
            ordered_by_id=by.account_id,
            ordered_by_name=by.name,
            ordered_at=clock.now(),
        )
        payload = {"from": source, "to": target, "mapping": mapping, "retime": retime, "undecided": undecided}
        _tell(by, "workflow.relocation_planned", order, payload)
        return order

    return write(job)


def begin_moving(*, by: Actor, order: Relocation) -> None:
    """Let what can move begin to. Raises NotAllowed, and Conflict where the dry run is not over or moving has begun."""
    _turn(by, order, RelocationState.PLANNED, RelocationState.MOVING, "workflow.relocation_begun")


def begin_undoing(*, by: Actor, order: Relocation) -> None:
    """Let what was moved go back, except where work has gone on since. Raises NotAllowed, Conflict."""
    _turn(by, order, RelocationState.MOVED, RelocationState.UNDOING, "workflow.relocation_taken_back")


def work_on(order_id: int, most: int = SLICE) -> bool:
    """Do the next slice of an order, whatever is next; answers whether there may be more to do.

    Safe to repeat and to run twice at once: each process is planned, moved and moved back once.
    """
    order = Relocation.objects.get(id=order_id)
    step = _STEPS.get(RelocationState(order.state))
    return step(order, most) if step is not None else False


def _check(source: int, target: int, mapping: Mapping[str, str]) -> None:
    sentence: Any = None
    if source == target:
        sentence = _("These are one and the same version; choose two.")
    elif Definition.objects.filter(id__in=(source, target)).count() != 2:
        sentence = _("There is no such version.")
    if sentence is not None:
        raise Invalid("workflow.relocation_versions", sentence, [("target", "invalid", str(sentence))])
    check_mapping(graph_of(source), graph_of(target), mapping)


def _turn(by: Actor, order: Relocation, before: str, after: str, event: str) -> None:
    require(by, RELOCATE)

    def job() -> None:
        now = clock.now()
        turned = Relocation.objects.filter(id=order.id, state=before).update(
            state=after, finished_at=None, **({"started_at": now} if after == RelocationState.MOVING else {})
        )
        if not turned:
            raise Conflict("workflow.relocation_state", _("This is not possible now; look at the order again."))
        _tell(by, event, order, {})

    write(job)
    order.refresh_from_db()


def _tell(by: Actor, event: str, order: Relocation, payload: Mapping[str, object]) -> None:
    ledger.record(by=by, type=event, subject=("relocation", order.id), payload=payload)


def _route(order: Relocation) -> Route:
    return Route(order.source_id, order.target_id, order.mapping, order.retime, order.undecided)


# The dry run


def _plan(order: Relocation, most: int) -> bool:
    """Plan the next processes and move the cursor behind them, in one write."""
    running = Process.objects.filter(definition_id=order.source_id, state=ProcessState.RUNNING, id__gt=order.cursor)
    ids = list(running.order_by("id").values_list("id", flat=True)[:most])
    route, prospects = _route(order), Prospects(graph_of(order.target_id))
    found = {number: _planned(state, route, prospects) for number, state in standing(ids).items()}
    summary = _added(order.summary, found.values())

    def job() -> bool:
        behind = {"cursor": ids[-1]} if ids else {"state": RelocationState.PLANNED}
        mine = Relocation.objects.filter(id=order.id, cursor=order.cursor, state=RelocationState.PLANNING)
        if not mine.update(summary=summary, **behind):
            return True  # somebody else has planned them
        RelocationItem.objects.bulk_create(
            [RelocationItem(relocation_id=order.id, process_id=number, **item) for number, item in found.items()]
        )
        return bool(ids)

    return write(job)


def _planned(state: State, route: Route, prospects: Prospects) -> dict[str, Any]:
    """The columns of an item."""
    try:
        plan = plan_of(state, route, prospects)
    except BpmnError as error:
        return {"state": ItemState.BLOCKED, "error": error.code}
    may = plan.possible or (route.undecided and plan.undecided)
    return {
        "state": ItemState.READY if may else ItemState.BLOCKED,
        "moves": [list(pair) for pair in plan.moves()],
        "remarks": _remarks(plan),
    }


def _remarks(plan: Plan) -> list[list[Any]]:
    return [[remark.code, remark.element, dict(remark.params)] for remark in plan.all_remarks]


def _added(summary: Mapping[str, Any], items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The summary with more items: how often each pair of elements, and each remark, came."""
    moves: dict[tuple[str, str], list[int]] = {(old, new): [can, no] for old, new, can, no in summary.get("moves", ())}
    remarks = {(code, element, _frozen(params)): count for code, element, params, count in summary.get("remarks", ())}
    for item in items:
        ready = item["state"] == ItemState.READY
        for old, new in item.get("moves", ()):
            counts = moves.setdefault((old, new), [0, 0])
            counts[0 if ready else 1] += 1
        told = {(code, element, _frozen(params)) for code, element, params in item.get("remarks", ())}
        for key in told:
            remarks[key] = remarks.get(key, 0) + 1
    return {
        "moves": [[old, new, can, no] for (old, new), (can, no) in sorted(moves.items())],
        "remarks": [[code, element, dict(params), count] for (code, element, params), count in sorted(remarks.items())],
    }


def _frozen(params: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(params.items()))


# The move and the way back


def _move(order: Relocation, most: int) -> bool:
    route, prospects = _route(order), Prospects(graph_of(order.target_id))
    items = list(_waiting(order, ItemState.READY)[:most])
    for state in standing([item.process_id for item in items]).values():
        _planned(state, route, prospects)  # looked at here, so that nothing is explored inside a write
    for item in items:
        _try(item, ItemState.REFUSED, partial(_move_one, order, item, route, prospects))
    return bool(items) or _finish(order, ItemState.READY, RelocationState.MOVED)


def _move_one(order: Relocation, item: RelocationItem, route: Route, prospects: Prospects) -> None:
    if not _claim(item, ItemState.READY, ItemState.MOVED):
        return
    version, before = relocate(
        by=SYSTEM, process_id=item.process_id, route=route, prospects=prospects, told=_told(order)
    )
    RelocationItem.objects.filter(id=item.id).update(left_version=version, before=before.as_json())


def _undo(order: Relocation, most: int) -> bool:
    route = _route(order)
    items = list(_waiting(order, ItemState.MOVED)[:most])
    for item in items:
        _try(item, ItemState.KEPT, partial(_undo_one, order, item, route))
    return bool(items) or _finish(order, ItemState.MOVED, RelocationState.UNDONE)


def _undo_one(order: Relocation, item: RelocationItem, route: Route) -> None:
    if _claim(item, ItemState.MOVED, ItemState.UNDONE):
        version, before = item.left_version or 0, item.before
        put_back(by=SYSTEM, process_id=item.process_id, route=route, version=version, before=before, told=_told(order))


def _told(order: Relocation) -> dict[str, object]:
    return {"relocation": order.id, "ordered_by": order.ordered_by_name}


def _waiting(order: Relocation, state: str) -> QuerySet[RelocationItem]:
    return RelocationItem.objects.filter(relocation_id=order.id, state=state).order_by("id")


def _claim(item: RelocationItem, before: str, after: str) -> bool:
    """Take an item, first of all in its write: who comes second finds it taken."""
    return bool(RelocationItem.objects.filter(id=item.id, state=before).update(state=after))


def _try(item: RelocationItem, refused: str, job: Callable[[], None]) -> None:
    """Run the write of one item; what fails is noted on it and keeps none of the others back."""
    before = item.state
    try:
        write(job)
    except Unavailable:
        raise  # nothing is wrong with this one: the order is gone on with later
    except Exception as error:  # noqa: BLE001 whatever one process raises must not stop the others
        code = error.code if isinstance(error, Refusal | EngineError) else type(error).__name__
        mine = RelocationItem.objects.filter(id=item.id, state=before)
        write(lambda: mine.update(state=refused, error=code[:200]))


def _finish(order: Relocation, open_state: str, after: str) -> bool:
    """End the order once no item is open; answers that there is nothing more to do."""

    def job() -> None:
        if not _waiting(order, open_state).exists():
            now = clock.now()
            Relocation.objects.filter(id=order.id, state=order.state).update(state=after, finished_at=now)

    write(job)
    return False


def sweep_relocations(*, at_most: int = 1000) -> int:
    """Forget orders that are over, their processes first; answers how many rows went.

    What was done is kept a year, so long it can be taken back and looked up; what was only planned thirty days. Orders
    under way stay. The ledger keeps who ordered what, and what became of each process.
    """
    now = clock.now()
    done = Q(state__in=(RelocationState.MOVED, RelocationState.UNDONE), finished_at__lt=now - KEPT_DONE)
    over = Relocation.objects.filter(done | Q(state=RelocationState.PLANNED, ordered_at__lt=now - KEPT_PLANNED))

    def sweep() -> int:
        items = list(RelocationItem.objects.filter(relocation__in=over).order_by("id").values("id")[:at_most])
        gone = RelocationItem.objects.filter(id__in=[row["id"] for row in items]).delete()[0]
        if len(items) == at_most:
            return gone
        return gone + over.exclude(relocationitem__isnull=False).delete()[0]

    return write(sweep)


_STEPS: Mapping[RelocationState, Callable[[Relocation, int], bool]] = {
    RelocationState.PLANNING: _plan,
    RelocationState.MOVING: _move,
    RelocationState.UNDOING: _undo,
}
