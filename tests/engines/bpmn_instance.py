"""Drive one process instance in a test: send events, remember the last outcome."""

import pytest

from engines.bpmn_drawing import NOW
from zhengtong.engines.bpmn import (
    BpmnError,
    Event,
    Graph,
    History,
    Outcome,
    SendBack,
    StoreData,
    TaskCompleted,
    Token,
    from_rows,
    history_of,
    row_of,
    start,
    step,
    to_rows,
    verify,
)


class Instance:
    """Runs a graph and remembers the last outcome."""

    def __init__(self, compiled: Graph, at: str = "", **data: object) -> None:
        self.graph = compiled
        self.data = data
        self.now = NOW
        self.completed: list[Token] = []
        self.cancelled: list[Token] = []
        self.take(start(compiled, data, NOW, at))

    def take(self, outcome: Outcome) -> Outcome:
        """Whatever comes out can be stored and read again; what is to be stored is."""
        self.outcome, self.state = outcome, outcome.state
        for command in outcome.commands:
            if isinstance(command, StoreData):
                self.data = {**self.data, **command.data}
        change = outcome.change
        self.completed += [*change.completed, *change.passed, *(token for token in change.done if not token.id)]
        self.cancelled += change.cancelled
        verify(self.graph, self.state)
        again = from_rows(to_rows(self.state), self.state.next_id, suspended=self.state.suspended)
        assert again == self.state
        return outcome

    def send(self, event: Event) -> Outcome:
        return self.take(step(self.graph, self.state, event, self.data, self.now))

    @property
    def history(self) -> History:
        """Every ended token, as rows tell it, in an order of their own."""
        rows = [[row_of(token) for token in reversed(tokens)] for tokens in (self.completed, self.cancelled)]
        return history_of(*rows)

    def back(self, element: str, to: str = "", *, direct: bool = False) -> Outcome:
        """退回 from the one task at `element`."""
        return self.send(SendBack(self.at(element), to, self.history, direct=direct))

    def at(self, element: str) -> int:
        (token,) = [token.id for token in self.state.tokens if token.element == element]
        return token

    def done(self, element: str, **data: object) -> Outcome:
        return self.send(TaskCompleted(self.at(element), data))

    def done_token(self, token: int, **data: object) -> Outcome:
        return self.send(TaskCompleted(token, data))

    @property
    def places(self) -> list[str]:
        return sorted(token.element for token in self.state.tokens)


def refused(instance: Instance, event: Event) -> str:
    """The code with which an instance refuses an event, and stays as it was."""
    before = instance.state
    with pytest.raises(BpmnError) as caught:
        instance.send(event)
    assert instance.state == before
    return caught.value.code
