"""Run a model with our engine and with SpiffWorkflow in the same way, and compare the order of what was done.

Both complete what waits for people or programs in the order in which it came about; only where nothing does, the event
happens that was awaited first. Conditions are FEEL on both sides: what is compared is the flow, not the language.
"""

import pathlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.mixins import ServiceTaskMixin, StartEventMixin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.exclusive_gateway import ExclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.inclusive_gateway import InclusiveGateway
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from zhengtong.doors.cli.tracing import Trace
from zhengtong.engines.bpmn import BpmnError, ModelRefused, compile_process, read
from zhengtong.engines.errors import EngineError
from zhengtong.engines.feel import compile_expression, from_feel, to_feel

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
MOST = 60


class OutsideError(Exception):
    """A model that one of the two does not run; the text is the reason."""


@dataclass(frozen=True)
class Done:
    """An activity that was completed, and the places in the run of those it came after."""

    element: str
    after: tuple[int, ...]


@dataclass(frozen=True)
class Run:
    """What was completed, in order, and whether the process came to its end; `cut` off when it went on too long."""

    done: tuple[Done, ...]
    ended: bool
    cut: bool = False


# Ours


def ours(xml: bytes, process: str, data: Mapping[str, object]) -> Run:
    """The run of our engine. Raises OutsideError with the codes of what it refuses."""
    try:
        played = Trace(compile_process(read(xml), process), data, NOW, MOST)
        done = tuple(Done(each.element, tuple(number - 1 for number in each.after)) for each in played)
    except ModelRefused as refusal:
        raise OutsideError(", ".join(sorted({f.code for f in refusal.findings if f.blocking}))) from None
    except BpmnError as refusal:
        raise OutsideError(refusal.code) from None
    return Run(done, played.ended, played.taken >= MOST)


# Theirs


DECIDING = (ExclusiveGateway, InclusiveGateway)
"""Where a name without a value is no condition that holds, rather than a word."""


class Feel(PythonScriptEngine):
    """SpiffWorkflow with FEEL in place of Python: nothing in a model is evaluated as a program."""

    def validate(self, expression: str) -> None:
        """Everything may be tried."""

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        try:
            value = from_feel(compile_expression(expression).evaluate(to_feel(dict(task.data))))
        except EngineError:
            return expression  # a literal, such as a duration
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        literal = value is None and not re.search(r"[=<> ]", expression) and not isinstance(task.task_spec, DECIDING)
        return expression if literal else value

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        value = self.evaluate(task, script)
        if not isinstance(value, Mapping):
            raise SpiffWorkflowException("a script that is not FEEL")
        task.data.update(value)
        return True


ACTIVITY = ("Task", "CallActivity", "TransactionSubprocess", "AdHocSubprocess")


