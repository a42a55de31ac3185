"""Branches that do not touch one another: of which tokens it is enough to look at what happens next.

Where what may happen to some tokens changes nothing for the others, and nothing of theirs for them, it is all the same
in which order it happens: a state from which no end can be reached can be reached as well by letting those go first
(stubborn sets: A. Valmari, The State Explosion Problem, 1998, §3). So a walk need only let those go, and what many
branches do together costs their sum, not their product.
"""

from collections.abc import Callable, Iterable

from zhengtong.engines.bpmn.graph import Graph, Kind, Node
from zhengtong.engines.bpmn.state import State, Token, Wait

_TRIGGERS = frozenset({"signal", "compensate", "error"})
"""What may end, or let go on, things in other branches. A transaction is cancelled within its own border."""
_CROWDED = frozenset({Wait.MANY, Wait.ADHOC, Wait.CALL})
"""What runs in these is looked at together: how one of it ends may end the rest."""


class Branches:
    """Which tokens of a state belong together. `at` gives the node at which a token stands."""

    def __init__(self, graphs: Iterable[Graph], at: Callable[[State, Token], Node]) -> None:
        self._at = at
        graphs = tuple(graphs)
        nodes = [node for graph in graphs for node in graph.nodes.values()]
        self._never = any(node.trigger in _TRIGGERS for node in nodes)
        # Levels in which one token has a say about the others: they end them, or wait for what they might do.
        own = graphs[0].nodes.values() if graphs else ()
        self._levels = {node.scope for node in own if _reaches_around(node)}
        self._never = self._never or "" in self._levels or bool(graphs and graphs[0].handlers)

    def first(self, state: State) -> frozenset[int] | None:
        """The tokens that may go before all others; None where any may touch any."""
        if self._never:
            return None
        roots: dict[int, int] = {}
        known = {token.id: token for token in state.tokens}
        for token in state.tokens:
            self._root(state, token, known, roots)
        together: dict[int, set[int]] = {}
        for token in state.tokens:
            together.setdefault(roots[token.id], set()).add(token.id)
        awaiting = [group for group in together.values() if any(known[name].wait in _AWAITED for name in group)]
        if len(awaiting) < 2:
            return None
        smallest = min(awaiting, key=len)
        return frozenset(smallest)

    def _root(self, state: State, token: Token, known: dict[int, Token], roots: dict[int, int]) -> int:
        """The outermost token that what happens to this one may touch; itself where it stands alone."""
        if token.id not in roots:
            roots[token.id] = token.id
            around = known.get(token.host or token.scope)
            if around is not None:
                above = self._root(state, around, known, roots)
                if token.host or above != around.id or self._holds(state, around):
                    roots[token.id] = above
        return roots[token.id]

    def _holds(self, state: State, token: Token) -> bool:
        """Whether something may end what runs in it, or what runs in it may end the rest."""
        if token.wait in _CROWDED:
            return True
        node = self._at(state, token)
        return bool(node.attached or node.handlers or node.id in self._levels)


def _reaches_around(node: Node) -> bool:
    return node.kind is Kind.TERMINATE or (node.kind is Kind.INCLUSIVE and node.incoming > 1)


_AWAITED = frozenset({Wait.TASK, Wait.ACTION, Wait.DECISION, Wait.MESSAGE, Wait.ADHOC})
