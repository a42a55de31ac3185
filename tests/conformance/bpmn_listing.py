"""The page that lists which third-party models two engines run alike, and why the others are left out."""

import pathlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bpmn_oracle import OutsideError, compare, processes
from bpmn_preparing import prepare

PICKS = (0, 1, 2)
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "bpmn-oracle.md"

_HEAD = """# Models run by two engines

The process engine is compared with SpiffWorkflow, which is a dependency of the tests only: on each model that both can
run, the same activities are completed, in the same order up to independent branches, and both processes end or both do
not. Compared twice:

* **as published**: the file as it is, without data;
* **made executable**: the same document for both engines, its flow untouched, with what a drawing leaves out filled in
  (`tests/conformance/bpmn_preparing.py`): tasks of no kind are manual, programs are service tasks, ways are chosen by
  number (three choices each), timers last an hour, events have names, loops and instances are two, data, extensions and
  pools are left out.

FEEL takes the place of Python in SpiffWorkflow, so that nothing in a model is evaluated as a program. A sub-process
that an error ended counts as completed there and as interrupted here; it is left out of the comparison. What is
repeated is completed each time and then as a whole, in both.

This page is written by `scripts/oracle.py`, and a test holds it to what the engines do.
"""


@dataclass(frozen=True)
class Row:
    """One process of a file: the reason why it is outside of each comparison, empty where both run it alike."""

    file: str
    process: str
    published: str
    prepared: str


def rows(root: pathlib.Path) -> Iterator[Row]:
    """Every process of every model below `root`. AssertionError where the engines do not agree."""
    for path in sorted(root.rglob("*.bpmn")):
        xml = path.read_bytes()
        prepared = prepare(xml)
        for process in processes(path):
            yield Row(
                path.relative_to(root).as_posix(),
                process,
                _reason(path, xml, process, [{}]),
                _reason(path, prepared.xml, process, [prepared.data(pick) for pick in PICKS]),
            )


def _reason(path: pathlib.Path, xml: bytes, process: str, data: list[dict[str, object]]) -> str:
    try:
        compare(xml, process, data)
    except OutsideError as outside:
        return str(outside)
    except AssertionError as apart:
        raise AssertionError(f"{path.name}, {process}: {apart}") from None
    return ""


def page(found: list[Row]) -> str:
    """The whole page."""
    published = [row for row in found if not row.published]
    prepared = [row for row in found if not row.prepared]
    outside = [row for row in found if row.published and row.prepared]
    files = len({row.file for row in found})
    return "\n".join(
        [
            _HEAD,
            f"{len(found)} processes in {files} files: {len(published)} alike as published, {len(prepared)} alike made",
            f"executable, {len(outside)} in neither.",
            "",
            "## Alike",
            "",
            "| model | process | as published |",
            "|---|---|---|",
            *(_alike(row) for row in found if not row.prepared or not row.published),
            "",
            "## Outside",
            "",
            "Codes of ours are those of [refusals](bpmn.md#support-element-by-element).",
            "",
            "| reason, made executable | processes |",
            "|---|---|",
            *(f"| {_cell(reason)} | {count} |" for reason, count in _counted(found)),
            "",
            "| model | process | as published | made executable |",
            "|---|---|---|---|",
            *(f"| {row.file} | {row.process} | {_cell(row.published)} | {_cell(row.prepared)} |" for row in outside),
            "",
        ]
    )


def _alike(row: Row) -> str:
    return f"| {row.file} | {row.process} | {'alike' if not row.published else _cell(row.published)} |"


def _counted(found: list[Row]) -> list[tuple[str, int]]:
    counts = Counter(row.prepared for row in found if row.prepared)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _cell(reason: str) -> str:
    return reason.replace("|", "/").replace("\n", " ")
