"""Process models: stored whole by digest, compiled once a server process."""

import functools
from collections.abc import Mapping

from django.db import transaction

from zhengtong.engines.bpmn import Graph, ModelRefused, called_outside, compile_process, read, too_long
from zhengtong.engines.seals import sm3
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.matters.workflow.choices import StartKind
from zhengtong.matters.workflow.models import Definition
from zhengtong.matters.workflow.queries import starts

_kept: dict[str, int] = {}
Calls = tuple[tuple[str, int], ...]
"""The definitions that a model calls, each with the name by which it does."""


def define(xml: bytes) -> int:
    """The id of the definition with this text, stored when new; refuses what cannot be executed or kept (ModelRefused).

    Processes called from outside the text are those stored last when this is stored; stored anew after one of them has
    changed, it is another definition. It is remembered once it is committed: the write around it may yet be undone.
    """
    outside = _called(xml)
    calls = _latest(outside) if outside else ()
    digest, key, name = _examined(xml, calls)
    known = _kept.get(digest)
    return known if known is not None else write(lambda: _stored(xml, digest, key, name, calls))


def forget(**_signal: object) -> None:
    """Know nothing any more: the tables were emptied or made anew."""
    _kept.clear()
    for remembered in (graph_of, decisions_of, _called, _examined):
        remembered.cache_clear()


@functools.lru_cache(maxsize=256)
def graph_of(definition_id: int) -> Graph:
    """The compiled graph; definitions never change, so it is compiled once."""
    xml, calls = Definition.objects.values_list("xml", "calls").get(id=definition_id)
    return compile_process(read(bytes(xml)), library=_library(calls))


def _library(calls: Mapping[str, int]) -> dict[str, Graph]:
    return {name: graph_of(number) for name, number in calls.items()}


@functools.lru_cache(maxsize=256)
def decisions_of(definition_id: int) -> tuple[str, ...]:
    """The decisions that a process asks."""
    return tuple(dict.fromkeys(node.decision for node in graph_of(definition_id).nodes.values() if node.decision))


def going_on(graph: Graph) -> frozenset[str]:
    """The open timers of this process that a new version leaves as they are, so that they do not begin anew."""
    found = starts.open_starts().filter(key=graph.process, kind=StartKind.TIMER)
    return frozenset(row.element for row in found if _same(graph_of(row.definition_id), graph, row.element))


def _same(former: Graph, graph: Graph, element: str) -> bool:
    old, new = former.nodes.get(element), graph.nodes.get(element)
    return old is not None and new is not None and old.timer == new.timer


@functools.lru_cache(maxsize=256)
def _called(xml: bytes) -> tuple[str, ...]:
    return called_outside(read(xml))


def _latest(names: tuple[str, ...]) -> Calls:
    """The definition stored last under each name; a name that nobody bears is left to the compiler to refuse."""
    rows = Definition.objects.filter(key__in=names).order_by("stored_at", "id").values_list("key", "id")
    return tuple(sorted(dict(rows).items()))


@functools.lru_cache(maxsize=256)
def _examined(xml: bytes, calls: Calls) -> tuple[str, str, str]:
    graph = compile_process(read(xml), library=_library(dict(calls)))
    long = too_long(graph)
    if long:
        raise ModelRefused(graph.process, long)
    known_by = b"".join(f"\0{name}={number}".encode() for name, number in calls)
    return sm3(xml + known_by).hex(), graph.process, graph.name or graph.process


def _stored(xml: bytes, digest: str, key: str, name: str, calls: Calls) -> int:
    definition, _created = Definition.objects.get_or_create(
        digest=digest,
        defaults={"key": key, "name": name, "calls": dict(calls), "xml": xml, "stored_at": clock.now()},
    )
    number = definition.id
    transaction.on_commit(lambda: _kept.__setitem__(digest, number))
    return number
