"""Whether a state could be one of a process: for imports, repairs and new versions; no step pays for it."""

from collections.abc import Mapping, Sequence

from zhengtong.engines.bpmn.graph import Graph, Kind, Node
from zhengtong.engines.bpmn.state import HOLDERS, State, Token, Wait, check_ids, damaged
from zhengtong.engines.bpmn.steps.running import called_by
from zhengtong.engines.bpmn.verbs.asked import RETURNED, first_asked


def verify(graph: Graph, state: State) -> None:
    """Raise `bpmn.state_damaged` unless every token could stand where it stands in `graph`, and what that calls."""
    check_ids(state)
    live = {token.id: token for token in state.tokens}
    inside = {0: graph}
    for token in state.tokens:  # by id, so that what a token runs in comes before it
        process = inside.get(token.scope)
        if process is None:
            raise damaged("its scope is not open", token.id)
        _check_place(process, token)
        if token.wait is Wait.SIGNERS or (token.wait is Wait.TASK and token.host):
            _check_asked(live, token)
        else:
            _check_parents(process, live, token)
        if token.wait in HOLDERS:
            inside[token.id] = called_by(process, token) if token.wait is Wait.CALL else process


_RESTS: Mapping[Kind, Sequence[Wait]] = {
    Kind.TASK: (Wait.TASK,),
    Kind.ACTION: (Wait.ACTION,),
    Kind.DECISION: (Wait.DECISION,),
    Kind.TIMER: (Wait.TIMER,),
    Kind.MESSAGE: (Wait.MESSAGE,),
    Kind.SIGNAL: (Wait.SIGNAL,),
    Kind.CONDITION: (Wait.CONDITION,),
    Kind.PARALLEL: (Wait.JOIN,),
    Kind.INCLUSIVE: (Wait.JOIN,),
    Kind.CHOICE: (Wait.CHOICE,),
    Kind.SCOPE: (Wait.SCOPE,),
    Kind.ADHOC: (Wait.ADHOC,),
    Kind.CANCEL: (Wait.UNDO,),
    Kind.CALL: (Wait.CALL,),
}
_ABOUT_SCOPES = frozenset({Wait.DATA, Wait.OVER})
_TRIGGERED: Mapping[str, Sequence[Wait]] = {
    "timer": (Wait.TIMER,),
    "message": (Wait.MESSAGE,),
    "signal": (Wait.SIGNAL,),
    "conditional": (Wait.CONDITION,),
}


def _check_place(graph: Graph, token: Token) -> None:
    if token.wait in _ABOUT_SCOPES:
        return  # it stands where its scope does
    node = graph.nodes.get(token.element)
    if node is None:
        raise damaged(f"unknown element {token.element}", token.id)
    if token.wait is not Wait.SIGNERS and token.wait not in _waits(node, token):
        raise damaged(f"{node.tag} {node.id} cannot wait for {token.wait}", token.id)
    if node.host and not token.host and not graph.nodes[node.host].together:
        raise damaged(f"{node.id} stands without its activity", token.id)


def _waits(node: Node, token: Token) -> Sequence[Wait]:
    if node.noted and not token.turn and token.wait in (Wait.DONE, Wait.UNDO):
        return (Wait.UNDO,) if token.host else (Wait.DONE,)
    if node.kind is Kind.START:
        return (Wait.TASK, *_TRIGGERED.get(node.trigger, ()))
    if node.loop is not None and not token.turn:
        return (Wait.MANY,)
    if node.trigger == "compensate" and node.kind is Kind.THROW:
        return (Wait.UNDO,)
    rests = _RESTS.get(node.kind, ())
    return rests if node.loop is None else (*rests, Wait.RESULT)


def _check_parents(graph: Graph, live: Mapping[int, Token], token: Token) -> None:
    scope = live.get(token.scope)
    if token.wait in _ABOUT_SCOPES:
        if scope is None or scope.element != token.element or scope.wait is Wait.MANY or _misplaced(scope, token):
            raise damaged("it does not belong to what it stands in", token.id)
        return
    node = graph.nodes[token.element]
    if node.loop is not None and token.turn:
        if scope is None or scope.element != token.element or scope.wait is not Wait.MANY:
            raise damaged("it does not belong to what it stands in", token.id)
        return
    if node.kind is Kind.START and token.wait is Wait.TASK:
        if token.scope or node.scope:
            raise damaged("the applicant's task does not stand in the process itself", token.id)
        return
    _check_level(graph, live, node, token)


def _check_level(graph: Graph, live: Mapping[int, Token], node: Node, token: Token) -> None:
    scope, host = live.get(token.scope), live.get(token.host)
    if scope is not None and scope.wait is Wait.DONE and token.wait is not Wait.DONE:
        raise damaged("it runs in what is completed", token.id)
    if token.wait is Wait.UNDO and token.host:
        _check_undoing(token, scope, host)
        return
    if (_inside(graph, scope) if scope else "") != _level(graph, node, token):
        raise damaged("token runs in the wrong sub-process", token.id)
    if not token.host:
        return
    if host is None or host.scope != token.scope or token.element not in graph.nodes[host.element].attached:
        raise damaged("it is attached to nothing", token.id)


def _check_asked(live: Mapping[int, Token], token: Token) -> None:
    """Who is asked hangs on a task, and works at the same element unless it came back to another one."""
    about = live.get(token.host or token.scope)
    found = about is not None and about.wait is (Wait.TASK if token.host else Wait.MANY)
    if about is None or not found or (token.host and (about.scope, about.turn) != (token.scope, token.turn)):
        raise damaged("nobody asked for it", token.id)
    if about.element != token.element and (token.wait is Wait.SIGNERS or first_asked(token) != RETURNED):
        raise damaged("it was asked about something else", token.id)


def _misplaced(scope: Token, token: Token) -> bool:
    return token.wait is Wait.OVER and scope.wait is not Wait.ADHOC


def _check_undoing(token: Token, scope: Token | None, host: Token | None) -> None:
    """What undoes a sub-process hangs on the note of it and runs in what undoes more."""
    about = host is not None and host.wait is Wait.DONE and host.element == token.element
    if not about or scope is None or scope.wait is not Wait.UNDO:
        raise damaged("it undoes nothing", token.id)


def _inside(graph: Graph, scope: Token) -> str | None:
    """The level that runs in a scope: that of a called process itself, none in the body of a repeated activity.

    In what throws compensation runs what stands in its own level, or, from an event sub-process, in that around.
    """
    if scope.wait is Wait.CALL:
        return ""
    if scope.wait is Wait.UNDO and not scope.host:
        level = graph.nodes[scope.element].scope
        while level and graph.nodes[level].triggered:
            level = graph.nodes[level].scope
        return level
    return None if scope.wait is Wait.MANY else scope.element


def _level(graph: Graph, node: Node, token: Token) -> str:
    """The level a token of this node runs in; what triggers an event sub-process waits around it."""
    if node.kind is not Kind.START:
        return node.scope
    if not node.scope or not graph.nodes[node.scope].triggered:
        raise damaged(f"{node.id} begins what it stands in", token.id)
    return graph.nodes[node.scope].scope
