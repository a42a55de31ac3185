"""How FEEL refuses an expression."""

from collections.abc import Mapping
from typing import ClassVar

from zhengtong.engines.errors import EngineError
from zhengtong.engines.feel.texts import TEXTS


class FeelError(EngineError):
    """An expression that cannot be compiled; `position` is `character N`, counted from 1."""

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = TEXTS
