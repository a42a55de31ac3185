"""Process models: stored whole by digest, compiled once a server process."""

import functools

from django.db import transaction

from zhengtong.engines.bpmn import Graph, compile_process, read
from zhengtong.engines.seals import sm3
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.matters.workflow.models import Definition

_kept: dict[str, int] = {}


def define(xml: bytes) -> int:
    """The id of the definition with this text, stored when new; refuses what cannot be executed (ModelRefused).

    It is remembered once it is committed: the write around it may yet be undone.
    """
    digest, name = _examined(xml)
    known = _kept.get(digest)
    return known if known is not None else write(lambda: _stored(xml, digest, name))


@functools.lru_cache(maxsize=256)
def graph_of(definition_id: int) -> Graph:
    """The compiled graph; definitions never change, so it is compiled once."""
    xml = Definition.objects.values_list("xml", flat=True).get(id=definition_id)
    return compile_process(read(bytes(xml)))


@functools.lru_cache(maxsize=256)
def decisions_of(definition_id: int) -> tuple[str, ...]:
    """The decisions that a process asks."""
    return tuple(dict.fromkeys(node.decision for node in graph_of(definition_id).nodes.values() if node.decision))


@functools.lru_cache(maxsize=256)
def _examined(xml: bytes) -> tuple[str, str]:
    graph = compile_process(read(xml))
    return sm3(xml).hex(), graph.name or graph.process


def _stored(xml: bytes, digest: str, name: str) -> int:
    definition, _created = Definition.objects.get_or_create(
        digest=digest, defaults={"name": name, "xml": xml, "stored_at": clock.now()}
    )
    number = definition.id
    transaction.on_commit(lambda: _kept.__setitem__(digest, number))
    return number
