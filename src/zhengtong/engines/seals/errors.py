"""How the seals engine refuses input."""

from zhengtong.engines.errors import EngineError
from zhengtong.engines.seals.texts import TEXTS


class SealError(EngineError):
    """A key, nonce, ciphertext or signature of a wrong form, or a ciphertext that does not verify."""

    TEXTS = TEXTS
