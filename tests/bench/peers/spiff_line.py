"""A line of user tasks with SpiffWorkflow, its state kept in the database after each: database and number of tasks."""

import sqlite3
import sys
import time

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.mixins import UserTaskMixin
from SpiffWorkflow.util.task import TaskState

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
    '<process id="line" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>'
)


def model(count: int) -> bytes:
    """Tasks one after another."""
    names = ["s", *(f"t{number}" for number in range(count)), "e"]
    tasks = "".join(f'<userTask id="{name}" name="{name}"/>' for name in names[1:-1])
    pairs = zip(names, names[1:], strict=False)
    flows = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)
    return f"{HEAD}{tasks}{flows}</process></definitions>".encode()


parser = BpmnParser()
parser.add_bpmn_xml(etree.fromstring(model(int(sys.argv[2]))))
spec = parser.get_spec("line")
serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
raw = sqlite3.connect(sys.argv[1], isolation_level=None)
for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=10000"):
    raw.execute(f"PRAGMA {pragma}")
raw.execute("CREATE TABLE IF NOT EXISTS spiff_line (id INTEGER PRIMARY KEY, state TEXT)")


def run(steps: int) -> float:
    """Seconds of so many completions, each a transaction with the state loaded before and kept after."""
    spent, number = 0.0, 0
    for step in range(steps):
        if step % int(sys.argv[2]) == 0:
            number = begin()
        begun = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        (state,) = raw.execute("SELECT state FROM spiff_line WHERE id = ?", (number,)).fetchone()
        workflow = serializer.deserialize_json(state)
        (task,) = [
            each for each in workflow.get_tasks(state=TaskState.READY) if isinstance(each.task_spec, UserTaskMixin)
        ]
        task.run()
        workflow.do_engine_steps()
        raw.execute("UPDATE spiff_line SET state = ? WHERE id = ?", (serializer.serialize_json(workflow), number))
        raw.execute("COMMIT")
        spent += time.perf_counter() - begun
    return spent


def begin() -> int:
    """A fresh run of the line."""
    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    raw.execute("BEGIN IMMEDIATE")
    made = raw.execute("INSERT INTO spiff_line (state) VALUES (?)", (serializer.serialize_json(workflow),))
    raw.execute("COMMIT")
    return int(made.lastrowid or 0)


sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    sys.stdout.write(f"{run(int(line))}\n")
    sys.stdout.flush()
