"""The whole log examined: every event recomputed and held against tree, heads, columns and time."""

import datetime as dt
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from zhengtong.engines.merkle import Frontier, leaf_hash
from zhengtong.engines.seals import SealError, sm2_verify
from zhengtong.foundation.core.keys import CannotOpen
from zhengtong.foundation.ledger.events import commitment, head_text, house_mac, instant_text, token
from zhengtong.foundation.ledger.models import Event, LogState, Tile, TreeHead
from zhengtong.foundation.ledger.queries.contents import open_content, unwrap_key
from zhengtong.foundation.ledger.queries.tree import HASH, WIDTH, tile_id

CLOCK_LEEWAY = dt.timedelta(minutes=10)  # clocks of several machines, and transactions open across a head
MOST_FAULTS = 200
Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class LogFault:
    """One thing wrong; `code` is named in choices.LOG_FAULTS, `leaf_index` or `event_id` say where if they can."""

    code: str
    leaf_index: int | None = None
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class LogVerdict:
    """The outcome: how many events were read, how many contents were opened, and the first 200 faults."""

    size: int
    events: int
    contents: int
    faults: tuple[LogFault, ...]

    @property
    def valid(self) -> bool:
        return not self.faults


def verify_log(
    *, trusted_heads: Iterable[Mapping[str, object]] = (), contents: bool = True, progress: Progress | None = None
) -> LogVerdict:
    """Recompute everything and report what does not fit: removed, altered, exchanged and back-dated events.

    `trusted_heads` are `{"size": …, "root": hex}` kept outside (from receipts, from a printed head): only they
    show a log that somebody with the signing key wrote anew. `contents` opens every content that still can be
    and holds it against its commitment. `progress(done, all)` is called now and then. Cost: linear in the log.
    """
    examination = _Examination({_size(head): str(head["root"]) for head in trusted_heads})
    examination.read_sealed(contents=contents, progress=progress)
    examination.finish()
    examination.read_unsealed(contents=contents)
    return LogVerdict(
        examination.frontier.size, examination.events, examination.contents, tuple(examination.faults[:MOST_FAULTS])
    )


def _size(head: Mapping[str, object]) -> int:
    return int(str(head["size"]))


