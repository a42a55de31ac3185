"""Opening what is hidden: subject keys as they are wrapped, contents as they are closed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from zhengtong.engines.seals import Gcm, SealError, sm4_gcm
from zhengtong.foundation.core.keys import CannotOpen, seal, unseal
from zhengtong.foundation.ledger.events import canonical
from zhengtong.foundation.ledger.registry import Subject

_PURPOSE = "ledger:subject-key"
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 16


@dataclass(frozen=True, slots=True)
class Content:
    """The hidden part of an event: `text` is exactly what the envelope commits to, together with `salt`."""

    salt: bytes
    text: bytes

    def read(self) -> tuple[str, Mapping[str, object], str]:
        """The actor's name, the payload, and the reason in full (empty for none)."""
        parsed = json.loads(self.text)
        return parsed["actor"]["name"], parsed["data"], parsed.get("reason", "")


def content_text(actor_name: str, actor_kind: str, data: Mapping[str, object], reason: str = "") -> bytes:
    """The canonical text of a content."""
    told: dict[str, object] = {"actor": {"kind": actor_kind, "name": actor_name}, "data": data}
    if reason:
        told["reason"] = reason
    return canonical(told)


def wrap_key(key: bytes, subject: Subject) -> str:
    """A subject's key closed under the master key, bound to its subject."""
    return seal(_PURPOSE, key, aad=_binding(subject))


def unwrap_key(wrapped: str, subject: Subject) -> Gcm:
    """The key of `wrap_key`, ready for use; CannotOpen where it was altered or given to another subject."""
    return sm4_gcm(unseal(_PURPOSE, wrapped, aad=_binding(subject)))


def close_content(key: Gcm, event_id: int, content: Content, nonce: bytes) -> bytes:
    """nonce ‖ SM4-GCM(salt ‖ text), bound to its event."""
    return nonce + key.seal(content.salt + content.text, nonce=nonce, aad=event_id.to_bytes(8, "big"))


def open_content(key: Gcm, event_id: int, closed: bytes | memoryview) -> Content:
    """What `close_content` closed; CannotOpen where it was altered or moved to another event."""
    raw = bytes(closed)
    try:
        plain = key.open(raw[NONCE_BYTES:], nonce=raw[:NONCE_BYTES], aad=event_id.to_bytes(8, "big"))
    except SealError:
        raise CannotOpen(f"content of event {event_id}") from None
    return Content(plain[:SALT_BYTES], plain[SALT_BYTES:])


def _binding(subject: Subject) -> bytes:
    return f"{subject[0]}:{subject[1]}".encode()
