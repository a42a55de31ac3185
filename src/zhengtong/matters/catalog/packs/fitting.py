"""Whether a process fits the service it is for: its roles, actions, clocks, decisions, outcomes, and how it ends.

Every finding names the `element` it is about, so that one who draws can be shown it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import override

from zhengtong.engines import dmn
from zhengtong.engines.bpmn import Graph, Kind, Node, compile_process, read, too_long
from zhengtong.engines.errors import LOCALES
from zhengtong.engines.feel import FeelType, static_faults
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
    raw = pack.files.get(FILE)
    decisions = compiled(raw).decisions if raw else None
    known = tuple(decision.name for decision in decisions.model.decisions) if decisions else ()
    for node in graph.nodes.values():
        if node.decision and node.decision not in known:
            params = {"element": node.id, "decision": node.decision, "known": "、".join(known)}
            yield Finding("packs.decision_unknown", place_of(xml, node.id), params)
    if decisions is not None:
        yield from answer_findings(graph, xml, decisions)


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


def answer_findings(graph: Graph, xml: bytes, decisions: dmn.Decisions) -> Iterator[Finding]:
    """Expressions of a process that ask of a decision's answer what it never has: they would come to nothing."""
    answers = _answers(graph, decisions)
    for element, expression in graph.expressions():
        types = {name: kind for name, kind in answers.items() if name in expression.names}
        for fault in static_faults(expression, types, names=()) if types else ():
            cause = {locale: fault.text(locale) for locale in LOCALES}
            known = "；".join(f"{name}: {kind}" for name, kind in types.items())
            params = {"element": element, "expression": expression.text[:200], "cause": cause, "known": known}
            yield Finding("packs.answer_misread", place_of(xml, element), params)


def _answers(graph: Graph, decisions: dmn.Decisions) -> dict[str, FeelType]:
    """The type of the answer to each decision asked, by the name under which the process knows it.

    Not of one that goes elsewhere, nor of one whose name something else in the process has as well.
    """
    asked, taken = set(), set()
    for node in graph.nodes.values():
        taken |= {node.result, *(transfer.target for transfer in (*node.inputs, *node.outputs))}
        if node.loop is not None:
            taken |= {node.loop.item, node.loop.output, node.loop.output_item}
        if node.decision and not node.outputs:
            asked.add(node.decision)
    named = Counter(decision.name for decision in decisions.model.decisions)
    return {name: dmn.answer_type(decisions, name) for name in sorted(asked - taken) if named[name] == 1}


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
