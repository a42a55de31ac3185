"""Reading what a form states, kind by kind: each reader gives a value of its type or a FormError with its place."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from zhengtong.engines.errors import LOCALES
from zhengtong.engines.feel import Expression, FeelError, compile_expression
from zhengtong.engines.forms.errors import FormError
from zhengtong.engines.forms.model import NO_TEXT, Kind, Text

Schema = Mapping[str, Any]

FIELD_HINTS = frozenset(
    {"label", "help", "widget", "visible", "required-when", "computed", "source", "sensitive", "masking", "options",
     "unit", "width", "row", "accept", "autocomplete", "material"}
)  # fmt: skip
PAGE_HINTS = frozenset({"key", "title", "help", "sections"})
SECTION_HINTS = frozenset({"key", "title", "help", "fields", "visible"})
FORM_HINTS = frozenset({"pages"})

_SIMPLE = (Kind.TEXT, Kind.NUMBER, Kind.INTEGER, Kind.BOOLEAN, Kind.DATE)
_FITS: Mapping[str, tuple[Kind, ...]] = {
    "options": (Kind.CHOICE, Kind.CHOICES),
    "unit": (Kind.TEXT, Kind.NUMBER, Kind.INTEGER),
    "row": (Kind.TABLE,),
    "accept": (Kind.FILES,),
    "material": (Kind.FILES,),
    "computed": _SIMPLE,
}

_EVERYWHERE = {"type", "title", "description", "$comment", "zt"}
_LISTED = {"items", "minItems", "maxItems", "uniqueItems"}
ROOT_KEYWORDS = frozenset({"$schema", "$id", "properties", "required", "additionalProperties", *_EVERYWHERE})
ROW_KEYWORDS = frozenset({"properties", "required", "additionalProperties", *_EVERYWHERE} - {"zt"})
ITEM_KEYWORDS: Mapping[Kind, frozenset[str]] = {
    Kind.CHOICES: frozenset({"type", "enum"}),
    Kind.FILES: frozenset({"type"}),
    Kind.TABLE: ROW_KEYWORDS,
}
KEYWORDS: Mapping[Kind, frozenset[str]] = {
    Kind.TEXT: frozenset({"minLength", "maxLength", "pattern", "format", *_EVERYWHERE}),
    Kind.NUMBER: frozenset({"minimum", "maximum", *_EVERYWHERE}),
    Kind.INTEGER: frozenset({"minimum", "maximum", *_EVERYWHERE}),
    Kind.BOOLEAN: frozenset({"const", *_EVERYWHERE}),
    Kind.DATE: frozenset({"format", *_EVERYWHERE}),
    Kind.CHOICE: frozenset({"enum", *_EVERYWHERE}),
    Kind.CHOICES: frozenset({*_LISTED, *_EVERYWHERE}),
    Kind.FILES: frozenset({*_LISTED, *_EVERYWHERE}),
    Kind.TABLE: frozenset({*_LISTED, *_EVERYWHERE}),
}

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
SOURCE = re.compile(r"[a-z]{1,20}:[a-z0-9][a-z0-9._/-]{0,199}")
OPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
WORD = re.compile(r"[a-z][a-z0-9_ -]{0,59}")
MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")
MOST_WIDTH = 100


def pointer_to(*parts: object) -> str:
    """A JSON pointer of these steps, escaped (RFC 6901 §3)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def require_known(value: Any, known: Collection[str], pointer: str, code: str = "forms.hint_unknown") -> Schema:
    """`value` as an object that holds nothing but `known` names."""
    if not isinstance(value, Mapping):
        raise FormError("forms.hint_wrong", position=pointer, name=pointer.rsplit("/", 1)[-1], expected="{…}")
    for name in value:
        if name not in known:
            place = pointer + pointer_to(name)
            raise FormError(code, position=place, name=str(name)[:60], known=", ".join(sorted(known)))
    return value


def require_keywords(schema: Any, known: Collection[str], pointer: str) -> Schema:
    """The keywords a form understands; others (`$ref`, `if`, `anyOf` …) are refused, never fetched or half obeyed."""
    return require_known(schema, known, pointer, "forms.keyword_unknown")


def require_fit(hints: Schema, kind: Kind, place: str) -> None:
    """Hints that mean something for this kind of question."""
    for name, kinds in _FITS.items():
        if name in hints and kind not in kinds:
            raise FormError("forms.hint_unfit", position=f"{place}/{name}", name=name)


def hints_of(owner: Schema, known: Collection[str], pointer: str) -> Schema:
    """What stands under `zt`."""
    return require_known(owner.get("zt", {}), known, f"{pointer}/zt")


def text(hints: Schema, name: str, pointer: str, *, needed: bool = False) -> Text:
    """A sentence in every locale."""
    value = hints.get(name)
    if value is None:
        if needed:
            raise FormError("forms.hint_missing", position=pointer, name=name)
        return NO_TEXT
    if not isinstance(value, Mapping) or not all(isinstance(value.get(tag), str) for tag in LOCALES):
        raise FormError("forms.text_missing", position=f"{pointer}/{name}", name=name)
    if any(not value[tag].strip() for tag in LOCALES):
        raise FormError("forms.text_missing", position=f"{pointer}/{name}", name=name)
    return MappingProxyType({tag: value[tag] for tag in LOCALES})


def expression(hints: Schema, name: str, pointer: str) -> Expression | None:
    """A FEEL condition."""
    if name not in hints:
        return None
    try:
        return compile_expression(hints[name], strict=True)
    except FeelError as error:
        position = f"{pointer}/{name} {error.position or ''}".rstrip()
        raise FormError("forms.expression", position=position, reason=error) from None


def word(hints: Schema, name: str, pointer: str, shape: "re.Pattern[str]" = WORD) -> str:
    """A short word of a given shape; empty where it is not stated."""
    value = hints.get(name, "")
    if value == "" and isinstance(value, str):
        return ""
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise FormError("forms.hint_wrong", position=f"{pointer}/{name}", name=name, expected=f"{shape.pattern}")
    return value


def words(hints: Schema, name: str, pointer: str, shape: "re.Pattern[str]") -> tuple[str, ...]:
    """A list of such words."""
    value = hints.get(name, [])
    if not isinstance(value, list | tuple):
        raise FormError("forms.hint_wrong", position=f"{pointer}/{name}", name=name, expected="[…]")
    for place, one in enumerate(value):
        if not isinstance(one, str) or not shape.fullmatch(one):
            position = f"{pointer}/{name}/{place}"
            raise FormError("forms.hint_wrong", position=position, name=name, expected=f"{shape.pattern}")
    return tuple(value)


def flag(hints: Schema, name: str, pointer: str) -> bool:
    """True or false."""
    value = hints.get(name, False)
    if not isinstance(value, bool):
        raise FormError("forms.hint_wrong", position=f"{pointer}/{name}", name=name, expected="true / false")
    return value


def width(hints: Schema, pointer: str) -> int:
    """How many characters wide the box is drawn, 0 for full width."""
    value = hints.get("width", 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_WIDTH:
        raise FormError("forms.hint_wrong", position=f"{pointer}/width", name="width", expected=f"0–{MOST_WIDTH}")
    return value
