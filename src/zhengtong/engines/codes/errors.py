"""How the code engine refuses a number."""

from zhengtong.engines.codes.texts import TEXTS as CODE_TEXTS
from zhengtong.engines.errors import EngineError


class CodeError(EngineError):
    """A number that is not what it claims to be; `position` reads `character 7`, counted from 1.

    Sentences never repeat the number itself: it may be a person's.
    """

    TEXTS = CODE_TEXTS


def at(place: int) -> str:
    """The position of the character with 0-based index `place`."""
    return f"character {place + 1}"
