"""Commands that set up, serve and look after the house."""

import importlib
import os
import pathlib
import secrets
import sys
from typing import TYPE_CHECKING, Any

import click
from django.utils.translation import gettext as _

from zhengtong.doors.cli.printing import as_json, console, fail, put_json, refuse
from zhengtong.doors.cli.speaking import Command, option

if TYPE_CHECKING:
    from zhengtong.foundation.core.health import Finding

# A process computes on one core at a time; more than two gain nothing while SQLite has them write in turns.
WORKERS = min(2, os.cpu_count() or 1)
# What a begun request may still take when the server is told to end; the write turn is waited for 20 s at most.
ENDING_SECONDS = 30
ADMINISTRATORS = ("sys_admin", "sec_admin", "audit_admin")


def ensure_secret_key() -> None:
    """Make the key that signs sessions where there is none; called before Django is set up."""
    if os.environ.get("ZHENGTONG_SECRET_KEY"):
        return
    settings: Any = importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
    file = settings.SECRET_KEY_FILE
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as output:
            output.write(secrets.token_urlsafe(48))
        # The settings were read before there was a key: Django is to see it in this process too.
        settings.SECRET_KEY = file.read_text()


@click.command(cls=Command)
@option("--quiet", is_flag=True, help="Say nothing when all is well.")
def setup(quiet: bool) -> None:
    """Make folders, keys and tables; safe to repeat, and what an upgrade runs."""
    prepare()
    if not quiet:
        told = _("keys, tables and the roles of the administrators are in place")
        console.print(f"[green]✓[/] {told}")


def prepare() -> None:
    """Everything that must exist before the first request."""
    from django.conf import settings
    from django.core.management import call_command

    from zhengtong.foundation.core.keys import ensure_master_key
    from zhengtong.foundation.files.signing import ensure_signing_key
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.catalog.services import ensure_release_key
    from zhengtong.people.access.services import install_roles

    pathlib.Path(settings.VAR).mkdir(parents=True, exist_ok=True)
    ensure_master_key()
    call_command("migrate", verbosity=0, interactive=False)
    ensure_signing_key()
    ensure_release_key()
    install_roles(by=SYSTEM)


@click.command(cls=Command)
@option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@option("--port", default=8000, show_default=True, help="Port to listen on.")
@option("--workers", type=int, show_default="2, 1 on one core", help="Processes; they take turns to write.")
@option("--threads", default=4, show_default=True, help="Threads that answer requests, a process.")
def serve(host: str, port: int, workers: int | None, threads: int) -> None:
    """Serve the house with granian; background work runs inside."""
    if workers is None:
        workers = 1 if os.environ.get("ZHENGTONG_CACHE") == "local" else WORKERS
    if workers > 1:
        _count_together()
    prepare()
    run_server(host, port, workers, threads)


def _count_together() -> None:
    """Several processes count attempts in the database, or each would allow them all."""
    if os.environ.setdefault("ZHENGTONG_CACHE", "database") == "local":
        fail(_("Several processes must count attempts together: leave ZHENGTONG_CACHE out, or set it to database."))


def run_server(host: str, port: int, workers: int = 1, threads: int = 4) -> None:
    """Replace this process by granian."""
    command = [
        str(pathlib.Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--respawn-failed-workers", "--workers-kill-timeout", str(ENDING_SECONDS)),
        *("--log-level", "warning", "--no-ws"),
        "zhengtong.config.wsgi:application",
    ]
    os.execv(command[0], command)  # noqa: S606 our own server from our own environment


@click.command(cls=Command)
@as_json
def health(as_json: bool) -> None:
    """Look at everything that must be well; status 1 when something is not."""
    from zhengtong.foundation.core.health import Level, findings

    found = list(findings())
    sound = all(each.level is not Level.ILL for each in found)
    if as_json:
        put_json({"well": sound, "findings": [_told(each) for each in found]})
    else:
        marks = {Level.WELL: "[green]✓[/]", Level.SOON: "[yellow]![/]", Level.ILL: "[bold red]✗[/]"}
        for each in found:
            console.print(f"{marks[each.level]} {each.title}: {each.words}")
    if not sound:
        raise SystemExit(1)


@click.command("rotate-keys", cls=Command)
@as_json
def rotate_keys(as_json: bool) -> None:
    """Give the master key and the key of the log a new version each, recorded; older versions go on opening."""
    from django.core.exceptions import ImproperlyConfigured

    from zhengtong.foundation.ledger.services import rotate_master_key, rotate_signing_key
    from zhengtong.foundation.policy import SYSTEM

    try:
        master = rotate_master_key(by=SYSTEM)
    except (ImproperlyConfigured, OSError) as error:
        fail(str(error))
    log = rotate_signing_key(by=SYSTEM)
    if as_json:
        put_json({"master": master, "log": log})
        return
    told = _("the master key is at version %(master)d, the key of the log at version %(log)d")
    console.print(f"[green]✓[/] {told % {'master': master, 'log': log}}")
    console.print(
        _("Start the server anew, so that it closes with the new version, and copy the key file to your backup.")
    )


def _told(found: "Finding") -> dict[str, object]:
    well = found.level != "ill"
    return {"name": found.name, "well": well, "level": found.level, "says": str(found.words)}


@click.command(cls=Command)
@click.argument("username")
@option("--role", type=click.Choice(ADMINISTRATORS), required=True, help="Which of the three.")
@option("--name", required=True, help="The administrator's name.")
@option("--number", required=True, help="Resident identity number.")
def administrator(username: str, role: str, name: str, number: str) -> None:
    """Open the account of one of the three administrators; its password is asked for and must be changed."""
    from zhengtong.foundation.core.errors import Refusal
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.people.access import queries, services
    from zhengtong.people.identity import services as identity

    password = click.prompt(_("Password"), hide_input=True, confirmation_prompt=True)
    try:
        person = identity.register_person(by=SYSTEM, name=name, document_number=number)
        account = identity.open_account(by=SYSTEM, username=username, kind="admin", person=person, password=password)
        office = queries.role_by_code(role)
        assert office is not None, "setup installs the three administrators"
        services.grant_role(by=SYSTEM, role=office, account=account, scope="all")
    except Refusal as refusal:
        refuse(refusal)
    console.print(f"[green]✓[/] {username}: {role}")
