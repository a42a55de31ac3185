"""Verbs of the ledger: record what happened, seal it, bring it to those who want to hear, destroy content."""

from zhengtong.foundation.ledger.registry import Delivery, subscribe
from zhengtong.foundation.ledger.services.delivery import (
    Delivered,
    deliver_outbox,
    retry_abandoned,
    sweep_outbox,
)
from zhengtong.foundation.ledger.services.erasure import destroy_content
from zhengtong.foundation.ledger.services.recording import (
    Chapter,
    FreshKey,
    ask_keys,
    fresh_key,
    importing,
    is_importing,
    record,
    record_refusal,
)
from zhengtong.foundation.ledger.services.rotation import rotate_master_key, rotate_signing_key
from zhengtong.foundation.ledger.services.sealing import Sealed, seal_all, seal_pending

__all__ = [
    "Chapter",
    "FreshKey",
    "fresh_key",
    "Delivered",
    "Delivery",
    "Sealed",
    "ask_keys",
    "deliver_outbox",
    "destroy_content",
    "importing",
    "is_importing",
    "record",
    "record_refusal",
    "retry_abandoned",
    "rotate_master_key",
    "rotate_signing_key",
    "seal_all",
    "seal_pending",
    "subscribe",
    "sweep_outbox",
]
