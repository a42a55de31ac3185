"""The live tokens by what they run in and hang on: looked up, not searched, however many there are."""

from collections import defaultdict
from collections.abc import Iterable

from zhengtong.engines.bpmn.state import EVENTS, NOTES, Token, Wait


class Crowd:
    """Made when a step first asks for it, in one pass, and kept true until the step ends.

    `below` holds the ids of what runs in a token or hangs on it, oldest first; `joins` the tokens that wait at one join
    of one scope, oldest first; `busy` counts what keeps a scope open, `results` the notes of what was done.
    """

    __slots__ = ("below", "busy", "joins", "results")

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.below: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self.busy: defaultdict[int, int] = defaultdict(int)
        self.results: defaultdict[int, int] = defaultdict(int)
        self.joins: defaultdict[tuple[str, int], dict[int, Token]] = defaultdict(dict)
        for token in tokens:
            self.add(token)

    def add(self, token: Token) -> None:
        """A token that came."""
        self.below[token.scope][token.id] = None
        if token.host:
            self.below[token.host][token.id] = None
        if keeps_open(token):
            self.busy[token.scope] += 1
        if token.wait is Wait.JOIN:
            self.joins[token.element, token.scope][token.id] = token
        elif token.wait is Wait.RESULT:
            self.results[token.scope] += 1

    def remove(self, token: Token) -> None:
        """A token that is live no longer."""
        self.below[token.scope].pop(token.id, None)
        if token.host:
            self.below[token.host].pop(token.id, None)
        if keeps_open(token):
            self.busy[token.scope] -= 1
        if token.wait is Wait.JOIN:
            del self.joins[token.element, token.scope][token.id]
        elif token.wait is Wait.RESULT:
            self.results[token.scope] -= 1


def keeps_open(token: Token) -> bool:
    """Whether its scope cannot end while this token lives.

    Notes do not, nor what hangs on another token, nor the start event of an event sub-process, which alone of all
    waiting events was reached by no flow.
    """
    if token.wait is Wait.UNDO:
        return True
    return not (token.host or token.wait in NOTES or (token.wait in EVENTS and not token.flow))
