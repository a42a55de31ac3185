"""The case of four steps with SpiffWorkflow, its state kept in the same database after each step."""

import sqlite3
import sys
from typing import Any

from lxml import etree
from replay import answer
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.mixins import UserTaskMixin
from SpiffWorkflow.util.task import TaskState

_ROAD = (
    ("service", "receive"),
    ("user", "examine"),
    ("choice", "accept"),
    ("service", "accepting"),
    ("user", "review"),
    ("choice", "propose_approve"),
    ("service", "propose"),
    ("user", "decide"),
    ("choice", "approve"),
    ("service", "approving"),
    ("service", "issue"),
    ("service", "deliver"),
    ("service", "close"),
)
_NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="bench"'
)


def _model() -> bytes:
    """The way of a food licence from receipt to closing; what is not chosen ends it."""
    parts, flows, last = ['<startEvent id="start"/>'], [], "start"
    for number, (kind, name) in enumerate(_ROAD):
        here, condition = f"n{number}", ""
        if last.startswith("x"):
            chosen = _ROAD[int(last[1:])][1]
            condition = f'<conditionExpression xsi:type="tFormalExpression">outcome == "{chosen}"</conditionExpression>'
        if kind == "service":
            parts.append(f'<scriptTask id="{here}" name="{name}"><script>done = "{name}"</script></scriptTask>')
        elif kind == "user":
            parts.append(f'<userTask id="{here}" name="{name}"/>')
        else:
            here = f"x{number}"
            parts.append(f'<exclusiveGateway id="{here}" default="d{number}"/>')
            flows.append(f'<sequenceFlow id="d{number}" sourceRef="{here}" targetRef="stop"/>')
        flows.append(f'<sequenceFlow id="f{number}" sourceRef="{last}" targetRef="{here}">{condition}</sequenceFlow>')
        last = here
    parts.append('<endEvent id="stop"/><endEvent id="end"/>')
    flows.append(f'<sequenceFlow id="out" sourceRef="{last}" targetRef="end"/>')
    body = "".join(parts + flows)
    return (
        f'<definitions {_NAMESPACES}><process id="licence" isExecutable="true">{body}</process></definitions>'.encode()
    )


class Store:
    """The driver of either database, and one row of serialised state a case."""

    def __init__(self, address: str) -> None:
        self.sqlite = not address.startswith("postgres://")
        if self.sqlite:
            self.raw: Any = sqlite3.connect(address, isolation_level=None, cached_statements=512)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=10000", "foreign_keys=ON"):
                self.raw.execute(f"PRAGMA {pragma}")
        else:
            import psycopg

            self.raw = psycopg.connect(address, autocommit=True)
        self.raw.execute("CREATE TABLE IF NOT EXISTS spiff_state (id BIGINT PRIMARY KEY, state TEXT)")

    def execute(self, sql: str, params: Any = ()) -> Any:
        return self.raw.execute(sql.replace("%s", "?") if self.sqlite else sql, params)

    def begin(self) -> None:
        self.raw.execute("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")


parser = BpmnParser()
parser.add_bpmn_xml(etree.fromstring(_model()))
spec = parser.get_spec("licence")
serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
store = Store(sys.argv[1])
number = int(store.execute("SELECT COALESCE(MAX(id), 0) FROM spiff_state").fetchone()[0])


def run_case(transactions: list[list[tuple[str, Any]]]) -> None:
    """Submit, accept, propose, approve: each one transaction with the state loaded before and kept after."""
    global number
    number += 1
    for step, (outcome, rows) in enumerate(
        zip(("", "accept", "propose_approve", "approve"), transactions, strict=True)
    ):
        store.begin()
        if not step:
            workflow = BpmnWorkflow(spec)
        else:
            lock = "" if store.sqlite else " FOR UPDATE"
            held = store.execute(f"SELECT state FROM spiff_state WHERE id = %s{lock}", (number,)).fetchone()
            workflow = serializer.deserialize_json(held[0])
            (task,) = [
                each for each in workflow.get_tasks(state=TaskState.READY) if isinstance(each.task_spec, UserTaskMixin)
            ]
            task.data["outcome"] = outcome
            task.run()
        workflow.do_engine_steps()
        state = serializer.serialize_json(workflow)
        if step:
            store.execute("UPDATE spiff_state SET state = %s WHERE id = %s", (state, number))
        else:
            store.execute("INSERT INTO spiff_state VALUES (%s, %s)", (number, state))
        for sql, params in rows:
            store.execute(sql, params)
        store.raw.execute("COMMIT")
    assert workflow.is_completed()


answer(run_case, sys.argv[2])
