"""The demonstration: sets everything up, fills the city once, says who can sign in, and serves."""

import os
import pathlib
import random
import time

import click
from rich.progress import Progress
from rich.table import Table

from zhengtong.doors.cli import house
from zhengtong.doors.cli.printing import console

PACK = ("packs", "market-supervision", "food-business-licence")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--no-serve", is_flag=True, help="Only fill the city.")
def demo(host: str, port: int, no_serve: bool) -> None:
    """Fill the demonstration city (once) and serve it."""
    began = time.monotonic()
    house.prepare()
    if not _filled():
        fill()
        console.print(f"[green]✓[/] the city is ready after {time.monotonic() - began:.0f} s")
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

    from zhengtong.doors.cli.demo_city.history import PAST, RUNNING, tell_history
    from zhengtong.doors.cli.demo_city.people import MARKET, City, make_people
    from zhengtong.doors.cli.demo_city.registers import fill_registers
    from zhengtong.foundation.ledger.services import importing, seal_all
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.matters.catalog import services as catalog

    city = City(random.Random(2026))  # noqa: S311 a story, not a secret
    with Progress(console=console, transient=True) as progress:
        people = progress.add_task("people, agencies, registers", total=None)
        make_people(city)
        fill_registers(city)
        progress.remove_task(people)
        released = catalog.release_pack(by=SYSTEM, folder=settings.BASE.joinpath(*PACK))
        item = catalog.install_pack(by=SYSTEM, released=released, organisation_id=city.agencies[MARKET].id)
        cases = progress.add_task("cases", total=PAST + RUNNING)
        # The city had another system before: what is told is imported history, what happens from now on is not.
        with importing():
            for told in tell_history(city, item.id):
                progress.update(cases, completed=told)
    seal_all()
    _marker().touch()


def _greet(address: str) -> None:
    from zhengtong.doors.cli.demo_city.people import ADMINISTRATORS, OFFICIALS, PASSWORD

    table = Table(title=f"政通 Zhengtong  {address}", show_lines=False)
    for column in ("who 谁", "sign in as 账号", "where 去哪"):
        table.add_column(column)
    table.add_row("citizen 张三, also for 京味餐饮有限公司", "zhangsan", f"{address}/")
    table.add_row("citizen 李四", "lisi", f"{address}/")
    for username, name, role, *_rest in OFFICIALS:
        table.add_row(f"{role} {name}", username, f"{address}/desk/")
    for username, name, role in ADMINISTRATORS:
        table.add_row(f"{role} {name}", username, f"{address}/console/")
    console.print(table)
    console.print(f"Password for all 全部账号密码: [bold]{PASSWORD}[/]")
    console.print("Second factor for officials is switched off in this demonstration only (ZHENGTONG_STAFF_MFA=0).")
    console.print("Stop with Ctrl+C. 按 Ctrl+C 停止。")
