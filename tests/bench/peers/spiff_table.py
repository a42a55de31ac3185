"""The bench's decision table with SpiffWorkflow's DMN engine, cells in the Python it evaluates."""

import sys
from types import SimpleNamespace
from typing import Any

from asking import answer
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser

_DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def _model(rows: list[list[Any]]) -> bytes:
    """The table; a range is a comparison around `?`."""
    parts = [
        f'<input id="i{n}"><inputExpression id="e{n}"><text>{name}</text></inputExpression></input>'
        for n, name in enumerate(("age", "place", "poor"))
    ]
    parts.append('<output id="o" name="fee"/>')
    for number, (low, high, place, poor, fee) in enumerate(rows):
        cells = (f"{low} &lt;= ? &lt; {high}", f'"{place}"', str(poor))
        tests = "".join(
            f'<inputEntry id="t{number}_{n}"><text>{cell}</text></inputEntry>' for n, cell in enumerate(cells)
        )
        parts.append(f'<rule id="r{number}">{tests}<outputEntry id="u{number}"><text>{fee}</text></outputEntry></rule>')
    table = f'<decisionTable id="t" hitPolicy="UNIQUE">{"".join(parts)}</decisionTable>'
    return f'<definitions xmlns="{_DMN}"><decision id="d" name="d">{table}</decision></definitions>'.encode()


def main() -> None:
    """Answer the bench."""

    def prepare(rows: list[list[Any]]) -> Any:
        parser = BpmnDmnParser()
        parser.add_dmn_xml(etree.fromstring(_model(rows)))
        engine: DMNEngine = parser.get_engine("d", None)
        # A task is all the engine asks for: the data, and through its workflow the script engine.
        workflow = SimpleNamespace(script_engine=PythonScriptEngine())
        return lambda facts: engine.result(SimpleNamespace(data=facts, workflow=workflow))["fee"]

    answer(prepare, sys.argv[1])


if __name__ == "__main__":
    main()
