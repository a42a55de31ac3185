"""Whether a process fits the service it is for: its roles, actions, clocks, decisions, outcomes, and how it ends.

Every finding names the `element` it is about, so that one who draws can be shown it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import override

from zhengtong.engines.bpmn import Graph, Kind, Node, compile_process, read, too_long
from zhengtong.matters.catalog.packs.findings import Finding
from zhengtong.matters.catalog.packs.living import Misfit, misfits
from zhengtong.matters.catalog.packs.loading import Pack
from zhengtong.matters.catalog.packs.rules.rulebook import FILE, compiled
from zhengtong.matters.catalog.registry import Life

# The clocks that cases keep; a timer of a process may name one of them.
CLOCKS = frozenset(
    {"acceptance", "correction_notice", "correction_due", "promise", "legal", "serve_licence", "special_procedure"}
)
PROCESS = "process.bpmn"


@dataclass(frozen=True)
class House:
    """What there is where a process is to run: actions, outcomes, and lives by kind of item; None is not checked."""

    actions: Collection[str] | None = None
    outcomes: Collection[str] | None = None
    lives: Mapping[str, Life] | None = None


def process_findings(pack: Pack, xml: bytes, house: House) -> Iterator[Finding]:
    """What keeps an executable process (BPMN) from serving a pack, whether or not it is the pack's own."""
    graph = compile_process(read(xml))
    yield from element_findings(pack, graph, xml, house)
    known = _decisions(pack)
    for node in graph.nodes.values():
        if node.decision and node.decision not in known:
            params = {"element": node.id, "decision": node.decision, "known": "、".join(known)}
            yield Finding("packs.decision_unknown", place_of(xml, node.id), params)


def element_findings(pack: Pack, graph: Graph, xml: bytes, house: House) -> Iterator[Finding]:
    """The same without decisions, which the check of a pack's rules looks at."""
    declared = set(pack.service["roles"])
    for node in graph.nodes.values():
        for code, params in _of_node(node, declared, house):
            yield Finding(code, place_of(xml, node.id), {"element": node.id, **params})
    yield from _starts(graph, xml)
    for long in too_long(graph):
        cause = long.as_dict()["message"]
        yield Finding("packs.process", place_of(xml, long.element), {"element": long.element, "cause": cause})
    life = (house.lives or {}).get(str(pack.service["item"]["handling_kind"]))
    if life is not None:
        for misfit in misfits(graph, life):
            yield _told(misfit, graph, life, xml)


def _starts(graph: Graph, xml: bytes) -> Iterator[Finding]:
    """The application begins the process of a service, once: another start would never be taken."""
    for name in graph.starts:
        node = graph.nodes[name]
        if node.trigger not in ("", "message") or (len(graph.starts) > 1 and (node.trigger or node.message)):
            yield Finding("packs.start_triggered", place_of(xml, name), {"element": name})


def place_of(xml: bytes, element: str) -> str:
    """`process.bpmn:12`: the line of an element."""
    found = xml.find(f'id="{element}"'.encode())
    line = xml.count(b"\n", 0, found) + 1 if found >= 0 else 1
    return f"{PROCESS}:{line}"


def _of_node(node: Node, declared: set[str], house: House) -> Iterator[tuple[str, dict[str, object]]]:
    if node.role and node.role not in declared:
        yield "packs.role_undeclared", {"role": node.role}
    if node.action and house.actions is not None and node.action not in house.actions:
        yield "packs.action_unknown", {"action": node.action}
    if node.timer and node.timer.clock and node.timer.clock not in CLOCKS:
        yield "packs.clock_unknown", {"clock": node.timer.clock}
    unsaid = set(node.outcomes) - set(house.outcomes) if house.outcomes is not None and node.kind is Kind.TASK else ()
    for outcome in sorted(unsaid):
        yield "packs.outcome_unknown", {"outcome": outcome, "known": " ".join(sorted(house.outcomes or ()))}


def _decisions(pack: Pack) -> tuple[str, ...]:
    raw = pack.files.get(FILE)
    return tuple(decision.name for decision in compiled(raw).decisions.model.decisions) if raw else ()


_CODES = {"action": "packs.life_action", "open": "packs.life_open", "unfollowed": "packs.life_unfollowed"}


def _told(misfit: Misfit, graph: Graph, life: Life, xml: bytes) -> Finding:
    node = graph.nodes[misfit.element]
    params = {
        "element": misfit.element,
        "action": node.action,
        "states": "、".join(_named(life, misfit.states, "zh-hans")),
        "states_en": ", ".join(_named(life, misfit.states, "en")),
    }
    return Finding(_CODES[misfit.what], place_of(xml, misfit.element), params, blocking=misfit.certain)


def _named(life: Life, states: tuple[str, ...], locale: str) -> list[str]:
    with override(locale):
        return [str(life.labels.get(state, state)) for state in states]
