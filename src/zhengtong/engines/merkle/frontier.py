"""The right edge of a growing tree: all that appending needs, a few dozen hashes for any number of leaves."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from zhengtong.engines.merkle.errors import MerkleError
from zhengtong.engines.merkle.hashing import LARGEST, Hash, check_size, node_hash, sm3


class Node(NamedTuple):
    """A complete subtree of 2^level leaves from leaf place · 2^level."""

    level: int
    place: int
    hash: bytes


class Frontier:
    """The complete subtrees whose leaves are all that were appended, largest first (a compact range)."""

    __slots__ = ("_digest", "_peaks", "size")

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = (), digest: Hash = sm3) -> None:
        """An empty frontier, or that of `size` leaves as `peaks` gave it; MerkleError where the two do not fit."""
        check_size(size)
        width = len(digest(b""))
        if len(peaks) != size.bit_count() or any(len(peak) != width for peak in peaks):
            raise MerkleError("merkle.frontier", size=size)
        self.size = size
        self._digest = digest
        self._peaks = list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        """The hashes to store; with `size` they make the frontier again."""
        return tuple(self._peaks)

    def append(self, leaf: bytes) -> Iterator[Node]:
        """Take one leaf hash; yields the nodes it completes, lowest first (consume it: nothing happens before)."""
        check_size(self.size + 1)
        level, index, total = 0, self.size, leaf
        yield Node(level, index, total)
        while index & 1:
            total = node_hash(self._peaks.pop(), total, self._digest)
            level, index = level + 1, index >> 1
            yield Node(level, index, total)
        self._peaks.append(total)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> int:
        """Take many leaf hashes where nobody wants the nodes; answers the new size."""
        peaks, digest, size = self._peaks, self._digest, self.size
        for leaf in leaves:
            index, total = size, leaf
            while index & 1:
                total = digest(b"\x01" + peaks.pop() + total)
                index >>= 1
            peaks.append(total)
            size += 1
        if size > LARGEST:
            raise MerkleError("merkle.size", size=size, least=0)
        self.size = size
        return size

    def root(self) -> bytes:
        """The root of everything appended so far; H of nothing for an empty tree."""
        if not self._peaks:
            return self._digest(b"")
        total = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            total = node_hash(peak, total, self._digest)
        return total
