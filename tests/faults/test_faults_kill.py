"""Kill -9 under thirty-two submitters: what was acknowledged is there, once and whole; nothing else is half there."""

import json
import pathlib
from typing import Any

import pytest

from faults import crash


def survive(folder: pathlib.Path, kills: int, seconds: float, capsys: Any) -> None:
    said = crash.kill_under_load(folder, kills, seconds)
    found = json.loads(crash.program("reckon", folder, timeout=3600))
    with capsys.disabled():
        print(f"\n{kills} kills: {said} {found}")  # noqa: T201 the figures are asked for
    assert found["cases"] == said["asked"], "each application became one case"
    assert found["cases"] >= crash.SUBMITTERS
    unexpected = {code for code in said["refused"] if not code.startswith("503")}
    assert not unexpected


def test_two_kills(deployment: pathlib.Path, capsys: Any) -> None:
    survive(deployment, kills=2, seconds=1.5, capsys=capsys)


@pytest.mark.long
def test_fifty_kills(tmp_path: pathlib.Path, capsys: Any) -> None:
    survive(tmp_path, kills=50, seconds=2.5, capsys=capsys)
