"""In which language the command line speaks: one at a time, that of --lang or of the environment.

Our own sentences go through Django's tables, click's through one of ours (`messages.po`) that Python's gettext reads.
Help is written in English where the command is, and translated when it is drawn.
"""

import gettext as python_gettext
import os
import pathlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError
from django.utils import translation
from django.utils.translation import gettext

from zhengtong.engines.errors import DEFAULT_LOCALE, normal_locale

OPTION = "--lang"
LANGUAGES = ("zh-hans", "en")
_FOLDERS = {"zh-hans": "zh_Hans", "en": "en"}
_ENVIRONMENT = ("LC_ALL", "LC_MESSAGES", "LANG")
python_gettext.bindtextdomain("messages", str(pathlib.Path(__file__).parent / "locale"))
clicks = python_gettext.gettext
"""A sentence of click's in the language spoken."""


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """`zh-hans` or `en`: as --lang before the command says, else as the environment; English where both are silent."""
    for place, argument in enumerate(arguments):
        if not argument.startswith("-"):
            break
        name, _equals, value = argument.partition("=")
        if name == OPTION:
            value = value or "".join(arguments[place + 1 : place + 2])
            if value in LANGUAGES:
                return value
    said = next((environment[name] for name in _ENVIRONMENT if environment.get(name)), "")
    return "zh-hans" if said.lower().startswith("zh") else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within the block everything is said in `language`."""
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = _FOLDERS[language]
    try:
        with translation.override(language):
            yield
    finally:
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def language() -> str:
    """The language spoken now, as engines know it."""
    return normal_locale(translation.get_language() or DEFAULT_LOCALE)


class _Helpful:
    """Help in the language spoken when it is asked for; `written` is what stands in the code."""

    written: str | None = None

    @property
    def help(self) -> str | None:
        return gettext(self.written) if self.written else self.written

    @help.setter
    def help(self, written: str | None) -> None:
        self.written = written


class Command(_Helpful, click.Command):
    """A command."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """As click makes it once for all languages, its help said anew."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = clicks("Show this message and exit.")
        return found


class Option(_Helpful, click.Option):
    """An option."""


class Path(click.Path):
    """A place on the disk, whose kind (file, directory) is named in the language spoken."""

    kind = "path"

    @property
    def name(self) -> str:
        return clicks(self.kind)

    @name.setter
    def name(self, kind: str) -> None:
        self.kind = kind


class Group(Command, click.Group):
    """A group of commands."""

    command_class = Command


class Program(Group):
    """The whole program: chooses its language before it reads anything else, so that every refusal is in it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a house that is not set up is said, not thrown at whoever called."""
        try:
            return super().invoke(ctx)
        except ImproperlyConfigured as error:
            raise click.ClickException(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            said = gettext("The database does not answer or has no tables yet: run “zhengtong setup”. (%(kind)s)")
            raise click.ClickException(said % {"kind": type(error).__name__}) from error

    def main(self, args: Sequence[str] | None = None, *given: Any, **named: Any) -> Any:
        """Speak while the command runs; ends as click ends."""
        typed = sys.argv[1:] if args is None else args
        with speaking(chosen_language(typed, os.environ)):
            return super().main(args, *given, **named)


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:
    """An option whose help is spoken."""
    return click.option(*names, cls=Option, **attributes)
