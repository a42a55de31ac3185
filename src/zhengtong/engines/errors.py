"""The one shape in which every engine refuses input: a stable code, a position and a sentence in two languages."""

from collections.abc import Mapping
from typing import ClassVar

DEFAULT_LOCALE = "zh-hans"
LOCALES = ("zh-hans", "en")
# Names keep their capital wherever they stand; so does whatever has a second one (PDF, ID, WeChat).
CAPITALISED = frozenset({"I", "China", "Chinese", "English", "Beijing", "Hong", "Macao", "Taiwan", "Alipay"})


class EngineError(ValueError):
    """A refusal of input.

    `code` is stable and dotted (`codes.check_digit`); `position` says where in the input (a JSON pointer,
    `line 3, column 7`, an element id), or is None where the input has no inside; `params` fill the sentence.
    Each engine subclasses this with its own `TEXTS`: code → locale → sentence with `{named}` places.
    """

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    def __init__(self, code: str, *, position: str | None = None, **params: object) -> None:
        self.code = code
        self.position = position
        self.params = params
        super().__init__(self.text("en"))

    def text(self, locale: str = DEFAULT_LOCALE) -> str:
        """The sentence that says what to do, in `locale` (`zh-hans` or `en`)."""
        return say(self.TEXTS, self.code, locale, self.params)


def say(texts: Mapping[str, Mapping[str, str]], code: str, locale: str, params: Mapping[str, object]) -> str:
    """Fill the sentence of `code` in `locale`; a code without a sentence shows as itself, so tests can see it."""
    sentence = texts.get(code, {}).get(normal_locale(locale), code)
    return sentence.format_map(params) if params else sentence


def within(words: str, locale: str) -> str:
    """A label as it reads inside a sentence: in English without the capital that it has standing alone."""
    first = words.partition(" ")[0]
    kept = first in CAPITALISED or any(letter.isupper() for letter in first[1:])
    return words if kept or normal_locale(locale) != "en" else words[:1].lower() + words[1:]


def normal_locale(locale: str) -> str:
    """The nearest locale the engines speak: `zh`, `zh-CN` and unknown tags are Chinese, `en-GB` is English."""
    return "en" if locale.lower().startswith("en") else DEFAULT_LOCALE
