"""How commands answer: tables and sentences for people, one JSON value for machines."""

import json
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.markup import escape

from zhengtong.doors.cli.speaking import option
from zhengtong.foundation.core.errors import Invalid, Refusal

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

as_json = option("--json", "as_json", is_flag=True, help="One JSON value on standard output, nothing else.")


def put_json(value: Any) -> None:
    """Print one value as JSON, Chinese left readable."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def fail(message: str) -> NoReturn:
    """Say what is wrong on standard error and end with status 1."""
    errors.print(f"[bold red]✗[/] {escape(message)}")
    raise SystemExit(1)


def refuse(refusal: Refusal) -> NoReturn:
    """As `fail`, with each fault that was found in what was given; nothing is marked here as on a page."""
    said = [sentence for _path, _code, sentence in refusal.errors] if isinstance(refusal, Invalid) else []
    fail(" ".join(said) or str(refusal.message))
