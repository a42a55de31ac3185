"""What the documents say is so: commands exist, settings are all listed, examples run, a backup restores."""

import contextlib
import datetime as dt
import os
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from house_sources import PACKAGE, ROOT, modules, shown, tracked

from zhengtong.doors.cli.main import program
from zhengtong.engines.codes import is_identity_number

DOCS = ROOT / "docs"
REFERENCE = sorted((DOCS / "reference").glob("*.md"))
SERVER = DOCS / "guides" / "run-on-a-server.md"
COMMANDS = DOCS / "reference" / "command-line.md"
EVENTS = DOCS / "reference" / "events.md"
CALL = re.compile(r"(?:^ *|`|bin/|&& )zhengtong ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", re.MULTILINE)
SETTING = re.compile(r"\bZHENGTONG_[A-Z_]+\b")
PROGRAMS = pathlib.Path(sys.executable).parent


def read(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8")


def documents() -> list[pathlib.Path]:
    """Everything people read about the project."""
    return [path for path in tracked() if path.suffix == ".md"]


def commands(group: click.Group = program, before: str = "") -> Iterator[str]:
    """Every command as it is called: `serve`, `pack check`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def named_commands(text: str) -> set[str]:
    """The commands a document calls: in fences and in code spans, up to their first argument."""
    known = set(commands())
    found = set()
    for called in CALL.findall(code_of(text)):
        words = called.split()
        group = isinstance(program.commands.get(words[0]), click.Group)
        found.add(called if group or called in known else words[0])
    return found


def code_of(text: str) -> str:
    """The fences and code spans of a document."""
    fences = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    rest = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join([*fences, *re.findall(r"`[^`\n]+`", rest)])


def test_every_command_that_documents_name_exists() -> None:
    groups = {name for name, command in program.commands.items() if isinstance(command, click.Group)}
    lost = [
        f"{shown(path)}: {called}"
        for path in documents()
        for called in sorted(named_commands(read(path)) - set(commands()) - groups)
    ]
    assert not lost


def test_every_command_and_option_is_in_the_reference() -> None:
    text = read(COMMANDS)
    assert not [name for name in commands() if f"`zhengtong {name}`" not in text]
    rows = {name: next(line for line in text.splitlines() if f"`zhengtong {name}`" in line) for name in commands()}
    assert not [
        f"{name} {option}"
        for name, row in rows.items()
        for parameter in _command(name).params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option.startswith("--") and option not in row
    ]


def _command(name: str) -> click.Command:
    found: click.Command = program
    for word in name.split():
        assert isinstance(found, click.Group)
        found = found.commands[word]
    return found


def test_settings_of_the_environment_are_listed_and_exist() -> None:
    listed = set(re.findall(r"^\| `(ZHENGTONG_[A-Z_]+)` \|", read(SERVER), re.MULTILINE))
    asked = {name for path in modules() for name in re.findall(r'"(ZHENGTONG_[A-Z_]+)"', read(path))}
    assert listed == asked


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    asked = {name for root in (PACKAGE, ROOT / "scripts", ROOT / "tests") for name in _settings_below(root)}
    assert not {name for path in documents() for name in SETTING.findall(read(path))} - asked


def _settings_below(root: pathlib.Path) -> set[str]:
    return {name for path in tracked() if path.is_relative_to(root) for name in _settings_in(path)}


def _settings_in(path: pathlib.Path) -> list[str]:
    return SETTING.findall(read(path)) if path.suffix == ".py" else []


def examples() -> Iterator[tuple[str, str]]:
    """Each Python fence of the reference that proves itself by an assertion; others are sketches or programs."""
    for path in REFERENCE:
        for number, code in enumerate(re.findall(r"^```python\n(.*?)^```", read(path), re.DOTALL | re.MULTILINE), 1):
            if "\nassert " in code:
                yield f"{path.stem}-{number}", code


@pytest.mark.parametrize("code", [pytest.param(code, id=name) for name, code in examples()])
def test_examples_of_the_reference_run(code: str) -> None:
    exec(compile(code, "example", "exec"), {"__name__": "example"})


def test_identity_numbers_in_guides_are_valid() -> None:
    numbers = {number for path in DOCS.glob("guides/*.md") for number in re.findall(r"\b\d{17}[\dX]\b", read(path))}
    assert len(numbers) >= 3, "three administrators are opened by number"
    assert not [number for number in numbers if not is_identity_number(number, today=dt.date(2026, 11, 22))]


def test_every_page_is_reached_from_an_index() -> None:
    pages = {path for path in documents() if path.is_relative_to(DOCS)}
    linked = {
        (index.parent / target).resolve()
        for index in pages
        if index.name == "index.md"
        for target in re.findall(r"\]\(([^)#\s]+\.md)", read(index))
    }
    assert not [shown(path) for path in sorted(pages - linked) if path != DOCS / "index.md"]


def test_every_event_type_is_in_the_reference() -> None:
    listed = set(re.findall(r"`([a-z_]+\.[a-z_.]+)`", read(EVENTS)))
    told = {
        name
        for path in modules()
        if "engines" not in path.parts
        for name in re.findall(r'(?:\btype=|_tell\(by, |_replace\(by, )"([a-z_]+\.[a-z_]+)"', read(path))
    }
    for path in PACKAGE.rglob("events.py"):
        told |= set(re.findall(r'^[A-Z_]+ = "((?:identity|access|audit|ledger)\.[a-z_]+)"', read(path), re.MULTILINE))
    from zhengtong.matters.cases.events import TYPE_PREFIX, Event

    told |= {TYPE_PREFIX + event.value for event in Event}
    refused = {name.removesuffix(".refused") for name in listed if name.endswith(".refused")}
    assert len(told) > 40
    assert not told - listed - refused


def marked(name: str) -> str:
    """The commands between two marks of the server's guide."""
    found = re.search(rf"<!-- {name}: begin .*?```sh\n(.*?)```", read(SERVER), re.DOTALL)
    assert found
    return found[1]


def test_a_backup_restores(tmp_path: pathlib.Path) -> None:
    home = {"ZHENGTONG_VAR": str(tmp_path / "var"), "BACKUP": str(tmp_path / "backup")}
    home["RESTORED"] = str(tmp_path / "restored")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("ZHENGTONG_", "DJANGO_"))}
    environment = bare | home | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    if not _has("sqlite3"):
        pytest.skip("no sqlite3 program here")

    def run(commands: str) -> str:
        done = subprocess.run(["sh", "-eu", "-c", commands], env=environment, capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("zhengtong setup --quiet && zhengtong ledger seal")
    key = (tmp_path / "var" / "keys" / "master.json").read_bytes()
    run(marked("backup"))
    assert "agree with their signed heads" in run(marked("restore"))
    assert (tmp_path / "restored" / "keys" / "master.json").read_bytes() == key


def _has(name: str) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return subprocess.run([name, "--version"], capture_output=True, check=False).returncode == 0
    return False


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_plan_of_the_house_names_every_folder(name: str) -> None:
    """The English plan by the folders' own names, the Chinese one by as many words."""
    plan = read(ROOT / name).split("src/zhengtong/\n")[1].split("```")[0]
    said = dict(re.findall(r"^  (\w+)/ +(?:.*[:：])?(.+)$", plan, re.MULTILINE))
    for floor in ("engines", "foundation", "people", "records", "matters", "doors"):
        folders = {path.parent.name for path in (PACKAGE / floor).glob("*/__init__.py")}
        words = said[floor].split()
        assert len(words) == len(folders), (floor, sorted(folders))
        assert name == "README.zh-CN.md" or set(words) == folders, floor
