"""Drive one process instance in a test: send events, remember the last outcome."""

import pytest

from engines.bpmn_drawing import NOW
from zhengtong.engines.bpmn import (
    BpmnError,
    Event,
    Graph,
    Outcome,
    StoreData,
    TaskCompleted,
    from_rows,
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
        self.take(start(compiled, data, NOW, at))

    def take(self, outcome: Outcome) -> Outcome:
        """Whatever comes out can be stored and read again; what is to be stored is."""
        self.outcome, self.state = outcome, outcome.state
        for command in outcome.commands:
            if isinstance(command, StoreData):
                self.data = {**self.data, **command.data}
        verify(self.graph, self.state)
        assert from_rows(to_rows(self.state), self.state.next_id) == self.state
        return outcome

    def send(self, event: Event) -> Outcome:
        return self.take(step(self.graph, self.state, event, self.data, self.now))

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
