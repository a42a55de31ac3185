"""A pack whose process is not sound is not released; what could not be decided is told and does not stop it."""

import pathlib
import shutil

import pytest

from zhengtong.matters.catalog.packs import Finding, check_pack

TEMPLATE = pathlib.Path(__file__).resolve().parents[2] / "packs" / "_template"


@pytest.fixture
def pack(tmp_path: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(TEMPLATE, tmp_path / "pack"))


def changed(pack: pathlib.Path, before: str, after: str) -> list[Finding]:
    path = pack / "process.bpmn"
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")
    return [finding for finding in check_pack(pack) if finding.code == "packs.soundness"]


def test_an_outcome_that_leads_nowhere_keeps_a_pack_from_being_released(pack: pathlib.Path) -> None:
    (finding,) = changed(pack, 'zt:outcomes="approve refuse send_back"', 'zt:outcomes="approve refuse send_back later"')
    assert finding.blocking
    assert finding.position.startswith("process.bpmn:")
    line = int(finding.position.partition(":")[2])
    assert 'id="decided"' in (pack / "process.bpmn").read_text(encoding="utf-8").splitlines()[line - 1]
    assert 'outcome = "later"' in finding.text("en")
    assert "默认流" in finding.text("zh-hans")


def test_what_could_not_be_decided_is_told_and_does_not_stop_a_pack(pack: pathlib.Path) -> None:
    (finding,) = changed(pack, 'outcome = "approve"', 'upper case(outcome) = "APPROVE"')
    assert not finding.blocking
    assert "default" in finding.text("en")
