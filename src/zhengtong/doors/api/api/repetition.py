"""One act for one Idempotency-Key: a repeated request is answered as the first was, without acting again."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Status

from zhengtong.doors.api.api.callers import actor_of
from zhengtong.doors.api.api.problems import Unreadable
from zhengtong.foundation.core.idempotency import KEY_LIMIT, Reply, idempotent
from zhengtong.foundation.core.keys import seal, unseal

HEADER = "Idempotency-Key"
_PURPOSE = "api:reply"
KEYED: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": "^[!-~]+$"},
            "description": "Chosen by the program, new for each act. The same key with the same body answers again "
            "what was answered first, for a day; with another body it is refused (idempotency.mismatch).",
        }
    ]
}
"""For `openapi_extra` of every endpoint that acts."""

Body = Mapping[str, Any]


def once(
    request: HttpRequest,
    status: int,
    act: Callable[[], Body],
    *,
    secret: Collection[str] = (),
    digest: str = "",
) -> Status[dict[str, Any]]:
    """Run `act` within one write with the memory of its answer, a small JSON object; answer it with `status`.

    What `secret` names is kept sealed. `digest` stands for the body where it was not read whole (uploads). Raises
    what the act raises (nothing is remembered then), Conflict `idempotency.mismatch`, Unreadable without a key.
    """
    key = key_of(request)
    actor = actor_of(request)
    sent = digest or hashlib.sha256(request.body).hexdigest()
    said = "\n".join((str(request.method), request.path, str(actor.principal), str(actor.post_id), sent))
    aad = f"{actor.account_id}:{key}".encode()

    def job() -> Reply:
        body = dict(act())
        return Reply(status, {name: _close(body[name], aad) if name in secret else body[name] for name in body})

    reply = idempotent(f"api:{actor.account_id}", key, hashlib.sha256(said.encode()).hexdigest(), job)
    request.replayed = reply.repeated  # type: ignore[attr-defined] # a header of the answer
    body = {name: _open(value, aad) if name in secret else value for name, value in reply.reference.items()}
    return Status(reply.status, body)


def key_of(request: HttpRequest) -> str:
    """The key of the request; Unreadable (400) where there is none, or none that can be kept."""
    key = request.headers.get(HEADER, "")
    if not 0 < len(key) <= KEY_LIMIT or not all("!" <= letter <= "~" for letter in key):
        raise Unreadable(
            "idempotency.key",
            _("Send an Idempotency-Key header of 1 to 200 visible ASCII characters, new for each act."),
        )
    return key


def _close(text: str, aad: bytes) -> str:
    return seal(_PURPOSE, text.encode(), aad=aad)


def _open(text: str, aad: bytes) -> str:
    return unseal(_PURPOSE, text, aad=aad).decode()
