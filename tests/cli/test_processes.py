"""`zhengtong process`: a dry run by default, moved when asked, gone on with, and moved back."""

import json
import pathlib

import pytest
from click.testing import CliRunner, Result

from engines.bpmn_drawing import chain, document, message, node, task, timer
from factories import desks, versions
from factories import identity as people
from zhengtong.doors.cli.main import program
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Definition, Process, Relocation

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["--lang", "en", "process", *arguments])


@pytest.fixture
def pair() -> tuple[str, str]:
    """The digests of the version that two cases run, and of another."""
    with desks.at("2025-03-13 14:20"):
        desk = desks.desk()
        case = desk.case()
        desk.accepted()
    source = versions.process_of(case).definition_id
    numbers = (source, versions.renamed(source))
    old, new = (Definition.objects.get(id=number).digest[:16] for number in numbers)
    return old, new


def running() -> set[str]:
    numbers = Process.objects.values_list("definition_id", flat=True)
    return {digest[:16] for digest in Definition.objects.filter(id__in=numbers).values_list("digest", flat=True)}


def test_versions_are_listed(pair: tuple[str, str]) -> None:
    listed = json.loads(run("versions", "--json").stdout)
    assert {each["digest"][:16]: each["running"] for each in listed} == {pair[0]: 2, pair[1]: 0}
    assert pair[0][:12] in run("versions").stdout


def test_without_apply_nothing_moves(pair: tuple[str, str]) -> None:
    done = run("migrate", *pair, "--map", "examine=first_look", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["state"], told["counts"]) == (0, "planned", {"ready": 2})
    assert {"from": "examine", "to": "first_look", "can": 1, "cannot": 0} in told["moves"]
    assert running() == {pair[0]}


def test_what_cannot_move_makes_the_status_1_and_is_said(pair: tuple[str, str]) -> None:
    done = run("migrate", *pair)
    assert done.exit_code == 1
    assert "examine is not in the new version" in done.stdout
    told = json.loads(run("migrate", *pair, "--json").stdout)
    assert told["counts"] == {"blocked": 1, "ready": 1}
    assert [each["code"] for each in told["remarks"] if each["blocking"]] == ["migration.element_gone"]
    chinese = CliRunner().invoke(program, ["--lang", "zh-hans", "process", "migrate", *pair])
    assert "examine 在新版本中没有" in chinese.stdout


def test_applied_and_undone(pair: tuple[str, str]) -> None:
    done = run("migrate", *pair, "--map", "examine=first_look", "--apply", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["state"], told["counts"]) == (0, "moved", {"moved": 2})
    assert running() == {pair[1]}
    back = run("migrate", "--undo", str(told["order"]))
    assert (back.exit_code, running()) == (0, {pair[0]})
    assert run("migrate", "--undo", str(told["order"])).exit_code == 1


def test_a_dry_run_is_applied_later_and_what_was_broken_off_is_gone_on_with(pair: tuple[str, str]) -> None:
    told = json.loads(run("migrate", *pair, "--map", "examine=first_look", "--json").stdout)
    number = str(told["order"])
    assert json.loads(run("migrate", "--resume", number, "--json").stdout)["state"] == "planned"
    services.begin_moving(by=SYSTEM, order=Relocation.objects.get(id=told["order"]))
    services.work_on(told["order"], most=1)
    assert running() == set(pair)
    assert json.loads(run("migrate", "--resume", number, "--json").stdout)["counts"] == {"moved": 2}
    assert running() == {pair[1]}


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a",),
        ("ff", "ff"),
        ("", ""),
        ("--resume", "1"),
        ("--undo", "1"),
        ("--undo", "1", "--resume", "1"),
    ],
)
def test_what_makes_no_sense_is_refused(pair: tuple[str, str], arguments: tuple[str, ...]) -> None:
    assert run("migrate", *arguments).exit_code in (1, 2)
    assert not Relocation.objects.exists()


def test_a_mapping_must_name_what_there_is(pair: tuple[str, str]) -> None:
    assert run("migrate", *pair, "--map", "examine").exit_code == 2
    wrong = run("migrate", *pair, "--map", "nobody=examine")
    assert wrong.exit_code == 1
    assert "There is no nobody" in wrong.stderr


def test_a_process_is_loaded_begins_by_a_message_and_is_closed(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "report.bpmn"
    body = node("startEvent", "s", message()), task("a"), node("endEvent", "e"), chain("s", "a", "e")
    file.write_bytes(document(*body, zt_agency=people.agency().uscc or ""))
    assert run("load", str(file)).output == "Loaded.\n"
    assert run("message", "m", "--data", '{"k": 1}').exit_code == 0
    tasks.deliver_messages()
    assert Process.objects.get().data == {"k": 1}
    told = json.loads(run("starts", "--json").stdout)
    assert [(each["key"], each["name"], each["begun"]) for each in told] == [("p", "m", 1)]
    assert run("close", "p", "--reason", "no longer").exit_code == 0
    assert json.loads(run("starts", "--json").stdout) == []
    assert run("close", "p", "--reason", "no longer").exit_code == 1
    assert run("message", "m", "--data", "[]").exit_code == 2
    assert run("message", "m", "--data", "[" * 10_000).exit_code == 2
    assert run("message", "m" * 201).exit_code == 1


def test_what_cannot_begin_of_itself_is_not_loaded_and_said_why(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "report.bpmn"
    start = node("startEvent", "s", timer("2020-01-01T00:00:00Z", "timeDate"))
    file.write_bytes(document(start, task("a"), node("endEvent", "e"), chain("s", "a", "e")))
    done = run("load", str(file))
    assert done.exit_code == 1
    assert "The time of “s” is past" in done.output
    assert not Definition.objects.exists()
