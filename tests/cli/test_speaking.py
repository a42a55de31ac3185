"""One language at a time: that of --lang or of the environment; every refusal and every help in both."""

import os
import pathlib
import re
from collections.abc import Iterator

import click
import pytest
from babel.messages import pofile
from babel.messages.extract import extract_from_file
from click.testing import CliRunner
from django.db import OperationalError
from django.utils import translation

from factories import identity as people
from zhengtong.doors.cli import speaking
from zhengtong.doors.cli.main import program
from zhengtong.doors.cli.speaking import chosen_language

HAN = re.compile(r"[㐀-鿿]")
TABLE = pathlib.Path(speaking.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "messages.po"
FOR_PROGRAMMERS = re.compile(
    r"DeprecationWarning|deprecated|defined twice|Boolean option|Could not determine|No options defined|Arguments take|"
    r"Choice\(|Unknown|Editing failed|Windows error|Shell completion|Bash version|must be an iterable|start character|"
    r"Press any key|Confirm the action|^d$|Missing parameter"
)
"""What click says to whoever writes commands, or where there is no editor, pager or shell of ours."""


def run(*arguments: str, language: str) -> str:
    """What a refused call says, beside its own names."""
    result = CliRunner().invoke(program, ["--lang", language, *arguments])
    assert result.exit_code != 0, result.output
    return result.output + result.stderr


WRONG_CALLS = [
    ("nonsense",),
    ("pack", "chek"),
    ("pack", "check"),
    ("pack", "check", "/nonexistent"),
    ("pack", "check", "--colour", "red", "x"),
    ("administrator", "x", "--role", "king", "--name", "n", "--number", "1"),
    ("serve", "--port", "many"),
    ("serve", "--port"),
    ("demo", "--no-serve=1"),
    ("setup", "more", "and", "more"),
]
REFUSED = [
    ("key", "list", "nobody"),
    ("key", "issue", "zhaoyi", "--name", "ERP", "--scope", "read", "--days", "4000"),
    ("key", "issue", "zhaoyi", "--name", "ERP", "--scope", "read", "--capacity", "org:1"),
    ("key", "revoke", "zhaoyi", "abcdefgh"),
    ("pack", "new", "/"),
]


def english(text: str, call: tuple[str, ...]) -> list[str]:
    """English words of a Chinese answer beside the caller's own, options, and what stands in quotes or brackets."""
    bare = re.sub(r"“[^”]*”|'[^']*'|\[[^\]]*\]|--?[\w-]+|/\w*", " ", text)
    own = {"program", *call, *" ".join(call).split("-")}
    return [word for word in re.findall(r"[a-z]{3,}", bare) if word not in own]


@pytest.mark.parametrize("call", WRONG_CALLS, ids=" ".join)
def test_a_wrong_call_is_refused_in_one_language(call: tuple[str, ...]) -> None:
    chinese, foreign = run(*call, language="zh-hans"), run(*call, language="en")
    assert HAN.search(chinese)
    assert not english(chinese, call)
    assert not HAN.search(foreign)


@pytest.mark.django_db
@pytest.mark.parametrize("call", REFUSED, ids=" ".join)
def test_a_refusal_of_the_house_is_in_the_same_language(call: tuple[str, ...]) -> None:
    people.account(username="zhaoyi")
    chinese, foreign = run(*call, language="zh-hans"), run(*call, language="en")
    assert HAN.search(chinese)
    assert not english(chinese, call)
    assert not HAN.search(foreign)
    assert re.search(r"[a-z]{3}", foreign)


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "尚未建表"), ("en", "no tables yet")])
def test_a_house_that_is_not_set_up_is_said(language: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_table(*_given: object) -> None:
        raise OperationalError("no such table: identity_account")

    monkeypatch.setattr("zhengtong.people.identity.queries.account_by_name", no_table)
    told = run("key", "list", "zhaoyi", language=language)
    assert said in told
    assert "Traceback" not in told


def commands(command: click.Command = program, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_help_is_in_one_language(path: tuple[str, ...]) -> None:
    told = {
        language: CliRunner().invoke(program, ["--lang", language, *path, "--help"]).output
        for language in speaking.LANGUAGES
    }
    assert HAN.search(told["zh-hans"])
    assert not HAN.search(told["en"])
    assert "Usage" not in told["zh-hans"]


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh-hans"),
        ([], {"LANG": "C.UTF-8"}, "en"),
        ([], {}, "en"),
        (["--lang", "en", "setup"], {"LANG": "zh_CN"}, "en"),
        (["--lang=zh-hans", "setup"], {"LANG": "C"}, "zh-hans"),
        (["setup", "--lang", "en"], {"LANG": "zh_CN"}, "zh-hans"),
        (["--lang", "fr", "setup"], {"LANG": "zh_CN"}, "zh-hans"),
    ],
)
def test_the_option_wins_over_the_environment(arguments: list[str], environment: dict[str, str], language: str) -> None:
    assert chosen_language(arguments, environment) == language


def test_what_was_spoken_before_is_spoken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    with translation.override("en"):
        run("nonsense", language="zh-hans")
        assert translation.get_language() == "en"

    assert os.environ["LANGUAGE"] == "fr"


def test_everything_click_says_to_a_caller_has_its_chinese() -> None:
    said: set[str] = set()
    for path in pathlib.Path(click.__file__).parent.glob("*.py"):
        for _line, message, _comments, _context in extract_from_file(
            "python", str(path), keywords={"_": None, "ngettext": (1, 2)}
        ):
            said.add(message if isinstance(message, str) else message[0])
    with TABLE.open("rb") as source:
        known = {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in pofile.read_po(source) if m.id}
    assert len(said) > 50
    assert not {text for text in said if not FOR_PROGRAMMERS.search(text)} - known.keys()
    assert not known.keys() - said, "click no longer says it"
