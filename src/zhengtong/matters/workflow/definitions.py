"""Process models: stored whole by digest, compiled once a server process."""

import functools

from zhengtong.engines.bpmn import Graph, compile_process, read
from zhengtong.engines.seals import sm3
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.writes import write
from zhengtong.matters.workflow.models import Definition


@functools.lru_cache(maxsize=256)
def define(xml: bytes) -> int:
    """The id of the definition with this text, stored when new; refuses what cannot be executed (ModelRefused)."""
    graph = compile_process(read(xml))
    digest = sm3(xml).hex()

    def store() -> int:
        definition, _created = Definition.objects.get_or_create(
            digest=digest, defaults={"name": graph.name or graph.process, "xml": xml, "stored_at": clock.now()}
        )
        return definition.id

    return write(store)


@functools.lru_cache(maxsize=256)
def graph_of(definition_id: int) -> Graph:
    """The compiled graph; definitions never change, so it is compiled once."""
    xml = Definition.objects.values_list("xml", flat=True).get(id=definition_id)
    return compile_process(read(bytes(xml)))
