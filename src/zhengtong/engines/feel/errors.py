"""How FEEL refuses an expression."""

from collections.abc import Mapping
from typing import ClassVar

from zhengtong.engines.errors import EngineError
from zhengtong.engines.feel.running import NOWHERE, Place
from zhengtong.engines.feel.texts import TEXTS


class FeelError(EngineError):
    """A text that cannot be compiled.

    `offset` counts characters from 0, `line` and `column` from 1; `position` says the same in words: `character N`,
    or `line L, column C` where the text has several lines; it is None where there is no text.
    """

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = TEXTS

    def __init__(self, code: str, place: Place, **params: object) -> None:
        self.offset = place.offset
        self.line, self.column = place.line_and_column
        several = "\n" in place.text
        position = f"line {self.line}, column {self.column}" if several else f"character {place.offset + 1}"
        super().__init__(code, position=None if place is NOWHERE else position, **params)
