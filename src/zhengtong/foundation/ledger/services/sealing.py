"""The sealer: gives events their leaf numbers without a gap, grows the tree and signs its head."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from zhengtong.engines.merkle import Frontier, Node, leaf_hash
from zhengtong.engines.seals import hmac_sm3, signing_nonce, sm2_generate, sm2_sign
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.statements import Update
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger.events import head_text, house_mac
from zhengtong.foundation.ledger.models import Event, LogState, SigningKey, Tile, TreeHead
from zhengtong.foundation.ledger.queries.tree import HASH, SPAN, WIDTH, read_tiles, tile_id

BATCH = 200  # keeps the sealer's transaction near ten milliseconds
_ROUNDS = 100  # then others get their turn, however fast events come


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one round sealed: how many events, how many were held back as not ours, the size of the tree now."""

    sealed: int
    held: int
    size: int


def seal_pending(limit: int = BATCH) -> Sealed:
    """Seal up to `limit` waiting events in one transaction, in the order in which the sealer sees them committed.

    An event whose house mark is wrong was not written by this house: it is held back for people to look at.
    """
    return write(lambda: _seal(limit))


def seal_all(limit: int = BATCH) -> Sealed:
    """Seal round after round until nothing waits (or a hundred rounds are done)."""
    total = Sealed(0, 0, 0)
    for _round in range(_ROUNDS):
        done = seal_pending(limit)
        total = Sealed(total.sealed + done.sealed, total.held + done.held, done.size)
        if done.sealed + done.held < limit:
            break
    return total


def _seal(limit: int) -> Sealed:
    state = _state()
    waiting = Event.objects.filter(leaf_index=None, held=False).order_by("id")
    rows = [(key, bytes(text), bytes(mac)) for key, text, mac in waiting.values_list("id", "envelope", "mac")[:limit]]
    ours = [(key, text) for key, text, mac in rows if secrets.compare_digest(mac, house_mac(text))]
    strange = {key for key, _text, _mac in rows} - {key for key, _text in ours}
    if strange:
        Event.objects.filter(id__in=strange).update(held=True)
    if ours:
        _grow(state, ours)
    return Sealed(len(ours), len(strange), state.size)


def _state() -> LogState:
    """The one row, locked: a second sealer waits here."""
    LogState.objects.bulk_create([LogState(id=1, size=0, peaks=b"")], ignore_conflicts=True)
    return LogState.objects.select_for_update().get(id=1)


def _grow(state: LogState, entries: Sequence[tuple[int, bytes]]) -> None:
    peaks = bytes(state.peaks)
    frontier = Frontier(state.size, [peaks[at : at + HASH] for at in range(0, len(peaks), HASH)])
    nodes: list[Node] = []
    for event_id, text in entries:
        leaf = leaf_hash(text)
        _place.one((frontier.size, leaf), (event_id,))
        nodes.extend(node for node in frontier.append(leaf) if node.level % SPAN == 0)
    _write_tiles(nodes)
    state.size, state.peaks = frontier.size, b"".join(frontier.peaks)
    state.save(update_fields=["size", "peaks"])
    _sign_head(frontier)


def _write_tiles(nodes: Sequence[Node]) -> None:
    """Put nodes behind those that their tiles hold already."""
    places = [(tile_id(node.level, node.place // WIDTH), node) for node in nodes]
    tiles = {key: bytearray() for key, _node in places}
    tiles |= {key: bytearray(hashes) for key, hashes in read_tiles(tiles).items()}
    for key, node in places:
        assert len(tiles[key]) == node.place % WIDTH * HASH, "a tile grows at its end only"
        tiles[key] += node.hash
    Tile.objects.bulk_create(
        [Tile(id=key, hashes=bytes(hashes)) for key, hashes in tiles.items()],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["hashes"],
    )


def _sign_head(frontier: Frontier) -> None:
    key = SigningKey.objects.order_by("-version").first() or new_signing_key()
    now, root = clock.now(), frontier.root()
    text = head_text(frontier.size, root, now, bytes(key.public))
    private = bytes.fromhex(key.private)
    nonce = signing_nonce(hmac_sm3, private, text, secrets.token_bytes(40))
    TreeHead.objects.create(
        size=frontier.size,
        root=root,
        recorded_at=now,
        text=text.decode(),
        signature=sm2_sign(private, text, nonce=nonce),
        key=key,
    )


def new_signing_key() -> SigningKey:
    """One more key pair for heads, which the next head is signed with."""
    newest = SigningKey.objects.order_by("-version").values_list("version", flat=True).first() or 0
    private, public = sm2_generate(secrets.token_bytes(48))
    return SigningKey.objects.create(version=newest + 1, public=public, private=private.hex(), created_at=clock.now())


_place = Update(Event, set=("leaf_index", "leaf_hash"), where=("id",))
