"""How commands answer: tables and sentences for people, one JSON value for machines."""

import json
from typing import Any, NoReturn

import click
from rich.console import Console

from zhengtong.doors.cli.speaking import option

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

as_json = option("--json", "as_json", is_flag=True, help="One JSON value on standard output, nothing else.")


def put_json(value: Any) -> None:
    """Print one value as JSON, Chinese left readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def fail(message: str) -> NoReturn:
    """Say what is wrong on standard error and end with status 1."""
    errors.print(f"[bold red]✗[/] {message}")
    raise SystemExit(1)
