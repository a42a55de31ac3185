"""The program `zhengtong`: its groups of commands, and how it starts Django."""

import os
import sys

import click

from zhengtong.doors.cli import bpmn, catalog, house, ledger


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="zhengtong")
def program() -> None:
    """政通 Zhengtong: an e-government system. Exit status 0 only when all is well."""


for command in (house.setup, house.serve, house.health, ledger.ledger, catalog.pack, catalog.catalog, bpmn.bpmn):
    program.add_command(command)


def main() -> None:
    """Entry point: Django is set up first, so that every command may use it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtong.config.settings")
    import django

    django.setup()
    program()


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[func-returns-value] # click exits by itself
