"""Processes without a matter behind them: a subject that any app could have, models a line long, and their steps."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Outgoing
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.definitions import define
from zhengtong.matters.workflow.models import Process, Task
from zhengtong.matters.workflow.registry import Call, TaskFace, actions, subjects

KIND = "trial"
NOW = dt.datetime(2025, 3, 3, 2, tzinfo=dt.UTC)


@dataclass
class Trial:
    """A subject with nothing of its own."""

    id: int = field(default_factory=new_id)
    rows: Outgoing = field(default_factory=Outgoing)
    kind: str = KIND

    def face(self) -> TaskFace:
        return TaskFace(1, "试办", "Trial", "张*", "s1", None, NOW.date())

    def timer_due(self, clock: str) -> dt.datetime:
        raise NotImplementedError(clock)  # no process of these tests has a clock outside

    def decide(self, decision: str, call: Call) -> Mapping[str, object]:
        raise NotImplementedError(decision)  # none of them asks rules

    def flush(self) -> None:
        """Nothing of its own to write."""


def offer(monkeypatch: pytest.MonkeyPatch, name: str, run: Callable[[Call], Mapping[str, object] | None]) -> None:
    """Let `tests.NAME@1` be this until the test is over."""
    monkeypatch.setitem(actions._things, f"tests.{name}@1", run)


if KIND not in subjects:
    subjects.add(KIND, lambda number, _by, _now: Trial(number))


def begin(xml: bytes, subject: Trial | None = None, now: dt.datetime = NOW, **data: object) -> Process:
    """A process of this model, begun."""
    held, number, definition = subject or Trial(), new_id(), define(xml)

    def job() -> None:
        services.begin(by=SYSTEM, process_id=number, definition_id=definition, subject=held, data=data, now=now)

    write(job)
    return Process.objects.get(id=number)


def complete(process: Process, element: str, now: dt.datetime = NOW, **data: object) -> Process:
    """Complete the open task at an element, as the system."""
    task = Task.objects.get(process_id=process.id, element=element, state="open")

    def job() -> None:
        held = services.Hold(task.id)
        subject = Trial(process.subject_id)
        services.complete_task(by=SYSTEM, task=held.task, subject=subject, data=data, now=now, held=held)

    write(job, pipelined=True)
    return Process.objects.get(id=process.id)


def waiting(process: Process) -> list[str]:
    """The elements at which tasks are open."""
    return list(
        Task.objects.filter(process_id=process.id, state="open").order_by("id").values_list("element", flat=True)
    )
