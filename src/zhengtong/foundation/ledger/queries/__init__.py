"""What can be read of the ledger: timelines, receipts, heads and the whole log's own examination."""

from zhengtong.foundation.ledger.queries.health import Health, health
from zhengtong.foundation.ledger.queries.receipts import (
    NotYetSealed,
    consistency,
    latest_head,
    public_keys,
    receipt,
    verify_receipt,
)
from zhengtong.foundation.ledger.queries.searching import Found, Line, Wanted, heads, search_log
from zhengtong.foundation.ledger.queries.timeline import Entry, instants, timeline
from zhengtong.foundation.ledger.queries.verification import LogFault, LogVerdict, verify_log

__all__ = [
    "Entry",
    "Found",
    "Health",
    "Line",
    "LogFault",
    "LogVerdict",
    "NotYetSealed",
    "Wanted",
    "consistency",
    "heads",
    "health",
    "instants",
    "latest_head",
    "public_keys",
    "receipt",
    "search_log",
    "timeline",
    "verify_log",
    "verify_receipt",
]
