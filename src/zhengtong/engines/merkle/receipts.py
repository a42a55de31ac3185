"""Checking of a receipt taken home: an entry, its place in the log and the head somebody signed over it.

A receipt is a JSON object (`docs/reference/ledger.md` says how to check one with nothing of ours at hand):
`format`, `envelope` (the entry's exact text), `leaf_index`, `inclusion` (hex hashes), `head` (the exact text that
was signed), `signature` (hex r‖s), `public_key` (hex x‖y), and where content was disclosed `content` and `salt`.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from zhengtong.engines.errors import DEFAULT_LOCALE
from zhengtong.engines.merkle.errors import MerkleError
from zhengtong.engines.merkle.hashing import leaf_hash, sm3
from zhengtong.engines.merkle.verification import check_inclusion
from zhengtong.engines.seals import SealError, sm2_verify

FORMAT = "zhengtong-receipt/1"
_LONGEST = 1 << 20


@dataclass(frozen=True)
class Verdict:
    """What was found: `valid` with no faults, or each fault; `envelope` and `head` as read, empty where unreadable.

    `content_checked` says whether the receipt disclosed its content and this was held against the commitment.
    """

    faults: tuple[MerkleError, ...]
    envelope: Mapping[str, object]
    head: Mapping[str, object]
    content_checked: bool = False

    @property
    def valid(self) -> bool:
        return not self.faults

    def texts(self, locale: str = DEFAULT_LOCALE) -> tuple[str, ...]:
        """What to tell the reader, one sentence a fault."""
        return tuple(fault.text(locale) for fault in self.faults)


def verify_receipt(receipt: Mapping[str, object], *, trusted_keys: Collection[str] | None = None) -> Verdict:
    """Check a receipt with nothing else at hand; never raises for what the receipt holds.

    `trusted_keys` are public keys in hex as published; without them the receipt's own key is believed, which
    proves that the receipt hangs together but not who issued it.
    """
    try:
        parts = _Parts(receipt)
    except MerkleError as fault:
        return Verdict((fault,), {}, {})
    faults = []
    for check in (
        partial(parts.check_key, trusted_keys),
        parts.check_signature,
        parts.check_inclusion,
        parts.check_content,
    ):
        try:
            check()
        except MerkleError as fault:
            faults.append(fault)
    return Verdict(tuple(faults), parts.envelope, parts.head, parts.content is not None)


class _Parts:
    """The receipt taken apart, each piece of the right type."""

    def __init__(self, receipt: Mapping[str, object]) -> None:
        if not isinstance(receipt, Mapping):
            raise MerkleError("merkle.receipt_form", what="receipt")
        if receipt.get("format") != FORMAT:
            raise MerkleError("merkle.receipt_version", position="/format")
        self.receipt = receipt
        self.entry = self.text("envelope").encode("utf-8", "surrogatepass")
        self.signed = self.text("head").encode("utf-8", "surrogatepass")
        self.envelope = _json_object(self.entry, "envelope")
        self.head = _json_object(self.signed, "head")
        self.size, self.root = self.head.get("size"), _hex(self.head.get("root"), "head/root")
        self.leaf_index = receipt.get("leaf_index")
        self.signature, self.key = self.bytes("signature"), self.bytes("public_key")
        proof = receipt.get("inclusion")
        if not isinstance(proof, list) or len(proof) > 128:
            raise MerkleError("merkle.receipt_form", position="/inclusion", what="inclusion")
        self.proof = [_hex(item, "inclusion") for item in proof]
        self.content = self.text("content").encode("utf-8", "surrogatepass") if "content" in receipt else None

    def text(self, name: str) -> str:
        value = self.receipt.get(name)
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise MerkleError("merkle.receipt_form", position=f"/{name}", what=name)
        return value

    def bytes(self, name: str) -> bytes:
        return _hex(self.receipt.get(name), name)

    def check_key(self, trusted: Collection[str] | None) -> None:
        if trusted is not None and self.key.hex() not in {key.lower() for key in trusted}:
            raise MerkleError("merkle.untrusted_key", position="/public_key")

    def check_signature(self) -> None:
        try:
            signed = len(self.signature) == 64 and sm2_verify(self.key, self.signed, self.signature)
        except SealError:
            signed = False
        if not signed:
            raise MerkleError("merkle.head_signature", position="/signature")

    def check_inclusion(self) -> None:
        if not isinstance(self.leaf_index, int) or not isinstance(self.size, int):
            raise MerkleError("merkle.receipt_form", position="/leaf_index", what="leaf_index")
        check_inclusion(self.leaf_index, self.size, leaf_hash(self.entry), self.proof, self.root)

    def check_content(self) -> None:
        if self.content is None:
            return
        if sm3(self.bytes("salt") + self.content).hex() != self.envelope.get("commitment"):
            raise MerkleError("merkle.commitment", position="/content")


def _hex(value: object, name: str) -> bytes:
    try:
        if isinstance(value, str) and value.isascii() and len(value) <= 256:
            return bytes.fromhex(value)
    except ValueError:
        pass
    raise MerkleError("merkle.receipt_form", position=f"/{name}", what=name)


def _json_object(text: bytes, name: str) -> Mapping[str, object]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise MerkleError("merkle.receipt_form", position=f"/{name}", what=name)
    return value
