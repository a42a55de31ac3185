"""The program `zhengtong`: each command says what is, and ends with 0 only when all is well."""

import json
import pathlib

import pytest
from click.testing import CliRunner, Result

from zhengtong.doors.cli.main import program
from zhengtong.foundation.core import keys
from zhengtong.foundation.core.health import looks
from zhengtong.foundation.ledger.models import Event

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOOD = ROOT / "packs" / "market-supervision" / "food-business-licence"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(program, [str(argument) for argument in arguments])


def test_a_sound_pack_passes_and_a_broken_one_does_not(tmp_path: pathlib.Path) -> None:
    assert run("pack", "check", FOOD).exit_code == 0
    copied = tmp_path / "pack"
    assert run("pack", "new", copied).exit_code == 0
    assert run("pack", "check", copied).exit_code == 0
    service = copied / "service.yaml"
    service.write_text(service.read_text(encoding="utf-8").replace("version: 1", "version: one", 1), encoding="utf-8")
    broken = run("pack", "check", copied, "--json")
    assert broken.exit_code == 1
    (finding, *_rest) = json.loads(broken.stdout)
    assert finding["blocking"]
    assert finding["position"].startswith("service.yaml:")
    assert run("pack", "new", copied).exit_code == 1


def test_the_examples_of_a_pack_are_its_tests() -> None:
    result = run("pack", "test", FOOD, "--json")
    assert result.exit_code == 0
    trials = json.loads(result.stdout)
    assert len(trials) >= 5
    assert all(trial["passed"] for trial in trials)
    assert trials[-1]["name"] == "result.typ"


@pytest.mark.parametrize("command", ["check", "test", "install"])
@pytest.mark.parametrize(("name", "raw"), [("service.yaml", "a: [1"), ("service.yaml", None)])
@pytest.mark.django_db
def test_a_pack_that_cannot_be_read_is_told_in_sentences(command, name, raw, tmp_path: pathlib.Path) -> None:
    copied = tmp_path / "pack"
    assert run("pack", "new", copied).exit_code == 0
    path = copied / name
    path.unlink() if raw is None else path.write_text(raw)
    result = run("--lang", "en", "pack", command, copied)
    assert (result.exit_code, type(result.exception)) == (1, SystemExit)
    assert f"✗ {name}:" in result.stdout


def test_why_an_example_failed_is_told_to_people_and_machines(tmp_path: pathlib.Path) -> None:
    copied = tmp_path / "pack"
    assert run("pack", "new", copied).exit_code == 0
    (copied / "examples" / "wrong.yaml").write_text("steps: [{on: 2025-03-03, task: '[red]'}]", encoding="utf-8")
    told = run("--lang", "en", "pack", "test", copied)
    assert (told.exit_code, "steps.0.outcome" in told.stdout) == (1, True)
    trials = json.loads(run("pack", "test", copied, "--json").stdout)
    assert [trial["findings"][0]["code"] for trial in trials if not trial["passed"]] == ["packs.kind"]


@pytest.mark.django_db
def test_an_installation_that_is_refused_lists_every_fault(tmp_path: pathlib.Path) -> None:
    copied = tmp_path / "pack"
    assert run("pack", "new", copied).exit_code == 0
    (copied / "form.json").write_text("{", encoding="utf-8")
    result = run("--lang", "en", "pack", "install", copied)
    assert (result.exit_code, "✗ form.json:1" in result.stdout) == (1, True)


def test_process_models_are_told_apart(tmp_path: pathlib.Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<definitions", encoding="utf-8")
    result = run("bpmn", "check", FOOD / "process.bpmn", broken, "--json")
    assert result.exit_code == 1
    good, bad = (json.loads(line) for line in result.stdout.splitlines())
    assert (good["importable"], good["executable"]) == (True, True)
    assert (bad["importable"], bad["executable"]) == (False, False)


@pytest.mark.django_db
def test_the_ledger_verifies_and_says_so() -> None:
    result = run("ledger", "verify", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["valid"] is True


@pytest.mark.django_db
def test_a_published_list_is_imported_whole_and_a_wrong_one_refused(tmp_path: pathlib.Path) -> None:
    listed = tmp_path / "items.csv"
    listed.write_text(
        "department,catalogue,name,item_code,task_type,task_type_name,dept_code,area_code\n"
        "区经信局,未分类,企业投资项目备案,511Z07001006-511602000000-000-11511301008778183N-1-00,10,其他行政权力,"
        "11511301008778183N,511602000000\n",
        encoding="utf-8",
    )
    first = json.loads(run("catalog", "import", listed, "--json").stdout)
    again = json.loads(run("catalog", "import", listed, "--json").stdout)
    assert (first["read"], first["added"], again["added"], again["present"]) == (1, 1, 0, 1)
    assert first["faults"]
    listed.write_text("name\n只有名字\n", encoding="utf-8")
    assert run("catalog", "import", listed).exit_code == 1


@pytest.mark.django_db
def test_keys_get_new_versions_which_is_recorded(monkeypatch: pytest.MonkeyPatch, settings, tmp_path) -> None:
    monkeypatch.delenv(keys.ENVIRONMENT, raising=False)
    settings.VAR = tmp_path
    keys.ensure_master_key()
    keys.forget_keys()
    try:
        closed = keys.seal("p", b"before")
        assert json.loads(run("rotate-keys", "--json").stdout) == {"master": 2, "log": 1}
        assert keys.seal("p", b"after").startswith("v2:")
        assert keys.unseal("p", closed) == b"before"
        recorded = Event.objects.filter(type="ledger.keys_rotated")
        assert sorted(recorded.values_list("subject_kind", flat=True)) == ["master_key", "signing_key"]
        assert "第 3 版" in run("--lang", "zh-hans", "rotate-keys").stdout
        monkeypatch.setenv(keys.ENVIRONMENT, "1:" + "00" * 32)
        assert (run("rotate-keys").exit_code, recorded.count()) == (1, 4)
    finally:
        keys.forget_keys()


@pytest.mark.django_db
def test_health_is_one_json_value_and_its_status_follows_it() -> None:
    result = run("health", "--json")
    told = json.loads(result.stdout)
    assert [finding["name"] for finding in told["findings"]] == list(looks)
    assert {"tables", "ledger", "deliveries", "keys", "files", "mail", "calendar"} <= set(looks)
    assert result.exit_code == (0 if told["well"] else 1)


def test_help_names_every_command() -> None:
    told = run("--help").stdout
    for name in ("setup", "serve", "demo", "health", "ledger", "pack", "catalog", "bpmn", "administrator"):
        assert name in told
