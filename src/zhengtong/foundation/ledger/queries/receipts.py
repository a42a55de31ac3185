"""Receipts and heads: what somebody takes home to prove later that nothing was back-dated or removed."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.merkle import Verdict, consistency_proof, inclusion_proof
from zhengtong.engines.merkle import verify_receipt as verify_anywhere
from zhengtong.engines.merkle.receipts import FORMAT
from zhengtong.foundation.core.errors import NotFound, Unavailable
from zhengtong.foundation.ledger.models import Event, SigningKey, TreeHead
from zhengtong.foundation.ledger.queries.contents import open_content, unwrap_key
from zhengtong.foundation.ledger.queries.tree import Nodes


class NotYetSealed(Unavailable):
    """The event is recorded but not sealed yet; that is a matter of a second or two."""


def receipt(event_id: int, *, with_content: bool = False) -> Mapping[str, object]:
    """The receipt of a sealed event under the newest head, ready for JSON (docs/reference/ledger.md).

    `with_content` discloses what happened, for those who may read it; destroyed content is left out. Raises
    NotFound, or NotYetSealed within the first seconds.
    """
    event = Event.objects.select_related("payload__key").filter(id=event_id).first()
    if event is None:
        raise NotFound("ledger.no_event", _("There is no such event"))
    head = _newest_head()
    if event.leaf_index is None or head is None or event.leaf_index >= head.size:
        raise NotYetSealed("ledger.not_sealed", _("The event is about to be sealed. Please try again in a moment."))
    proof = inclusion_proof(event.leaf_index, head.size, Nodes())
    disclosed = _disclosed(event) if with_content else {}
    return {
        "format": FORMAT,
        "envelope": bytes(event.envelope).decode(),
        "leaf_index": event.leaf_index,
        "inclusion": [item.hex() for item in proof],
        **_signed(head),
        **disclosed,
    }


def verify_receipt(receipt: Mapping[str, object]) -> Verdict:
    """Check a receipt against the keys with which this house signs; never raises for what it holds."""
    return verify_anywhere(receipt, trusted_keys=public_keys())


def public_keys() -> tuple[str, ...]:
    """The public keys of heads in hex, x‖y, oldest first: to be published."""
    return tuple(
        bytes(public).hex() for public in SigningKey.objects.order_by("version").values_list("public", flat=True)
    )


def latest_head() -> Mapping[str, object] | None:
    """The newest signed head (`head`, `signature`, `public_key`), None before the first event is sealed."""
    head = _newest_head()
    return _signed(head) if head else None


def consistency(first: int) -> Mapping[str, object]:
    """Proof that the log of `first` ≥ 1 entries begins the log of the newest head; NotFound for a size not reached."""
    head = _newest_head()
    if head is None or not 1 <= first <= head.size:
        raise NotFound("ledger.no_size", _("The log never had that size"))
    proof = consistency_proof(first, head.size, Nodes())
    return {"first": first, "proof": [item.hex() for item in proof], **_signed(head)}


def _newest_head() -> TreeHead | None:
    return TreeHead.objects.select_related("key").order_by("-size").first()


def _signed(head: TreeHead) -> dict[str, object]:
    return {
        "head": head.text,
        "signature": bytes(head.signature).hex(),
        "public_key": bytes(head.key.public).hex(),
    }


def _disclosed(event: Event) -> dict[str, object]:
    held = event.payload
    if not held.key.wrapped:
        return {}
    key = unwrap_key(held.key.wrapped, (event.subject_kind, event.subject_id))
    content = open_content(key, event.id, held.closed)
    return {"content": content.text.decode(), "salt": content.salt.hex()}
