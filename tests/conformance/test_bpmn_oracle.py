"""SpiffWorkflow is the oracle: on every model that both can run, the same is done in the same order."""

import pathlib

import pytest
from bpmn_listing import PAGE, Row, page, rows
from bpmn_oracle import Done, Run, difference
from bpmn_preparing import prepare

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("oracle")]  # what both need is worked out once


@pytest.fixture(scope="module")
def found(shared_data: pathlib.Path) -> list[Row]:
    """Every process compared; this fails where the engines do not agree."""
    return list(rows(shared_data / "bpmn"))


def test_what_both_run_they_run_alike(found: list[Row]) -> None:
    assert len(found) >= 240
    assert sum(not row.prepared for row in found) >= 185
    assert sum(not row.published for row in found) >= 20


def test_the_list_of_models_outside_is_exact(found: list[Row]) -> None:
    """Where this fails because the engine executes more, `scripts/oracle.py` writes the list anew.

    Models that came to the folder later are compared above and not listed.
    """
    written = PAGE.read_text(encoding="utf-8")
    assert page([row for row in found if f"| {row.file} |" in written]) == written


def test_what_is_filled_in_leaves_the_flow_as_it_was(shared_data: pathlib.Path) -> None:
    from lxml import etree

    def flows(xml: bytes) -> set[tuple[str, str, str]]:
        found = etree.fromstring(xml).iter("{*}sequenceFlow")
        return {(flow.get("id"), flow.get("sourceRef"), flow.get("targetRef")) for flow in found}

    for path in sorted((shared_data / "bpmn").rglob("*.bpmn")):
        assert flows(prepare(path.read_bytes()).xml) == flows(path.read_bytes()), path.name


def _run(*done: tuple[str, tuple[int, ...]], ended: bool = True) -> Run:
    return Run(tuple(Done(element, after) for element, after in done), ended)


def test_runs_are_told_apart_by_what_was_done_by_their_end_and_by_their_order() -> None:
    forked = _run(("a", ()), ("b", ()), ("c", (0, 1)))
    assert not difference(forked, _run(("b", ()), ("a", ()), ("c", (0,))))
    assert difference(forked, _run(("a", ()), ("c", (0,)), ("b", ()))).startswith("order")
    assert difference(forked, _run(("a", ()), ("b", ()))).startswith("done")
    assert difference(forked, _run(("a", ()), ("b", ()), ("c", ()), ended=False)).startswith("ended")
