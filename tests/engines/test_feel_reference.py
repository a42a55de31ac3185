"""The reference names every function with its parameters, every code, and the limits as they are."""

import dataclasses
import pathlib
import re

from zhengtong.engines import feel
from zhengtong.engines.feel.builtins import BUILTINS
from zhengtong.engines.feel.texts import TEXTS

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = (FOLDER / "feel.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)))
FUNCTIONS = set(re.findall(r"`([^`]+)`", PAGE.partition("## Built-in functions")[2].partition("## Limits")[0]))


def test_every_function_is_named_with_its_parameters() -> None:
    assert not set(BUILTINS) - {text.partition("(")[0] for text in FUNCTIONS}
    for name, own in BUILTINS.items():
        said = {word for text in FUNCTIONS if text.startswith(f"{name}(") for word in _parameters(text)}
        known = {parameter.name for signature in own.signatures for parameter in signature.parameters}
        assert said <= known, name


def _parameters(text: str) -> list[str]:
    inside = text.partition("(")[2].removesuffix(")")
    return [name for part in inside.split(",") if (name := part.strip().strip("?…"))]


def test_every_code_is_named_and_has_both_languages() -> None:
    assert set(TEXTS) == {name for name in NAMED if re.fullmatch(r"feel\.[a-z_]+", name)}
    assert all(set(sentences) == {"zh-hans", "en"} for sentences in TEXTS.values())


def test_the_limits_are_those_of_the_page() -> None:
    said = dict(re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", PAGE, re.MULTILINE))
    assert {name: int(count.replace(",", "")) for name, count in said.items()} == dataclasses.asdict(feel.Limits())


def test_what_others_may_import_is_named() -> None:
    assert not [name for name in feel.__all__ if not re.search(rf"\b{name}\b", PAGE)]