@dataclass
class _Examination:
    trusted: dict[int, str]
    frontier: Frontier = field(default_factory=Frontier)
    faults: list[LogFault] = field(default_factory=list)
    events: int = 0
    contents: int = 0
    row_of_tile: bytes = b""
    last_head_at: dt.datetime | None = None

    def find(self, code: str, leaf_index: int | None = None, event_id: int | None = None) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(LogFault(code, leaf_index, event_id))

    def read_sealed(self, *, contents: bool, progress: Progress | None) -> None:
        heads = _heads()
        head = next(heads, None)
        total = LogState.objects.filter(id=1).values_list("size", flat=True).first() or 0
        for event in _events(Event.objects.filter(leaf_index__isnull=False).order_by("leaf_index"), contents=contents):
            index = event.leaf_index
            assert index is not None, "the filter asks for sealed events"
            while self.frontier.size < index and self.frontier.size < total:
                self.find("removed", self.frontier.size)
                self.append(self.stored_leaf(self.frontier.size))  # go on, so that later faults are told apart
                head = self.pass_heads(head, heads)
            if self.frontier.size != index:
                self.find("out_of_place", index, event.id)
                continue
            self.read(event, head)
            if contents:
                self.check_content(event)
            head = self.pass_heads(head, heads)
            if progress and index % 1000 == 0:
                progress(index, total)
        while self.frontier.size < total:
            self.find("removed", self.frontier.size)
            self.append(self.stored_leaf(self.frontier.size))
            head = self.pass_heads(head, heads)
        if head is not None:
            self.find("head_ahead", head.size)

    def read(self, event: Event, head: TreeHead | None) -> None:
        """One sealed event: its own marks, its place in the stored tree, its time between two heads."""
        index, leaf = event.leaf_index, leaf_hash(bytes(event.envelope))
        self.check_event(event)
        assert index is not None, "only sealed events are read here"
        if leaf != event.leaf_hash or leaf != self.stored_leaf(index):
            self.find("altered", index, event.id)
        if self.last_head_at and event.recorded_at < self.last_head_at - CLOCK_LEEWAY:
            self.find("back_dated", index, event.id)
        if head and event.recorded_at > head.recorded_at + CLOCK_LEEWAY:
            self.find("dated_ahead", index, event.id)
        self.append(leaf)

    def append(self, leaf: bytes) -> None:
        self.frontier.extend([leaf])
        trusted = self.trusted.pop(self.frontier.size, None)
        if trusted is not None and trusted != self.frontier.root().hex():
            self.find("trusted_head_differs", self.frontier.size - 1)

    def pass_heads(self, head: TreeHead | None, heads: Iterator[TreeHead]) -> TreeHead | None:
        """The next head yet to be reached; the one just reached is checked."""
        if head is None or head.size > self.frontier.size:
            return head
        public = bytes(head.key.public)
        text = head_text(head.size, bytes(head.root), head.recorded_at, public)
        if bytes(head.root) != self.frontier.root():
            self.find("head_differs", head.size - 1)
        if text.decode() != head.text or not _signed(public, text, bytes(head.signature)):
            self.find("head_forged", head.size - 1)
        if self.last_head_at and head.recorded_at < self.last_head_at - CLOCK_LEEWAY:
            self.find("back_dated", head.size - 1)
        self.last_head_at = head.recorded_at
        return next(heads, None)

    def check_event(self, event: Event) -> None:
        self.events += 1
        envelope = bytes(event.envelope)
        if not secrets.compare_digest(bytes(event.mac), house_mac(envelope)):
            self.find("forged", event.leaf_index, event.id)
        if not _columns_agree(event, envelope):
            self.find("columns_differ", event.leaf_index, event.id)

    def check_content(self, event: Event) -> None:
        held = getattr(event, "payload", None)
        if held is None:
            self.find("content_removed", event.leaf_index, event.id)
        elif held.key.wrapped:
            self.contents += 1
            try:
                key = unwrap_key(held.key.wrapped, (event.subject_kind, event.subject_id))
                content = open_content(key, event.id, held.closed)
                fits = commitment(content.salt, content.text) == json.loads(bytes(event.envelope))["commitment"]
            except (CannotOpen, ValueError, LookupError, TypeError):
                fits = False
            if not fits:
                self.find("content_altered", event.leaf_index, event.id)

    def stored_leaf(self, index: int) -> bytes:
        tile, place = divmod(index, WIDTH)
        if place == 0 or not self.row_of_tile:
            found = Tile.objects.filter(id=tile_id(0, tile)).values_list("hashes", flat=True).first()
            self.row_of_tile = bytes(found or b"")
        return self.row_of_tile[place * HASH : place * HASH + HASH].ljust(HASH, b"\0")

    def finish(self) -> None:
        state = LogState.objects.filter(id=1).first()
        size, peaks = (state.size, bytes(state.peaks)) if state else (0, b"")
        if (size, peaks) != (self.frontier.size, b"".join(self.frontier.peaks)):
            self.find("tree_differs", self.frontier.size)
        newest = TreeHead.objects.order_by("-size").values_list("size", flat=True).first() or 0
        if newest != self.frontier.size:
            self.find("head_missing", self.frontier.size)
        for size in self.trusted:
            self.find("trusted_head_beyond", size)

    def read_unsealed(self, *, contents: bool) -> None:
        for event in _events(Event.objects.filter(leaf_index=None).order_by("id"), contents=contents):
            self.check_event(event)
            if contents:
                self.check_content(event)


def _signed(public: bytes, text: bytes, signature: bytes) -> bool:
    try:
        return sm2_verify(public, text, signature)
    except SealError:
        return False


def _heads() -> Iterator[TreeHead]:
    return TreeHead.objects.select_related("key").order_by("size").iterator(chunk_size=500)


def _events(rows: QuerySet[Event], *, contents: bool) -> Iterator[Event]:
    return (rows.select_related("payload__key") if contents else rows).iterator(chunk_size=500)


def _columns_agree(event: Event, envelope: bytes) -> bool:
    """Whether the columns say what the envelope says."""
    try:
        told = json.loads(envelope)
        who = told["actor"].get("account")
        sealed = (told["type"], told["recorded_at"], told["effective_at"], told["effective_reason"], told["imported"])
        about = (told["subject"]["kind"], told["subject"]["token"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return False
    times = (instant_text(event.recorded_at), instant_text(event.effective_at))
    return (
        sealed == (event.type, *times, event.effective_reason, event.imported)
        and about == (event.subject_kind, token(event.subject_kind, event.subject_id))
        and who == (None if event.actor_id is None else token("account", event.actor_id))
    )
