"""Nodes of the sealed tree, read from its tiles."""

from collections.abc import Iterable

from zhengtong.engines.merkle import reader
from zhengtong.foundation.ledger.models import Tile

HASH = 32
SPAN = 8  # levels a tile covers
WIDTH = 1 << SPAN


def tile_id(level: int, tile: int) -> int:
    """The primary key of the `tile`-th tile of `level` (a multiple of 8)."""
    return level << 56 | tile


def read_tiles(ids: Iterable[int]) -> dict[int, bytes]:
    """The hashes of tiles by id, those that exist."""
    return {key: bytes(hashes) for key, hashes in Tile.objects.filter(id__in=ids).values_list("id", "hashes")}


class Nodes:
    """Answers (level, index) → hash for complete subtrees; reads each tile once."""

    def __init__(self) -> None:
        self._tiles: dict[int, bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The node's hash; LookupError where the tree has no such complete node."""
        base = level - level % SPAN
        depth = level - base
        tile, first = divmod(index << depth, WIDTH)
        hashes = self._tile(tile_id(base, tile))
        entries = [hashes[at * HASH : at * HASH + HASH] for at in range(first, first + (1 << depth))]
        if len(entries[-1]) != HASH:
            raise LookupError(f"no node {index} at level {level}")
        return reader(entries)(depth, 0)

    def _tile(self, key: int) -> bytes:
        if key not in self._tiles:
            self._tiles |= {key: b""} | read_tiles([key])
        return self._tiles[key]
