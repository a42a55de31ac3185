"""Commands about process models."""

import json
import pathlib
from collections.abc import Mapping
from typing import Any

import click
from django.utils.translation import gettext as _

from zhengtong.doors.cli.printing import as_json, console
from zhengtong.doors.cli.speaking import Group, Path
from zhengtong.engines.bpmn import check


@click.group(cls=Group)
def bpmn() -> None:
    """Process models: what can be imported, what can be executed."""


@bpmn.command("check")
@click.argument("paths", nargs=-1, required=True, type=Path(exists=True, path_type=pathlib.Path))
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
            console.print(f"{_verdict(report)}  {path}", markup=False, soft_wrap=True)
    if unreadable:
        raise SystemExit(1)


def _verdict(report: Mapping[str, Any]) -> str:
    if report["executable"]:
        return _("executable")
    return _("importable") if report["importable"] else _("unreadable")
