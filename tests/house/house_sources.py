"""What the rules of the house look at: files of the checkout, and the parts of the package by floor and order."""

import ast
import configparser
import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
PACKAGE = SRC / "zhengtong"
PACKS = ROOT / "packs"


@functools.cache
def contracts() -> configparser.ConfigParser:
    """The import contracts as written."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def lines(contract: str, option: str) -> list[str]:
    """The lines of a list in a contract, comments left out."""
    return [line for line in contracts().get(contract, option).split("\n") if line and not line.startswith("#")]


def layer_names(contract: str) -> list[str]:
    """The names in the layers of a contract, highest first."""
    return [re.sub(r"[()\s]", "", name) for line in lines(contract, "layers") for name in re.split(r"[|:]", line)]


@functools.cache
def order() -> tuple[str, ...]:
    """Every app (`foundation.core`), lowest first: floors from below, in each floor its own order."""
    apps: list[str] = []
    for floor in reversed(layer_names("importlinter:contract:floors")):
        contract = f"importlinter:contract:{floor}"
        if contracts().has_section(contract):
            apps += [f"{floor}.{app}" for app in reversed(layer_names(contract))]
    return tuple(apps)


@functools.cache
def modules(*, migrations: bool = False) -> tuple[pathlib.Path, ...]:
    """Every Python file of the package."""
    return tuple(path for path in sorted(PACKAGE.rglob("*.py")) if migrations or "migrations" not in path.parts)


@functools.cache
def tree(path: pathlib.Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@functools.cache
def tracked() -> tuple[pathlib.Path, ...]:
    """Every file that belongs to the project, ignored ones left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return tuple(path for name in listing.split(b"\0") if name and (path := ROOT / name.decode()).is_file())


def shown(path: pathlib.Path) -> str:
    """A path as a reader of the report wants it."""
    return path.relative_to(ROOT).as_posix()
