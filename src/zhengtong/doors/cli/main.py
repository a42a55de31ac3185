"""The program `zhengtong`: its groups of commands, and how it starts Django."""

import os

import click

from zhengtong.doors.cli import bpmn, catalog, demo, dmn, house, keys, ledger, processes
from zhengtong.doors.cli.speaking import LANGUAGES, OPTION, Option, Program, option


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="zhengtong", cls=Option, help="Show the version and exit.")
@option(
    OPTION,
    type=click.Choice(LANGUAGES),
    expose_value=False,
    help="Language of answers; by default that of the environment (LC_ALL, LC_MESSAGES, LANG).",
)
def program() -> None:
    """Zhengtong, an e-government system. Exit status 0 only when all is well."""


COMMANDS = (
    house.setup,
    house.serve,
    house.health,
    house.administrator,
    house.rotate_keys,
    demo.demo,
    keys.key,
    ledger.ledger,
    catalog.pack,
    catalog.catalog,
    bpmn.bpmn,
    processes.process,
    dmn.dmn,
)
for command in COMMANDS:
    program.add_command(command)


def main() -> None:
    """Entry point: Django is set up first, so that every command may use it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtong.config.settings")
    house.ensure_secret_key()
    import django

    django.setup()
    program()


if __name__ == "__main__":
    main()
