"""How the forms engine refuses a form that is badly written, or answers that are no answers at all."""

from collections.abc import Mapping
from typing import ClassVar

from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms.texts import TEXTS


class FormError(EngineError):
    """A form that cannot be used; `position` is a JSON pointer into its schema."""

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = TEXTS


class AnswersError(EngineError):
    """Answers past every bound (size, depth, kind); `position` is a JSON pointer into them."""

    TEXTS: ClassVar[Mapping[str, Mapping[str, str]]] = TEXTS
