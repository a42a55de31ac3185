"""The reference names everything there is: hints, widgets, formats, functions, codes; and its example is a form."""

import json
import pathlib
import re

from zhengtong.engines.forms import compile_form
from zhengtong.engines.forms.compiling import WIDGETS
from zhengtong.engines.forms.hints import FIELD_HINTS, KEYWORDS, PAGE_HINTS, SECTION_HINTS
from zhengtong.engines.forms.judging import FORMATS
from zhengtong.engines.forms.texts import TEXTS

PAGE = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference" / "forms.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)))


def test_everything_has_its_place_in_the_reference() -> None:
    widgets = {name for names in WIDGETS.values() for name in names}
    assert FIELD_HINTS | PAGE_HINTS | SECTION_HINTS <= NAMED
    assert widgets | set(FORMATS) | set(TEXTS) <= NAMED
    keywords = {word.removeprefix("$") for words in KEYWORDS.values() for word in words}
    for name in keywords:
        assert any(re.search(rf"\b{name}\b", said) for said in NAMED), name


def test_the_example_compiles() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
    assert list(compile_form(json.loads(example)).fields) == ["name", "online", "site"]
