"""The bench's decision table with zen-engine, one call a decision; with `batch`, one call for all facts."""

import json
import sys
from collections.abc import Callable
from typing import Any

from asking import answer, answer_together
from zen import ZenDecisionContent, ZenEngine

_COLUMNS = ("age", "place", "poor")
_AT = {"position": {"x": 0, "y": 0}}


def _content(rows: list[list[Any]]) -> str:
    """The table in zen's own form."""
    rules = [
        {
            "_id": f"r{number}",
            "age": f"[{low}..{high})",
            "place": f'"{place}"',
            "poor": str(poor).lower(),
            "fee": str(fee),
        }
        for number, (low, high, place, poor, fee) in enumerate(rows)
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "type": "expression", "field": name} for name in _COLUMNS],
        "outputs": [{"id": "fee", "name": "fee", "type": "expression", "field": "fee"}],
        "rules": rules,
    }
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode", "name": "in", **_AT},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table, **_AT},
        {"id": "out", "type": "outputNode", "name": "out", **_AT},
    ]
    edges = [
        {"id": f"{start}_{end}", "sourceId": start, "targetId": end, "type": "edge"}
        for start, end in (("in", "table"), ("table", "out"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def _one_by_one(rows: list[list[Any]]) -> Callable[[dict[str, Any]], Any]:
    decision = ZenEngine().create_decision(ZenDecisionContent(_content(rows)))
    return lambda facts: decision.evaluate(facts)["result"]["fee"]


def _together(rows: list[list[Any]]) -> Callable[[list[dict[str, Any]]], list[Any]]:
    engine = ZenEngine({"loader": {"type": "static", "content": {"table": json.loads(_content(rows))}}})

    def ask(everything: list[dict[str, Any]]) -> list[Any]:
        found = engine.evaluate_batch([{"key": "table", "context": facts} for facts in everything])
        return [each["data"]["result"]["fee"] for each in found]

    return ask


if __name__ == "__main__":
    if "batch" in sys.argv:
        answer_together(_together, sys.argv[1])
    else:
        answer(_one_by_one, sys.argv[1])
