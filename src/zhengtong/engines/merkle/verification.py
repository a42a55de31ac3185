"""Checking of proofs by those who hold nothing but hashes (RFC 9162 §2.1.3.2, §2.1.4.2)."""

from collections.abc import Sequence

from zhengtong.engines.merkle.errors import MerkleError
from zhengtong.engines.merkle.hashing import Hash, check_index, check_size, node_hash, sm3


def check_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes, digest: Hash = sm3
) -> None:
    """MerkleError unless `proof` leads from leaf hash `leaf` at `index` to `root` of `size` leaves."""
    check_index(index, size)
    _check_hashes((leaf, root, *_bounded(proof)), digest)
    inner = (index ^ size - 1).bit_length()  # steps beside complete subtrees; then come the left borders
    expected = inner + (index >> inner).bit_count()
    _check_proof_length(proof, expected)
    total = leaf
    for step, sibling in enumerate(proof):
        on_right = step >= inner or index >> step & 1
        total = node_hash(sibling, total, digest) if on_right else node_hash(total, sibling, digest)
    if total != root:
        raise MerkleError("merkle.root_differs")


def check_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes], digest: Hash = sm3
) -> None:
    """MerkleError unless the tree of `first` ≥ 1 leaves begins that of `second`.

    A first size of nought is refused: everything begins with nothing, so such a proof says nothing.
    """
    check_size(first, 1)
    check_size(second, first)
    _check_hashes((first_root, second_root, *_bounded(proof)), digest)
    if first == second:
        _check_proof_length(proof, 0)
        if first_root != second_root:
            raise MerkleError("merkle.history_differs")
        return
    older, newer = _replay(first, second, first_root, proof, digest)
    if (older, newer) != (first_root, second_root):
        raise MerkleError("merkle.history_differs")


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes, digest: Hash = sm3
) -> bool:
    """Whether `check_inclusion` has nothing to say."""
    try:
        check_inclusion(index, size, leaf, proof, root, digest)
    except MerkleError:
        return False
    return True


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes], digest: Hash = sm3
) -> bool:
    """Whether `check_consistency` has nothing to say."""
    try:
        check_consistency(first, second, first_root, second_root, proof, digest)
    except MerkleError:
        return False
    return True


def _replay(first: int, second: int, first_root: bytes, proof: Sequence[bytes], digest: Hash) -> tuple[bytes, bytes]:
    """Both roots as the proof makes them: RFC 9162 §2.1.4.2 steps 3–7."""
    path = list(proof)
    if first & first - 1 == 0:
        path.insert(0, first_root)
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    if not path:
        raise MerkleError("merkle.proof_length", expected=1, actual=0)
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise MerkleError("merkle.history_differs")
        if node & 1 or node == last:
            older, newer = node_hash(sibling, older, digest), node_hash(sibling, newer, digest)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling, digest)
        node, last = node >> 1, last >> 1
    if last:
        raise MerkleError("merkle.history_differs")
    return older, newer


def _bounded(proof: Sequence[bytes]) -> Sequence[bytes]:
    if len(proof) > 128:
        raise MerkleError("merkle.proof_length", expected="≤ 128", actual=len(proof))
    return proof


def _check_proof_length(proof: Sequence[bytes], expected: int) -> None:
    if len(proof) != expected:
        raise MerkleError("merkle.proof_length", expected=expected, actual=len(proof))


def _check_hashes(hashes: Sequence[bytes], digest: Hash) -> None:
    width = len(digest(b""))
    for place, value in enumerate(hashes):
        if not isinstance(value, bytes) or len(value) != width:
            actual = len(value) if isinstance(value, bytes) else type(value).__name__
            raise MerkleError("merkle.hash_length", position=str(place), expected=width, actual=actual)
