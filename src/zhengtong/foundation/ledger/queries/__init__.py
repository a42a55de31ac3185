"""What can be read of the ledger: timelines, receipts, heads and the whole log's own examination."""

from zhengtong.foundation.ledger.queries.health import (
    Outbox,
    held_back,
    newest_key_opens,
    oldest_unsealed,
    outbox,
    sealed_size,
)
from zhengtong.foundation.ledger.queries.receipts import (
    NotYetSealed,
    consistency,
    latest_head,
    public_keys,
    receipt,
    verify_receipt,
)
from zhengtong.foundation.ledger.queries.searching import Found, Line, Wanted, heads, search_log
from zhengtong.foundation.ledger.queries.timeline import Entry, instants, timeline, timelines
from zhengtong.foundation.ledger.queries.verification import LogFault, LogVerdict, verify_log

__all__ = [
    "Entry",
    "Found",
    "Line",
    "LogFault",
    "LogVerdict",
    "NotYetSealed",
    "Outbox",
    "Wanted",
    "consistency",
    "heads",
    "held_back",
    "instants",
    "latest_head",
    "newest_key_opens",
    "oldest_unsealed",
    "outbox",
    "public_keys",
    "receipt",
    "sealed_size",
    "search_log",
    "timeline",
    "timelines",
    "verify_log",
    "verify_receipt",
]
