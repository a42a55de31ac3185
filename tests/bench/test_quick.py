"""The benches still run: each once, tiny, in a process of its own. What they find is judged by `make bench` alone."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

BENCH = pathlib.Path(__file__).parent


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["bench_cases.py"], id="cases"),
        pytest.param(["bench_cases.py", "postgres"], id="cases-postgres", marks=pytest.mark.postgres),
        pytest.param(["bench_inbox.py"], id="inbox"),
        pytest.param(["bench_http.py"], id="http"),
    ],
)
def test_it_runs_and_both_sides_agree(arguments: list[str], migrated_file: pathlib.Path) -> None:
    command = [sys.executable, str(BENCH / arguments[0]), *arguments[1:], "--quick"]
    around = os.environ | {"ZT_BENCH_MIGRATED": str(migrated_file)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False, env=around)
    assert done.returncode == 0, done.stderr[-2000:]
    figures = json.loads(done.stdout)
    ratios = [value for name, value in figures.items() if name.endswith(("_over_raw", "_over_echo", "_ratio"))]
    assert ratios, figures
    assert all(0.005 < ratio < 200 for ratio in ratios), figures
