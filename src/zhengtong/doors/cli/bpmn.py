"""Commands about process models."""

import json
import os
import pathlib
from collections.abc import Mapping
from typing import Any

import click
from django.utils.translation import gettext as _

from zhengtong.doors.cli.printing import as_json, console, errors, fail
from zhengtong.doors.cli.speaking import Group, Path, language, option
from zhengtong.doors.cli.tracing import Trace, playable
from zhengtong.engines.bpmn import BpmnError, ModelRefused, read
from zhengtong.engines.bpmn.soundness import STATE_LIMIT, review, unreadable
from zhengtong.foundation.core import clock

MOST_STEPS = 1000
ENDINGS = (".bpmn", ".bpmn2", ".bpmn20.xml", ".bpmn.xml")
"""What the names of models end with, in small letters or capitals; modellers disagree."""


@click.group(cls=Group)
def bpmn() -> None:
    """Process models: what can be imported, what can be executed, what is sound, how one runs."""


@bpmn.command("check")
@click.argument("paths", nargs=-1, required=True, type=Path(exists=True, path_type=pathlib.Path))
@option("--states", default=STATE_LIMIT, type=click.IntRange(1), help="So many states are looked at, no more.")
@as_json
def check_files(paths: tuple[pathlib.Path, ...], states: int, as_json: bool) -> None:
    """Check .bpmn files (or folders of them): status 0 only when all can be executed and none has a fault."""
    files = [file for path in paths for file in (_models(path) if path.is_dir() else [path])]
    if not files:
        fail(_("There is no .bpmn file."))
    faulty = 0
    for path in files:
        report = _reviewed(path, states)
        faulty += not report["executable"] or any(finding["blocking"] for finding in report["findings"])
        if as_json:
            click.echo(json.dumps({"file": _shown(path), **report}, ensure_ascii=False, default=str))
        else:
            _print(path, report)
    if faulty:
        raise SystemExit(1)


def _models(folder: pathlib.Path) -> list[pathlib.Path]:
    """The models below a folder, and links that should lead to one."""
    named = (path for path in folder.rglob("*") if path.name.lower().endswith(ENDINGS))
    return sorted(path for path in named if path.is_file() or path.is_symlink() and not path.is_dir())


def _reviewed(path: pathlib.Path, states: int) -> dict[str, Any]:
    try:
        xml = path.read_bytes()
    except OSError as fault:
        return unreadable(fault.strerror or type(fault).__name__)
    return review(xml, states)


def _shown(path: pathlib.Path) -> str:
    """A path as text; names that are no UTF-8 have a sign in place of what cannot be shown."""
    return os.fsencode(path).decode(errors="replace")


def _print(path: pathlib.Path, report: Mapping[str, Any]) -> None:
    console.print(f"{_verdict(report)}  {_shown(path)}", markup=False, soft_wrap=True)
    for finding in report["findings"]:
        if finding["blocking"] or finding["code"].startswith("soundness."):
            mark = "[bold red]✗[/]" if finding["blocking"] else "[yellow]![/]"
            console.print(f"    {mark} {finding['line'] or ''}", end=" ")
            console.print(finding["message"][language()], markup=False, soft_wrap=True)


def _verdict(report: Mapping[str, Any]) -> str:
    if not report["executable"]:
        return _("importable") if report["importable"] else _("unreadable")
    return {"sound": _("sound"), "unsound": _("unsound"), "undecided": _("undecided")}[report["soundness"]]


def _as_mapping(_context: click.Context, _option: click.Parameter, text: str) -> dict[str, object]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise click.BadParameter(_("no JSON: %(fault)s") % {"fault": fault}) from None
    if not isinstance(data, dict):
        raise click.BadParameter(_("no JSON object"))
    return data


@bpmn.command("trace")
@click.argument("file", type=Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@option("--data", default="{}", callback=_as_mapping, help="What conditions read, as a JSON object.")
@option("--max-steps", default=MOST_STEPS, type=click.IntRange(1), help="So many events happen, no more.")
@option(
    "--process", default=None, help="The id of the process; else all pools, or the first process that can be executed."
)
def trace(file: pathlib.Path, data: dict[str, object], max_steps: int, process: str | None) -> None:
    """Run a process, or all pools together, doing tasks as they came about: one JSON object a completed activity."""
    try:
        played = Trace(playable(read(file.read_bytes()), process), data, clock.now(), max_steps)
        for done in played:
            click.echo(json.dumps(done.as_dict(), ensure_ascii=False))
    except BpmnError as refusal:
        if isinstance(refusal, ModelRefused):
            for finding in refusal.findings:
                if finding.blocking:
                    errors.print(f"{finding.line or ''} {finding.text(language())}", markup=False, soft_wrap=True)
        errors.print("✗ " + refusal.text(language()), markup=False, soft_wrap=True)
        raise SystemExit(1) from None
    for kept in played.kept:
        said = _("Message %(message)s to %(process)s was never awaited.")
        errors.print(said % {"message": kept.message, "process": kept.route.process}, markup=False, soft_wrap=True)
    if not played.ended:
        fail(_("Not ended after %(steps)s steps.") % {"steps": played.taken})
