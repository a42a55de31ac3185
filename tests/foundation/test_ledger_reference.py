"""The verifier printed in docs/reference/ledger.md is run here as an outsider would: the page may not lie."""

import json
import pathlib
import re
import subprocess
import sys

import pytest

from zhengtong.foundation.ledger import queries, services
from zhengtong.foundation.policy import Actor

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs/reference/ledger.md"
pytestmark = pytest.mark.django_db


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "check_receipt.py"
    path.write_text(re.search(r"```python\n(.*?)```", PAGE.read_text(), re.S)[1])

    def run(receipt, key):
        file = tmp_path / "receipt.json"
        file.write_text(json.dumps(receipt, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, "-I", "-W", "ignore", str(path), str(file), key]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout.strip() or done.stderr

    return run


@pytest.fixture
def receipt():
    actor = Actor(account_id=1, kind="citizen", name="韩梅梅")
    ids = [services.record(by=actor, type="case.accepted", subject=("case", n), payload={"n": n}) for n in range(11)]
    services.seal_all()
    return dict(queries.receipt(ids[8], with_content=True))


def test_a_receipt_holds(program, receipt):
    (key,) = queries.public_keys()
    assert program(receipt, key) == (0, "the receipt holds")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r | {"envelope": r["envelope"].replace("accepted", "rejected")}, "not in the log"),
        (lambda r: r | {"leaf_index": 7}, "not in the log"),
        (lambda r: r | {"leaf_index": 11}, "outside"),
        (lambda r: r | {"inclusion": r["inclusion"][:-1]}, "not in the log"),
        (lambda r: r | {"inclusion": r["inclusion"] * 2}, "too long"),
        (lambda r: r | {"signature": r["signature"][:-1] + ("1" if r["signature"][-1] == "0" else "0")}, "signature"),
        (lambda r: r | {"public_key": "0" * 128}, "published"),
        (lambda r: r | {"head": r["head"].replace('"recorded_at":"2', '"recorded_at":"1')}, "signature"),
        (lambda r: r | {"content": r["content"].replace("韩", "李")}, "content"),
    ],
)
def test_a_broken_one_does_not(program, receipt, change, words):
    (key,) = queries.public_keys()
    code, said = program(change(receipt), key)
    assert code == 1
    assert words in said
