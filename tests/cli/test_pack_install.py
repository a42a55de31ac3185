"""`zhengtong pack install`: a process that was published for a service stays in force until somebody says otherwise."""

import pathlib
import shutil

import pytest
from click.testing import CliRunner, Result

from factories import cases as made
from matters.test_models_of_services import with_second_look
from zhengtong.doors.cli.main import program
from zhengtong.matters.catalog.queries import current_item

pytestmark = pytest.mark.django_db


def install(*arguments: object) -> Result:
    return CliRunner().invoke(program, ["--lang", "en", "pack", "install", *(str(each) for each in arguments)])


def anew(folder: pathlib.Path, *changes: tuple[str, str]) -> pathlib.Path:
    """The food licence's pack in its next version."""
    shutil.copytree(made.FOOD, folder)
    path = folder / "service.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (("\nversion: 3\n", "\nversion: 9\n"), *changes):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return folder


def test_it_says_that_the_published_process_stays_and_how_the_packs_own_takes_its_place(tmp_path):
    world = made.world()
    version = with_second_look()
    folder = anew(tmp_path / "food-business-licence")
    done = install(folder)
    assert done.exit_code == 0, done.output
    assert "version 2 of the process published here" in " ".join(done.stdout.split())
    item = current_item(world.item.key)
    assert (item.version, item.definition_id) == (2, version.definition_id)
    done = install(folder, "--take-process")
    assert (done.exit_code, "published here" in done.stdout) == (0, False)
    assert current_item(world.item.key).definition_id is None


def test_a_pack_that_the_published_process_does_not_fit_is_refused_with_its_elements(tmp_path):
    world = made.world()
    with_second_look()
    folder = anew(
        tmp_path / "food-business-licence", ("[clerk, reviewer, decider, head]", "[clerk, reviewer, decider]")
    )
    done = install(folder)
    assert done.exit_code == 1
    assert "second_look" in done.output
    assert current_item(world.item.key) == world.item


def test_without_a_published_process_nothing_is_said_of_one(tmp_path):
    made.world()
    done = install(anew(tmp_path / "food-business-licence"))
    assert (done.exit_code, "process" in done.stdout) == (0, False)
