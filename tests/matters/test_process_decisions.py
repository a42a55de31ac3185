"""A process asks for a decision: what comes back steers its flows, and nothing it cannot steer by stands still."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from zhengtong.foundation.core.errors import Conflict, Refusal
from zhengtong.foundation.core.identifiers import new_id
from zhengtong.foundation.core.statements import Outgoing
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.definitions import define
from zhengtong.matters.workflow.models import Process, Task
from zhengtong.matters.workflow.registry import Call, TaskFace

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2025, 3, 3, 2, tzinfo=dt.UTC)
DAY = dt.date(2025, 3, 3)

HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zt="https://zhengtong.example/ns/bpmn/1"
  id="d" targetNamespace="x" expressionLanguage="http://www.omg.org/spec/FEEL/20140401">
  <process id="p" name="津贴" isExecutable="true">
    <startEvent id="begin"/>
    <businessRuleTask id="rule" name="核定" zt:decision="核定"/>
    <exclusiveGateway id="which" default="otherwise"/>"""
FLOWS = """
    <sequenceFlow id="a" sourceRef="begin" targetRef="rule"/>
    <sequenceFlow id="b" sourceRef="rule" targetRef="which"/>
    <sequenceFlow id="yes" sourceRef="which" targetRef="{yes}">
      <conditionExpression xsi:type="tFormalExpression">核定.结论 = "准予" and 核定.金额 >= 100.5</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="otherwise" sourceRef="which" targetRef="person"/>
    <userTask id="person" name="人工核实" zt:role="clerk" zt:outcomes="done"/>
    <sequenceFlow id="c" sourceRef="person" targetRef="granted"/>
    <endEvent id="granted"/>
  </process></definitions>"""


@dataclass
class Applicant:
    """A subject whose rules answer with whatever the test says."""

    answer: object
    calls: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    id: int = field(default_factory=new_id)
    rows: Outgoing = field(default_factory=Outgoing)
    kind: str = "trial"

    def face(self) -> TaskFace:
        return TaskFace(1, "津贴", "Allowance", "张*", "s1", None, DAY)

    def timer_due(self, clock: str) -> dt.datetime:
        raise NotImplementedError(clock)

    def decide(self, decision: str, call: Call) -> Mapping[str, object]:
        self.calls.append((decision, call.data))
        if isinstance(self.answer, Exception):
            raise self.answer
        return {decision: self.answer}

    def flush(self) -> None:
        """Nothing of its own to write."""


def run(answer: object, yes: str = "granted") -> tuple[Applicant, Process | None]:
    subject = Applicant(answer)
    process = new_id()
    definition = define((HEAD + FLOWS.format(yes=yes)).encode())

    def job() -> None:
        services.begin(
            by=SYSTEM, process_id=process, definition_id=definition, subject=subject, data={"seen": True}, now=NOW
        )

    write(job)
    return subject, Process.objects.filter(id=process).first()


def test_what_the_rules_say_steers_the_flow_and_stays_in_the_data() -> None:
    subject, process = run({"结论": "准予", "金额": 200})
    assert process is not None
    assert process.state == "ended"
    assert process.data == {"seen": True, "核定": {"结论": "准予", "金额": 200}}
    assert subject.calls == [("核定", {"seen": True})]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="nothing"),
        pytest.param({"结论": "准予"}, id="a part is missing"),
        pytest.param({"结论": "准予", "金额": None}, id="a part is null"),
        pytest.param({"结论": "准予", "金额": "许多"}, id="a part is of another kind"),
        pytest.param({"结论": "不予", "金额": 200}, id="another word"),
    ],
)
def test_whatever_no_condition_is_sure_of_goes_to_a_person(answer: object) -> None:
    _subject, process = run(answer)
    assert process is not None
    assert process.state == "running"
    (task,) = Task.objects.filter(process_id=process.id)
    assert (task.element, task.role, task.state) == ("person", "clerk", "open")
    assert process.data["核定"] == answer


def test_a_decision_that_fails_refuses_the_whole_step() -> None:
    with pytest.raises(Refusal) as refused:
        run(Conflict("cases.no_decision", "no such decision"))
    assert refused.value.code == "cases.no_decision"
    assert not Process.objects.exists()
    assert not Task.objects.exists()


def test_a_process_that_asks_without_end_is_stopped() -> None:
    with pytest.raises(Conflict) as refused:
        run({"结论": "准予", "金额": Decimal(200)}, yes="rule")
    assert refused.value.code == "workflow.endless"
    assert not Process.objects.exists()
