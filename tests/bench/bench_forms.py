"""What checking a form of a hundred questions costs, and what its parts cost."""

import datetime as dt
import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from engines.forms_drafting import ask, choice, draft, page, section, table
from zhengtong.engines.feel import compile_expression
from zhengtong.engines.forms import check, compile_form, describe_page

TODAY = dt.date(2025, 3, 3)
ROUNDS = 60
CONDITION = 'kind in ("eat", "canteen") and area >= 500 and not(online = true)'


def figures() -> dict[str, float]:
    """Milliseconds (medians): `check_ms` of 100 answers with conditions, computed values and a table of 10 rows,
    all in order; `faulty_ms` with every answer wrong; `describe_ms` of one page of all; `compile_ms`; and
    `feel_us`, one condition of three parts in microseconds.
    """
    schema = hundred()
    form = compile_form(schema)
    right, wrong = answers(), dict.fromkeys(form.fields, "✗")
    assert len(form.fields) == 100, len(form.fields)
    found = check(form, right, "zh-hans", today=TODAY)
    assert found.ok, found.errors
    assert len(found.clean) == 100, found.dropped
    condition = compile_expression(CONDITION)
    context = {"kind": "eat", "area": 600, "online": False}
    result = {
        "check_ms": _median(lambda: check(form, right, "zh-hans", today=TODAY)),
        "faulty_ms": _median(lambda: check(form, wrong, "zh-hans", today=TODAY)),
        "describe_ms": _median(lambda: describe_page(form, form.pages[0], right, "zh-hans")),
        "compile_ms": _median(lambda: compile_form(schema), 7),
        "feel_us": _median(lambda: [condition.evaluate(context) for _ in range(1000)]),
    }
    return {name: round(value, 3) for name, value in result.items()}


def hundred() -> dict[str, Any]:
    """A form of 100 questions in the mixture real forms have."""
    properties: dict[str, Any] = {"kind": choice("eat", "sell"), "online": ask(type="boolean")}
    for n in range(16):
        properties |= {
            f"text{n}": ask({"visible": 'kind = "eat"'}, type="string", minLength=2, maxLength=100),
            f"number{n}": ask(type="number", minimum=0, maximum=10_000),
            f"mobile{n}": ask({"required-when": "online = true"}, type="string", format="mobile"),
            f"day{n}": ask({"visible": f"number{n} > 10"}, type="string", format="date"),
            f"many{n}": choice("a", "b", "c", many=True),
            f"card{n}": ask(type="string", format="id-number"),
        }
    properties["rows"] = table({"n": ask(type="integer"), "name": ask(type="string")}, ("n",))
    properties["total"] = ask({"computed": "sum(rows.n)"}, type="integer")
    return draft(properties, tuple(properties)[:-1], [page("one", section("all", *properties))])


def answers() -> dict[str, Any]:
    """An answer to each."""
    given: dict[str, Any] = {"kind": "eat", "online": "true", "rows": [{"n": n, "name": "冷藏柜"} for n in range(10)]}
    for n in range(16):
        given |= {
            f"text{n}": "示范区和平路 18 号", f"number{n}": "80.5", f"mobile{n}": "13800005678",
            f"day{n}": "2025-03-04", f"many{n}": ["a", "c"], f"card{n}": "110108198505121237",
        }  # fmt: skip
    return given


def _median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of one run; the median, so that a busy machine weighs little."""
    work()
    collecting = gc.isenabled()
    gc.disable()
    samples = []
    try:
        for _ in range(rounds):
            began = time.perf_counter()
            work()
            samples.append((time.perf_counter() - began) * 1e3)
    finally:
        if collecting:
            gc.enable()
    return statistics.median(samples)


if __name__ == "__main__":
    for title, figure in figures().items():
        print(f"{title:>16} {figure:10.3f}")  # noqa: T201
