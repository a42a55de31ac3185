"""Every English sentence of the interface has its Chinese one, in the app that says it; every message is used."""

import ast
import collections
import functools
import importlib.util
import pathlib
import re
import string

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from django.utils import translation
from django.utils.translation.template import templatize
from house_sources import PACKAGE, shown

from zhengtong.doors.cli.main import program
from zhengtong.doors.cli.speaking import Command, Group

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HAN = re.compile(r"[㐀-鿿]")
IN_TEMPLATE = re.compile(
    r"""(?P<call>n?p?gettext|_)\(\s*u?(?P<first>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""(?:\s*,\s*u?(?P<second>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?"""
)


def apps() -> list[pathlib.Path]:
    """Every app and door."""
    return sorted(
        app for floor in PACKAGE.iterdir() if floor.is_dir() for app in floor.iterdir() if (app / "apps.py").exists()
    )


def table(app: pathlib.Path) -> Catalog | None:
    """The app's Chinese table."""
    path = app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return None
    with path.open("rb") as source:
        return pofile.read_po(source)


def said(app: pathlib.Path) -> dict[str, str]:
    """Each sentence an app says, with the file that says it."""
    found: dict[str, str] = {}
    for path in sorted(app.rglob("*.py")):
        for _line, message, _comments, _context in extract_from_file("python", str(path), keywords=KEYWORDS):
            for text in [message] if isinstance(message, str) else message[:1]:
                if text:
                    found.setdefault(text, shown(path))
    for path in sorted((*app.rglob("*.html"), *app.rglob("*.txt"))):
        source = path.read_text(encoding="utf-8")
        if "{%" in source or "{{" in source:
            for text in _in_template(source):
                found.setdefault(text, shown(path))
    return found | (helped() if app.name == "cli" else {})


def helped() -> dict[str, str]:
    """What the command line says of its commands and options, translated when it is drawn."""
    walked, waiting = {}, [("zhengtong", program)]
    while waiting:
        name, command = waiting.pop()
        assert isinstance(command, Group | Command), f"{name} speaks one language only: give it cls=Command"
        for part in (command, *command.params):
            if written := getattr(part, "written", None):
                walked[written] = f"help of {name}"
        waiting += [(f"{name} {below}", each) for below, each in getattr(command, "commands", {}).items()]
    return walked


def _in_template(source: str) -> list[str]:
    texts = []
    for match in IN_TEMPLATE.finditer(templatize(source)):
        with_context = "pgettext" in match["call"]
        literal = match["second"] if with_context else match["first"]
        if literal:
            texts.append(str(ast.literal_eval(literal)))
    return texts


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _bare(text: str) -> str:
    """A sentence without its markup, its places for values and the commands it quotes."""
    return re.sub(r"<[^>]+>|%\(\w+\)\w*|“[^”]*”", "", text)


@functools.cache
def said_by_libraries() -> frozenset[str]:
    """Sentences of allauth, which an app may say better than allauth's own table does."""
    spec = importlib.util.find_spec("allauth")
    assert spec is not None
    assert spec.origin is not None
    with (pathlib.Path(spec.origin).parent / "locale" / "de" / "LC_MESSAGES" / "django.po").open("rb") as source:
        return frozenset(_id(message) for message in pofile.read_po(source) if message.id)


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_every_sentence_is_translated(app: pathlib.Path) -> None:
    known = table(app)
    translated = {_id(m) for m in known if m.id and all(_strings(m)) and not m.fuzzy} if known else set()
    missing = {text: where for text, where in said(app).items() if text not in translated}
    assert not missing, "\n".join(f"{where}: {text}" for text, where in missing.items())


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_sentences_are_written_in_english_and_translated_into_chinese(app: pathlib.Path) -> None:
    names = {"简体中文", "中文"}
    assert not [text for text in said(app) if HAN.search(text) and text not in names]
    known = table(app)
    latin = [_id(m) for m in known or () if m.id and re.search(r"[a-z]{4} [a-z]{4}", _bare("".join(_strings(m))))]
    assert not latin, "English left in the Chinese table"


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_no_table_holds_what_nobody_says(app: pathlib.Path) -> None:
    known = table(app)
    if known is None:
        return  # what it says is missed by the test above
    assert not known.obsolete
    assert not [_id(message) for message in known if message.id and message.fuzzy]
    assert not {_id(message) for message in known if message.id} - said(app).keys() - said_by_libraries()


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_translations_keep_the_places_for_values(app: pathlib.Path) -> None:
    def places(text: str) -> list[str]:
        named = [name for _, name, _, _ in string.Formatter().parse(text) if name] if "{" in text else []
        return sorted([*re.findall(r"%\(\w+\)[sd]|%[sd]", text), *named])

    wrong = [
        _id(message)
        for message in table(app) or ()
        if message.id and any(places(text) != places(_id(message)) for text in _strings(message))
    ]
    assert not wrong


def test_a_sentence_has_one_translation_in_the_whole_house() -> None:
    """Django knows one table for all apps: a word that means two things needs a context (msgctxt)."""
    told: dict[tuple[str, str], dict[str, list[str]]] = collections.defaultdict(lambda: collections.defaultdict(list))
    for app in apps():
        for message in table(app) or ():
            if message.id:
                told[str(message.context or ""), _id(message)]["|".join(_strings(message))].append(app.name)
    assert len(told) > 1000
    assert not {key: dict(texts) for key, texts in told.items() if len(texts) > 1}


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_readers_see_what_the_app_translates(app: pathlib.Path) -> None:
    """No library that says the same in English speaks instead of us."""
    with translation.override("zh-hans"):
        other = {
            _id(message): shown_text
            for message in table(app) or ()
            if message.id and (shown_text := _as_shown(message)) != _strings(message)[0]
        }
    assert not other


def _as_shown(message: Message) -> str:
    if isinstance(message.id, str):
        return translation.pgettext(message.context, message.id) if message.context else translation.gettext(message.id)
    one, many = message.id
    if message.context:
        return translation.npgettext(message.context, one, many, 5)
    return translation.ngettext(one, many, 5)
