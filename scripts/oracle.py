"""Write docs/reference/bpmn-oracle.md: which third-party models SpiffWorkflow and our engine run alike.

Run it when the engine comes to execute more, or with `ZT_SHARED_DATA` naming another folder of models.
"""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHARED = pathlib.Path(os.environ.get("ZT_SHARED_DATA", ROOT.parent / "shared" / "data"))
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "conformance")]

from bpmn_listing import PAGE, page, rows  # noqa: E402 the path is set first


def main() -> int:
    """Compare every model, write the page; the exit status."""
    found = list(rows(SHARED / "bpmn"))
    PAGE.write_text(page(found), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(found)} processes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
