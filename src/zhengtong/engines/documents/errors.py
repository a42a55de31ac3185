"""How the documents engine refuses facts that no lawful paper can be written from."""

from zhengtong.engines.documents.texts import ERRORS
from zhengtong.engines.errors import EngineError


class DocumentError(EngineError):
    """Facts are missing, of the wrong shape or too long; `position` is a JSON pointer into them."""

    TEXTS = ERRORS
