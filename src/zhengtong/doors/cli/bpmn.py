"""Commands about process models."""

import json
import pathlib

import click

from zhengtong.doors.cli.printing import as_json, console
from zhengtong.engines.bpmn import check


@click.group()
def bpmn() -> None:
    """Process models: what can be imported, what can be executed."""


@bpmn.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=pathlib.Path))
@as_json
def check_files(paths: tuple[pathlib.Path, ...], as_json: bool) -> None:
    """Check .bpmn files (or folders of them): one line, or one JSON object, a file."""
    files = [f for path in paths for f in (sorted(path.rglob("*.bpmn")) if path.is_dir() else [path])]
    unreadable = 0
    for path in files:
        report = check(path.read_bytes())
        unreadable += not report["importable"]
        if as_json:
            click.echo(json.dumps({"file": str(path), **report}, ensure_ascii=False, default=str))
        else:
            verdict = "executable" if report["executable"] else "importable" if report["importable"] else "unreadable"
            console.print(f"{verdict:>10}  {path}")
    if unreadable:
        raise SystemExit(1)
