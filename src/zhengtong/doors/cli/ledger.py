"""Commands about the ledger: verify it, show its head, seal what waits."""

import dataclasses

import click
from django.utils.translation import gettext as _
from rich.progress import Progress

from zhengtong.doors.cli.printing import as_json, console, put_json
from zhengtong.doors.cli.speaking import Group


@click.group(cls=Group)
def ledger() -> None:
    """The public log: every act, sealed so that outsiders can check it."""


@ledger.command("verify")
@as_json
def verify(as_json: bool) -> None:
    """Recompute the whole log from its rows; status 1 when anything was changed, removed or back-dated."""
    from zhengtong.foundation.ledger.choices import LOG_FAULTS
    from zhengtong.foundation.ledger.queries import verify_log

    with Progress(console=console, transient=True, disable=as_json) as progress:
        task = progress.add_task(_("verifying"), total=None)
        verdict = verify_log(progress=lambda done, *_rest: progress.update(task, completed=done))
    if as_json:
        put_json({"valid": verdict.valid, **dataclasses.asdict(verdict)})
    elif verdict.valid:
        told = _("%(count)d sealed events agree with their signed heads") % {"count": verdict.size}
        console.print(f"[green]✓[/] {told}")
    else:
        for fault in verdict.faults:
            place = _("leaf %(leaf)s, event %(event)s") % {"leaf": fault.leaf_index, "event": fault.event_id}
            console.print(f"[bold red]✗[/] {LOG_FAULTS[fault.code]} ({place})")
    if not verdict.valid:
        raise SystemExit(1)


@ledger.command("seal")
def seal() -> None:
    """Seal what was recorded and deliver what is due, now."""
    from zhengtong.foundation.ledger.tasks import run_once

    run_once()
