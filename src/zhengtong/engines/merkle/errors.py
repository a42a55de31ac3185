"""How the merkle engine refuses input."""

from zhengtong.engines.errors import EngineError
from zhengtong.engines.merkle.texts import TEXTS


class MerkleError(EngineError):
    """A size, index, hash or proof that cannot be, or a proof that does not hold."""

    TEXTS = TEXTS