class Theirs:
    """One instance in SpiffWorkflow."""

    def __init__(self, xml: bytes, process: str, data: Mapping[str, object]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(xml))
        spec = parser.get_spec(process)
        self.workflow = BpmnWorkflow(spec, parser.get_subprocess_specs(process), script_engine=Feel())
        self.workflow.data.update(data)
        self.data = data
        self.order: dict[Any, int] = {}
        self.booked: list[Any] = []

    def run(self) -> Run:
        self.workflow.task_tree.data.update(self.data)
        cut = True
        for _ in range(MOST):
            self.workflow.do_engine_steps(did_complete_task=self._book)
            if self._answer():
                continue
            self._note()
            task = self._next()
            if task is None:
                cut = False
                break
            if not isinstance(task.task_spec, CatchingEvent):
                task.run()
                self._book(task)
            else:
                self._happen(task)
        ended = not self.workflow.get_tasks(state=TaskState.NOT_FINISHED_MASK) or self.workflow.is_completed()
        return Run(tuple(self._done()), ended, cut)

    def _answer(self) -> bool:
        """Services that were asked have done what they were asked for."""
        asked = self.workflow.get_tasks(state=TaskState.STARTED, spec_class=ServiceTaskMixin)
        for task in asked:
            task.complete()
        return bool(asked)

    def _book(self, task: Any) -> None:
        if getattr(task.task_spec, "bpmn_id", None) and type(task.task_spec).__name__.endswith(ACTIVITY):
            self.booked.append(task)

    def _note(self) -> None:
        for task in self.workflow.get_tasks(state=TaskState.READY | TaskState.WAITING):
            self.order.setdefault(task.id, len(self.order))

    def _next(self) -> Any:
        ready = [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]
        if ready:
            return min(ready, key=lambda task: self.order[task.id])
        waiting = [
            task
            for task in self.workflow.get_tasks(state=TaskState.WAITING)
            if isinstance(task.task_spec, CatchingEvent)
            and (not isinstance(task.task_spec, StartEventMixin) or not self.booked and not self._begun())
        ]
        return min(
            waiting,
            key=lambda task: (isinstance(task.task_spec, BoundaryEvent | StartEventMixin), self.order[task.id]),
            default=None,
        )

    def _begun(self) -> bool:
        """Whether some start event has happened already."""
        return any(
            isinstance(task.task_spec, StartEventMixin) for task in self.workflow.get_tasks(state=TaskState.COMPLETED)
        )

    def _happen(self, task: Any) -> None:
        """What a task waits for comes; at an event gateway the first of what it waits for."""
        definition = task.task_spec.event_definition
        if isinstance(task.task_spec, EventBasedGateway):
            definition.catch(task, BpmnEvent(definition.event_definitions[0]))
        else:
            task._set_internal_data(event_fired=True)
        task.task_spec._update(task)

    def _done(self) -> Iterator[Done]:
        done = [task for task in self.booked if task.state == TaskState.COMPLETED and not self._interrupted(task)]
        places = {task.id: place for place, task in enumerate(done)}
        for task in done:
            before = self._before(task)
            # What a repeated activity or a sub-process is made of comes before the whole, which ends later.
            while before is not None and places.get(before.id, len(done)) > places[task.id]:
                before = self._before(before)
            yield Done(task.task_spec.bpmn_id, () if before is None else (places[before.id],))

    @staticmethod
    def _interrupted(task: Any) -> bool:
        """A sub-process that an error ended counts as completed there; in BPMN it was interrupted."""
        beside = [] if task.parent is None else task.parent.children
        return any(
            isinstance(each.task_spec, BoundaryEvent) and each.task_spec.cancel_activity and each.state == task.state
            for each in beside
        )

    def _before(self, task: Any) -> Any:
        if task.parent is not None:
            return task.parent
        around = getattr(task.workflow, "parent_task_id", None)
        return None if around is None else self.workflow.get_task_from_id(around).parent


def theirs(xml: bytes, process: str, data: Mapping[str, object]) -> Run:
    """The run of SpiffWorkflow. Raises OutsideError with what it says first, without ids."""
    try:
        return Theirs(xml, process, data).run()
    except Exception as refusal:  # noqa: BLE001 whatever it throws, for a model it was not made for, is the reason
        said = (str(refusal).splitlines() or [""])[0]
        said = re.sub(r"'[^']*'|<[^>]*>|:.*|\. .*", "", said).strip(" .")
        raise OutsideError(f"{type(refusal).__name__}: {said[:80]}") from None


# The comparison


def difference(mine: Run, other: Run) -> str:
    """How two runs differ: in what was done, or in an order that one of them prescribes; empty where they agree."""
    left, right = [d.element for d in mine.done], [d.element for d in other.done]
    if sorted(left) != sorted(right):
        return f"done: {left} and {right}"
    if mine.ended != other.ended:
        return f"ended: {mine.ended} and {other.ended}"
    for first, second in ((mine, other), (other, mine)):
        places = _occurrences(second)
        for done, name in zip(first.done, _names(first), strict=True):
            for before in done.after:
                earlier = _names(first)[before]
                if earlier in places and name in places and places[earlier] > places[name]:
                    return f"order: {earlier} before {name}"
    return ""


def _names(run: Run) -> list[tuple[str, int]]:
    """Each activity with how often it was done before."""
    seen: dict[str, int] = defaultdict(int)
    names = []
    for done in run.done:
        names.append((done.element, seen[done.element]))
        seen[done.element] += 1
    return names


def _occurrences(run: Run) -> Mapping[tuple[str, int], int]:
    return {name: place for place, name in enumerate(_names(run))}


def compare(xml: bytes, process: str, data: Sequence[Mapping[str, object]]) -> list[Run]:
    """The runs of both on each of `data`, which agree; those that go round for ever are left out.

    Raises OutsideError; AssertionError where they do not agree.
    """
    runs = []
    for given in data:
        mine, other = ours(xml, process, given), theirs(xml, process, given)
        if not (mine.cut or other.cut):
            apart = difference(mine, other)
            assert not apart, apart
            runs.append(mine)
    if not runs:
        raise OutsideError("goes round for ever on the data given")
    return runs


def processes(path: pathlib.Path) -> tuple[str, ...]:
    """The ids of the processes in a file."""
    return read(path.read_bytes()).process_ids
