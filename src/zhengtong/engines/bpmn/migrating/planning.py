"""Say what a move to another version would do to one instance, token by token, before anything is done."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.bpmn.graph import Graph, Kind, Node
from zhengtong.engines.bpmn.migrating.beginning import Begin
from zhengtong.engines.bpmn.migrating.foreseeing import Ending, Prospect, Prospects
from zhengtong.engines.bpmn.migrating.matching import Mapped, awaited, compare, is_retimed, join_flow
from zhengtong.engines.bpmn.migrating.remarks import MigrationError, Remark
from zhengtong.engines.bpmn.state import EVENTS, HOLDERS, SCOPES, State, Token, Wait
from zhengtong.engines.bpmn.steps.running import called_by
from zhengtong.engines.bpmn.verifying import verify

NO_MAPPING: Mapped = MappingProxyType({})
_REACHED = ("error", "escalation")
_ABOUT = (Wait.DATA, Wait.OVER, Wait.SIGNERS)


class Line(NamedTuple):
    """What becomes of one token. `moved` is how it stands after; None where it cannot move or is awaited no longer."""

    token: Token
    target: str
    moved: Token | None
    remarks: tuple[Remark, ...] = ()
    dropped: bool = False
    retimed: bool = False
    renamed: bool = False

    @property
    def obstacles(self) -> tuple[Remark, ...]:
        """Why it cannot move."""
        return tuple(remark for remark in self.remarks if remark.blocking)


@dataclass(frozen=True, slots=True)
class Plan:
    """The dry run of one instance. `possible` says whether `migrate` will move it.

    `remarks` are those of the whole, beside those of each line; `prospect` is what can become of it after the move.
    """

    new: Graph
    state: State
    lines: tuple[Line, ...]
    begins: tuple[Begin, ...]
    remarks: tuple[Remark, ...]
    prospect: Prospect | None = None

    @property
    def all_remarks(self) -> tuple[Remark, ...]:
        """Every remark, those of tokens first."""
        return tuple(remark for line in self.lines for remark in line.remarks) + self.remarks

    @property
    def obstacles(self) -> tuple[Remark, ...]:
        """Why it cannot move; empty where it can."""
        return tuple(remark for remark in self.all_remarks if remark.blocking)

    @property
    def undecided(self) -> bool:
        """Whether all that keeps it is that nobody could tell if it can end."""
        found = self.obstacles
        return bool(found) and all(remark.code == "migration.undecided" for remark in found)

    @property
    def possible(self) -> bool:
        """Whether it moves."""
        return not self.obstacles

    def moves(self) -> list[tuple[str, str]]:
        """From where to where, a pair an element at which something waits; notes and what is dropped are left out."""
        return sorted(
            {(line.token.element, line.target) for line in self.lines if line.moved is not None or line.obstacles}
        )


def check_mapping(old: Graph, new: Graph, mapping: Mapped) -> None:
    """Raise `migration.mapping_unknown` for a pair that names nothing in the old version, or nothing in the new."""
    before, after = _names(old), _names(new)
    for source, target in mapping.items():
        for name, known in ((source, before), (target, after)):
            if name not in known:
                raise MigrationError(
                    "migration.mapping_unknown", position=source, source=source, target=target, name=name
                )


def plan(
    old: Graph, new: Graph, state: State, mapping: Mapped = NO_MAPPING, prospects: Prospects | None = None
) -> Plan:
    """What moving an instance of `old` that stands at `state` to `new` would do; nothing is changed.

    Every token goes to the element of its own id, or to that which `mapping` names; flows into joins may be named
    there as well. `prospects` are those of `new`, kept by who plans many. Raises `bpmn.state_damaged` for a state
    that is none of `old`, `migration.mapping_unknown` as `check_mapping` does.
    """
    verify(old, state)
    check_mapping(old, new, mapping)
    drafted = _Drafting(old, new, state, mapping).result()
    if drafted.obstacles:
        return drafted
    return _judged(drafted, prospects or Prospects(new))


def assemble(drafted: Plan) -> State:
    """The tokens after the move, before events that are new begin to wait."""
    kept = tuple(line.moved for line in drafted.lines if line.moved is not None)
    return State(kept, drafted.state.next_id, drafted.state.suspended)


def _judged(drafted: Plan, prospects: Prospects) -> Plan:
    """Whether the state after the move is one of the new version, and what can become of it."""
    moved = assemble(drafted)
    try:
        verify(drafted.new, moved)
    except BpmnError as error:
        reason = Remark("migration.unfit", "", {"reason": error.params.get("reason", error.code)})
        return replace(drafted, remarks=(*drafted.remarks, reason))
    prospect = prospects.of(moved, drafted.begins)
    found = drafted.remarks
    if prospect.ending is Ending.CANNOT:
        found += (Remark("migration.cannot_end", "", {"stuck": ", ".join(prospect.stuck)}),)
    elif prospect.ending is Ending.UNDECIDED:
        found += (Remark("migration.undecided", "", {"states": prospect.states}),)
    return replace(drafted, remarks=found, prospect=prospect)


def _names(graph: Graph) -> set[str]:
    """Elements and flows of a process and of those it calls."""
    names: set[str] = set()
    for each in (graph, *graph.library.values()):
        names.update(each.nodes)
        names.update(flow.id for node in each.nodes.values() for flow in node.outgoing)
    return names


class _Drafting:
    """One plan while it is drawn up. Tokens are taken by id, so that what one runs in or hangs on comes before it."""

    def __init__(self, old: Graph, new: Graph, state: State, mapping: Mapped) -> None:
        self.new = new
        self.state = state
        self.mapping = mapping
        self.lines: dict[int, Line] = {}
        self.inside: dict[int, tuple[Graph, Graph | None]] = {0: (old, new)}
        self.live = {token.id: token for token in state.tokens}

    def result(self) -> Plan:
        """The plan without its prospect."""
        for token in self.state.tokens:
            self.lines[token.id] = self._line(token)
            if token.wait in HOLDERS:
                self.inside[token.id] = self._open(token)
        lines = tuple(self.lines.values())
        begins = () if any(line.obstacles for line in lines) else tuple(self._begins())
        told = tuple(Remark("migration.event_started", begin.element) for begin in begins)
        return Plan(self.new, self.state, lines, begins, told)

    def _mapped(self, element: str) -> str:
        return self.mapping.get(element, element)

    def _open(self, token: Token) -> tuple[Graph, Graph | None]:
        """The processes that run inside a token: now, and after the move."""
        old, new = self.inside[token.scope]
        moved = self.lines[token.id].moved
        if token.wait is not Wait.CALL:
            return old, new if moved is not None else None
        return called_by(old, token), called_by(new, moved) if new is not None and moved is not None else None

    def _line(self, token: Token) -> Line:
        old, new = self.inside[token.scope]
        if new is None:
            return Line(token, "", None, (Remark("migration.scope_gone", token.element),))
        if token.wait in _ABOUT:
            target = self.lines[token.host or token.scope].target
            return Line(token, target, token._replace(element=target))
        target, node = self._mapped(token.element), old.nodes[token.element]
        if self._is_dropped(token, node, target, new):
            return Line(token, "", None, (Remark("migration.event_cancelled", node.id),), dropped=True)
        fresh = new.nodes.get(target)
        if fresh is None:
            return Line(token, target, None, (Remark("migration.element_gone", node.id),))
        return self._met(token, node, fresh, (old, new))

    def _met(self, token: Token, node: Node, fresh: Node, graphs: tuple[Graph, Graph]) -> Line:
        old, new = graphs
        remarks = [*compare(token, node, fresh), *self._nesting(token, node, fresh, graphs)]
        moved = token._replace(element=fresh.id)
        renamed = any(remark.code == "migration.awaits_other" for remark in remarks)
        if renamed and token.wait is not Wait.CONDITION:
            moved = moved._replace(name=awaited(fresh))
        if token.wait is Wait.JOIN:
            flow = join_flow(old, new, token, fresh.id, self.mapping)
            moved = moved._replace(flow=flow)
            if not flow:
                params = {"flow": token.flow, "target": fresh.id}
                remarks.append(Remark("migration.join_flow_gone", node.id, params))
        if any(remark.blocking for remark in remarks):
            return Line(token, fresh.id, None, tuple(remarks))
        retimed = token.wait is Wait.TIMER and is_retimed(node, fresh)
        return Line(token, fresh.id, moved, tuple(remarks), retimed=retimed, renamed=renamed)

    def _nesting(self, token: Token, node: Node, fresh: Node, graphs: tuple[Graph, Graph]) -> Iterator[Remark]:
        """Where both stand: in the process itself, or in sub-processes that stand for one another."""
        if node.loop is not None and token.turn:
            return  # one of several times, inside its own body
        if token.wait is Wait.TASK and token.host:
            return  # whoever was asked works where the task stands that he was asked about
        scope = self.live.get(token.scope)
        if scope is not None and scope.wait is Wait.UNDO:
            return  # what undoes stands where what is undone stood
        here = "" if scope is None or scope.wait is Wait.CALL else self.lines[scope.id].target
        level = _level(graphs[1], fresh)
        if level != here:
            before = _level(graphs[0], node)
            names = {"target": fresh.id, "old": before or "—", "new": level or "—"}
            yield Remark("migration.nesting_differs", node.id, names)

    def _is_dropped(self, token: Token, node: Node, target: str, new: Graph) -> bool:
        """Whether an event that waits beside something is not there any more."""
        if token.wait not in EVENTS:
            return False
        if token.host:
            host = self.lines[token.host]
            fresh = new.nodes.get(host.target)
            return host.moved is not None and fresh is not None and target not in fresh.watched
        return node.kind is Kind.START and target not in self._handlers(token.scope, new)

    def _handlers(self, scope: int, graph: Graph) -> tuple[str, ...]:
        """The start events of the event sub-processes of a scope, after the move."""
        token = self.live.get(scope)
        if token is None or token.wait is Wait.CALL:
            return graph.handlers
        fresh = graph.nodes.get(self.lines[scope].target)
        return fresh.handlers if fresh is not None else ()

    def _begins(self) -> Iterator[Begin]:
        """Events of the new version that wait where the old one had none."""
        yield from self._attending(0)
        for token in self.state.tokens:
            old, new = self.inside[token.scope]
            line = self.lines[token.id]
            if line.moved is None or new is None or token.wait in _ABOUT:
                continue
            node, fresh = old.nodes[token.element], new.nodes[line.target]
            if node.loop is None or not token.turn:
                before = {self._mapped(name) for name in node.watched}
                yield from (Begin(name, token.scope, token.id) for name in fresh.watched if name not in before)
            if token.wait in SCOPES and token.wait is not Wait.MANY:
                yield from self._attending(token.id)

    def _attending(self, scope: int) -> Iterator[Begin]:
        old, new = self.inside[scope]
        if new is None:
            return
        token = self.live.get(scope)
        own = token is None or token.wait is Wait.CALL
        before = old.handlers if own or token is None else old.nodes[token.element].handlers
        known = {self._mapped(name) for name in before}
        for name in self._handlers(scope, new):
            if name not in known and new.nodes[name].trigger not in _REACHED:
                yield Begin(name, scope, 0)


def _level(graph: Graph, node: Node) -> str:
    """The level a token of this node runs in; what triggers an event sub-process waits around it."""
    if node.kind is Kind.START and node.scope and graph.nodes[node.scope].triggered:
        return graph.nodes[node.scope].scope
    return node.scope
