"""Commands about service packs and the catalogue."""

import pathlib
import shutil
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
from django.utils.translation import gettext as _
from rich.markup import escape
from rich.progress import Progress

from zhengtong.doors.cli.printing import as_json, console, fail, put_json
from zhengtong.doors.cli.speaking import Group, Path, language, option

if TYPE_CHECKING:
    from zhengtong.matters.catalog.packs import Finding, Trial

_folder = click.argument("folder", type=Path(exists=True, file_okay=False, path_type=pathlib.Path))
_laws = option(
    "--laws",
    type=Path(exists=True, file_okay=False, path_type=pathlib.Path),
    help="Folder of law texts to check cited articles in.",
)


@click.group(cls=Group)
def pack() -> None:
    """Service packs: a government service as data."""


@pack.command("new")
@click.argument("folder", type=Path(path_type=pathlib.Path))
def new(folder: pathlib.Path) -> None:
    """Copy the template to a new folder, ready to be filled in."""
    from django.conf import settings

    if folder.exists():
        fail(_("%(folder)s exists already") % {"folder": folder})
    shutil.copytree(settings.BASE / "packs" / "_template", folder)
    told = _("%(folder)s: now edit service.yaml, then “zhengtong pack check %(folder)s”") % {"folder": folder}
    console.print(f"[green]✓[/] {escape(told)}")


def _print(findings: "Iterable[Finding]") -> None:
    for finding in findings:
        mark = "[bold red]✗[/]" if finding.blocking else "[yellow]![/]"
        console.print(f"{mark} {escape(finding.position)}  {escape(finding.text(language()))}")


def _told(finding: "Finding") -> dict[str, object]:
    return {
        "code": finding.code,
        "position": finding.position,
        "blocking": finding.blocking,
        "zh-hans": finding.text(),
        "en": finding.text("en"),
    }


def _tried(trial: "Trial") -> dict[str, object]:
    told = [_told(finding) for finding in trial.findings]
    return {
        "name": trial.name,
        "passed": trial.passed,
        "findings": told,
        "facts": trial.facts,
        "papers": trial.papers,
    }


@pack.command("check")
@_folder
@_laws
@as_json
def check(folder: pathlib.Path, laws: pathlib.Path | None, as_json: bool) -> None:
    """Find everything that is wrong with a pack; status 1 when something keeps it from being released."""
    from zhengtong.matters.catalog.packs import check_pack
    from zhengtong.matters.modelling.queries import house
    from zhengtong.records.exchange.registry import facts

    known = {name: fact.keys for name, fact in facts.all().items()}
    findings = check_pack(folder, house=house(), facts=known, laws=laws)
    if as_json:
        put_json([_told(finding) for finding in findings])
    else:
        _print(findings)
        if not findings:
            console.print("[green]✓[/] " + _("nothing to report"))
    if any(finding.blocking for finding in findings):
        raise SystemExit(1)


@pack.command("test")
@_folder
@as_json
def test(folder: pathlib.Path, as_json: bool) -> None:
    """Run a pack's own examples through the engines and draw its licence; status 1 when one comes out otherwise."""
    from zhengtong.matters.catalog.packs import PackError, draw_result, load_pack, test_pack

    try:
        trials = list(test_pack(folder))
    except PackError as refused:
        if as_json:
            put_json([_told(finding) for finding in refused.findings])
        else:
            _print(refused.findings)
        raise SystemExit(1) from None
    tried = bool(trials)
    drawn = draw_result(load_pack(folder))
    if drawn is not None:
        trials.append(drawn)
    failed = [trial for trial in trials if not trial.passed]
    if as_json:
        put_json([_tried(trial) for trial in trials])
    else:
        for trial in trials:
            console.print(f"{'[green]✓[/]' if trial.passed else '[bold red]✗[/]'} {escape(trial.name)}")
            for finding in trial.findings:
                console.print(f"    {escape(finding.position)}  {escape(finding.text(language()))}")
        told = {"passed": len(trials) - len(failed), "failed": len(failed)}
        console.print(_("%(passed)d passed, %(failed)d failed") % told)
    if failed or not tried:
        raise SystemExit(1)


@pack.command("install")
@_folder
@_laws
@option("--take-process", is_flag=True, help="Let the process of the pack run new cases, in place of a published one.")
def install(folder: pathlib.Path, laws: pathlib.Path | None, take_process: bool) -> None:
    """Check, sign, store and publish a pack. A process that was published for the service stays in force."""
    from zhengtong.foundation.core.errors import Invalid, Refusal
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.catalog import services
    from zhengtong.matters.catalog.packs import PackError
    from zhengtong.matters.modelling.queries import house
    from zhengtong.matters.modelling.services import install_pack
    from zhengtong.people.identity.queries import organisation_by_uscc

    try:
        released = services.release_pack(by=SYSTEM, folder=folder, house=house(), laws=str(laws) if laws else None)
        done = install_pack(by=SYSTEM, released=released, take_process=take_process)
        item = done.item
        agency = organisation_by_uscc(item.department_code)
        if agency is not None:
            services.link_implementer(by=SYSTEM, code=item.department_code, organisation_id=agency.id)
    except PackError as refused:
        _print(refused.findings)
        raise SystemExit(1) from None
    except Refusal as refusal:
        for place, _code, sentence in refusal.errors if isinstance(refusal, Invalid) else ():
            console.print(f"[bold red]✗[/] {escape(place)}  {escape(sentence)}")
        fail(str(refusal.message))
    console.print(f"[green]✓[/] {item.name} v{item.version}")
    if done.kept is not None:
        told = _("New cases still run by version %(number)d of the process published here, not by that of the pack.")
        console.print("[yellow]![/] " + told % {"number": done.kept.number})
        console.print("  " + _("With --take-process the process of the pack takes its place."))


@click.group(cls=Group)
def catalog() -> None:
    """The catalogue of service items."""


@catalog.command("import")
@click.argument("path", type=Path(exists=True, dir_okay=False, path_type=pathlib.Path))
@option("--source", default="", help="Where the list comes from.")
@as_json
def import_list(path: pathlib.Path, source: str, as_json: bool) -> None:
    """Load a published list of items; nothing is dropped, faults of each are kept and counted."""
    from zhengtong.foundation.core.errors import Refusal
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.catalog.queries import fault_counts
    from zhengtong.matters.catalog.services import import_items

    try:
        with Progress(console=console, transient=True, disable=as_json) as progress:
            bar = progress.add_task(_("importing"), total=None)
            done = import_items(
                by=SYSTEM, path=path, source=source, progress=lambda count: progress.update(bar, completed=count)
            )
    except Refusal as refusal:
        fail(str(refusal.message))
    if as_json:
        put_json({"read": done.read, "added": done.added, "present": done.present, "faults": list(fault_counts())})
        return
    told = {"read": done.read, "added": done.added, "present": done.present}
    console.print("[green]✓[/] " + _("%(read)d read, %(added)d added, %(present)d already there") % told)
    for row in fault_counts():
        console.print(f"    {row['code']}: {row['items']}")
