"""Roots and proofs computed from stored nodes, whatever holds them (RFC 6962 §2.1.1, §2.1.2)."""

from collections.abc import Callable, Sequence

from zhengtong.engines.merkle.hashing import Hash, check_index, check_size, node_hash, sm3

ReadNode = Callable[[int, int], bytes]
"""(level, index) → hash of the complete subtree of 2^level leaves that begins at leaf index · 2^level."""


def root(leaves: Sequence[bytes], digest: Hash = sm3) -> bytes:
    """MTH of leaf hashes in order; H of nothing for none."""
    return range_hash(0, len(leaves), reader(leaves, digest), digest) if leaves else digest(b"")


def reader(leaves: Sequence[bytes], digest: Hash = sm3) -> ReadNode:
    """Reads the nodes of a tree from its leaf hashes alone, remembering what it computed."""
    known: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        place = (level, index)
        if place not in known:
            known[place] = node_hash(read(level - 1, 2 * index), read(level - 1, 2 * index + 1), digest)
        return known[place]

    return read


def range_hash(start: int, count: int, read: ReadNode, digest: Hash = sm3) -> bytes:
    """MTH of `count` ≥ 1 leaves from `start`, which must be aligned to the largest power of two in `count`."""
    pieces = []
    while count:
        level = count.bit_length() - 1
        pieces.append(read(level, start >> level))
        start, count = start + (1 << level), count - (1 << level)
    total = pieces.pop()
    while pieces:
        total = node_hash(pieces.pop(), total, digest)
    return total


def inclusion_proof(index: int, size: int, read: ReadNode, digest: Hash = sm3) -> tuple[bytes, ...]:
    """PATH(index, D[size]): the hashes that lead from leaf `index` to the root of `size` leaves, leaf's side first."""
    check_index(index, size)
    path, start, count = [], 0, size
    while count > 1:
        left = _left(count)
        if index - start < left:
            path.append(range_hash(start + left, count - left, read, digest))
            count = left
        else:
            path.append(range_hash(start, left, read, digest))
            start, count = start + left, count - left
    return tuple(reversed(path))


def consistency_proof(first: int, second: int, read: ReadNode, digest: Hash = sm3) -> tuple[bytes, ...]:
    """PROOF(first, D[second]): that the tree of `first` leaves is the beginning of that of `second`; 1 ≤ first."""
    check_size(first, 1)
    check_size(second, first)
    path, start, count, whole = [], 0, second, True
    while first != count:
        left = _left(count)
        if first <= left:
            path.append(range_hash(start + left, count - left, read, digest))
            count = left
        else:
            path.append(range_hash(start, left, read, digest))
            start, count, first, whole = start + left, count - left, first - left, False
    if not whole:
        path.append(range_hash(start, count, read, digest))
    return tuple(reversed(path))


def _left(count: int) -> int:
    """The largest power of two smaller than `count` ≥ 2."""
    return 1 << (count - 1).bit_length() - 1
