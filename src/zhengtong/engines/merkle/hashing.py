"""The two hashes of the tree, kept apart by a prefix so that no node passes for a leaf (RFC 6962 §2.1)."""

from collections.abc import Callable

from zhengtong.engines.merkle.errors import MerkleError
from zhengtong.engines.seals import sm3

Hash = Callable[[bytes], bytes]
LARGEST = 1 << 63

__all__ = ["LARGEST", "Hash", "check_index", "check_size", "leaf_hash", "node_hash", "sm3"]


def leaf_hash(entry: bytes, digest: Hash = sm3) -> bytes:
    """The hash of an entry: H(0x00 ‖ entry)."""
    return digest(b"\x00" + entry)


def node_hash(left: bytes, right: bytes, digest: Hash = sm3) -> bytes:
    """The hash of an inner node: H(0x01 ‖ left ‖ right)."""
    return digest(b"\x01" + left + right)


def check_size(size: int, least: int = 0) -> None:
    """MerkleError unless `size` is an integer from `least` to 2⁶³."""
    if type(size) is not int or not least <= size <= LARGEST:
        raise MerkleError("merkle.size", size=_short(size), least=least)


def check_index(index: int, size: int) -> None:
    """MerkleError unless leaf `index` lies in a tree of `size`."""
    check_size(size, 1)
    if type(index) is not int or not 0 <= index < size:
        raise MerkleError("merkle.index", index=_short(index), size=size)


def _short(number: object) -> str:
    if isinstance(number, int) and number.bit_length() > 128:
        return f"≈2^{number.bit_length()}"  # the decimal digits of a huge number cost more than the check
    return repr(number)[:40]
