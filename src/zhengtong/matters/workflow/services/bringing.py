"""Messages and signals that programs bring in from outside: who may, to whose processes, and how much."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db.models import Model
from django.utils.translation import gettext as _

from zhengtong.engines.bpmn import Graph, Kind
from zhengtong.foundation.core.errors import Invalid, NotAllowed, NotFound, TooLarge
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require, visible
from zhengtong.matters.workflow.choices import MessageKind, ProcessState
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.models import Errand, Process, Start
from zhengtong.matters.workflow.queries.errands import KIND
from zhengtong.matters.workflow.queries.starts import open_starts
from zhengtong.matters.workflow.registry import SEND
from zhengtong.matters.workflow.services.starting import send_message
from zhengtong.matters.workflow.services.stepping import Data

MOST_BYTES = 16 * 1024
LONGEST_KEY = 80
GIVES = (Kind.THROW, Kind.END)
"""Elements that send a message; all others that name one take it."""
MARK = "$"
"""Names that begin so are ours: values of a process are written with them."""


def bring_message(
    *, by: Actor, name: str, data: Data, about: tuple[str, int] = ("", 0), place: Model | None = None
) -> int:
    """Bring a message in to the processes of a matter, or, about none, to the process that begins by it.

    `place` is the row of the matter, which says whose it is. Answers its number; delivered after this write, kept
    while nobody awaits it. Raises NotAllowed (no grant that reaches there; recorded), Invalid: a name that nothing
    there could take (`workflow.message_unknown`), data that are none; TooLarge.
    """

    def job() -> int:
        require(by, SEND, place)
        _check(data)
        start = open_starts().filter(kind=MessageKind.MESSAGE, name=name).first()
        if start is None and not (place is not None and _known(name, about)):
            sentence = _("Nothing here takes a message of this name.")
            raise Invalid("workflow.message_unknown", sentence, [("name", "workflow.message_unknown", sentence)])
        if place is None:
            require(by, SEND, start)
        return send_message(by=by, name=name, data=data, about=about)

    with _recorded(by, name):
        return write(job)


def bring_to_errand(*, by: Actor, errand_id: int, name: str, data: Data) -> int:
    """Bring a message in to the process of an errand. Raises NotFound, and as `bring_message`."""
    errand = visible(by, Errand, "send").filter(id=errand_id).first()
    if errand is None:
        raise NotFound("workflow.no_errand", _("There is no such errand."))
    return bring_message(by=by, name=name, data=data, about=(KIND, errand.id), place=errand)


def bring_signal(*, by: Actor, name: str, data: Data) -> int:
    """Broadcast a signal to all that await it or begin by it; nobody may, and then it is over.

    Answers its number. Raises NotAllowed unless the grant is for the whole house (recorded), Invalid, TooLarge.
    """

    def job() -> int:
        require(by, SEND, Start())  # a row of no place: only a grant for the whole house reaches it
        _check(data)
        return send_message(by=by, name=name, data=data, kind=MessageKind.SIGNAL)

    with _recorded(by, name):
        return write(job)


@contextmanager
def _recorded(by: Actor, name: str) -> Iterator[None]:
    try:
        yield
    except NotAllowed as refusal:
        told = {"name": name[:LONGEST_KEY]}
        about = ("account", by.account_id or 0)
        ledger.record_refusal(by=by, type="workflow.message_sent", subject=about, reason=refusal.code, payload=told)
        raise


def _known(name: str, about: tuple[str, int]) -> bool:
    """Whether a running process of the matter has an element that takes such a message, awaited now or not."""
    kind, number = about
    running = Process.objects.filter(subject_kind=kind, subject_id=number, state=ProcessState.RUNNING)
    found = running.values_list("definition_id", flat=True).distinct()
    return any(_takes(graph_of(definition), name) for definition in found)


def _takes(graph: Graph, name: str) -> bool:
    for each in (graph, *graph.library.values()):
        for node in each.nodes.values():
            if node.message == name and node.kind not in GIVES and node.id not in each.starts:
                return True
    return False


def _check(data: Data) -> None:
    if len(json.dumps(dict(data), ensure_ascii=False).encode()) > MOST_BYTES:
        raise TooLarge("workflow.message_large", _("A message carries at most 16 KB."), limit=MOST_BYTES)
    faults = [(path, "workflow.message_data", said) for path, said in _faults("data", data)]
    if faults:
        raise Invalid("workflow.message_data", _("A message cannot carry this."), faults)


def _faults(path: str, value: object) -> Iterator[tuple[str, str]]:
    """Names that cannot be those of values, wherever they stand."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not 0 < len(key) <= LONGEST_KEY or key.startswith(MARK):
                yield path, _("Names have 1 to 80 characters and do not begin with $.")
            else:
                yield from _faults(f"{path}/{key.replace('~', '~0').replace('/', '~1')}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _faults(f"{path}/{place}", inner)
