"""The demonstration: sets everything up, fills the city once, says who can sign in, and serves."""

import os
import pathlib
import random
import time

import click
from django.utils.translation import gettext as _
from rich.progress import Progress
from rich.table import Table

from zhengtong.doors.cli import house
from zhengtong.doors.cli.printing import console
from zhengtong.doors.cli.speaking import Command, option

FOOD = ("packs", "market-supervision", "food-business-licence")
ALLOWANCE = ("packs", "civil-affairs", "old-age-allowance")


@click.command(cls=Command)
@option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@option("--port", default=8000, show_default=True, help="Port to listen on.")
@option("--no-serve", is_flag=True, help="Only fill the city.")
def demo(host: str, port: int, no_serve: bool) -> None:
    """Fill the demonstration city (once) and serve it."""
    began = time.monotonic()
    house.prepare()
    if not _filled():
        fill()
        told = _("the city is ready after %(seconds)d s") % {"seconds": round(time.monotonic() - began)}
        console.print(f"[green]✓[/] {told}")
    if no_serve:
        return
    # Nobody can scan a stranger's TOTP code: the demonstration alone lets officials in with a password, and says so.
    os.environ["ZHENGTONG_STAFF_MFA"] = "0"
    os.environ.setdefault("ZHENGTONG_LIVING_PAGE", "1")
    os.environ.setdefault("ZHENGTONG_PUBLIC_ADDRESS", f"http://{host}:{port}")
    _greet(f"http://{host}:{port}")
    house.run_server(host, port)


def _filled() -> bool:
    from zhengtong.people.identity.queries import account_by_name

    return account_by_name("zhangsan") is not None and _marker().exists()


def _marker() -> pathlib.Path:
    from django.conf import settings

    return pathlib.Path(settings.VAR) / "demo-city-is-filled"


def fill() -> None:
    """Make everybody and tell every case."""
    from django.conf import settings

    from zhengtong.doors.cli.demo_city.elders import ELDERS, tell_allowances
    from zhengtong.doors.cli.demo_city.history import PAST, RUNNING, tell_history
    from zhengtong.doors.cli.demo_city.people import CIVIL, MARKET, City, make_people
    from zhengtong.doors.cli.demo_city.registers import fill_registers
    from zhengtong.foundation.ledger.services import importing, seal_all

    city = City(random.Random(2026))  # noqa: S311 a story, not a secret
    with Progress(console=console, transient=True) as progress:
        people = progress.add_task(_("people, agencies, registers"), total=None)
        make_people(city)
        fill_registers(city)
        progress.remove_task(people)
        food = _installed(settings.BASE.joinpath(*FOOD), city.agencies[MARKET].id)
        allowance = _installed(settings.BASE.joinpath(*ALLOWANCE), city.agencies[CIVIL].id)
        cases = progress.add_task(_("cases of the city"), total=PAST + RUNNING + len(ELDERS))
        # The city had another system before: what is told is imported history, what happens from now on is not.
        with importing():
            for told in tell_history(city, food):
                progress.update(cases, completed=told)
            for told in tell_allowances(allowance):
                progress.update(cases, completed=PAST + RUNNING + told)
    seal_all()
    _marker().touch()


def _installed(folder: pathlib.Path, agency_id: int) -> int:
    """The item of a pack, released and put in use for an agency."""
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.catalog import services as catalog

    released = catalog.release_pack(by=SYSTEM, folder=folder)
    return catalog.install_pack(by=SYSTEM, released=released, organisation_id=agency_id).id


def _greet(address: str) -> None:
    from zhengtong.doors.cli.demo_city.elders import NEWCOMER
    from zhengtong.doors.cli.demo_city.people import ADMINISTRATORS, CIVIL_OFFICIALS, OFFICIALS, PASSWORD

    table = Table(title=f"政通 Zhengtong  {address}", show_lines=False)
    table.add_column(_("who"), overflow="fold")
    for column in (_("sign in as"), _("where")):  # to be typed or clicked: never broken nor cut short
        table.add_column(column, no_wrap=True)
    both = _("citizen %(name)s, also for %(company)s") % {"name": "张三", "company": "京味餐饮有限公司"}
    table.add_row(both, "zhangsan", f"{address}/")
    table.add_row(_("citizen %(name)s") % {"name": "李四"}, "lisi", f"{address}/")
    table.add_row(_("citizen %(name)s") % {"name": NEWCOMER.name}, NEWCOMER.username, f"{address}/")
    for username, name, role, *_rest in (*OFFICIALS, *CIVIL_OFFICIALS):
        table.add_row(f"{role} {name}", username, f"{address}/desk/")
    for username, name, role in ADMINISTRATORS:
        table.add_row(f"{role} {name}", username, f"{address}/console/")
    console.print(table)
    console.print(_("Password for all: %(password)s") % {"password": f"[bold]{PASSWORD}[/]"})
    console.print(_("Second factor for officials is switched off in this demonstration only (ZHENGTONG_STAFF_MFA=0)."))
    console.print(_("Stop with Ctrl+C."))
