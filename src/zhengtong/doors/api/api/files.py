"""Uploads: a file is taken in once, checked, and named in answers by its token."""

import hashlib
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop as _
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from zhengtong.doors.api.api.callers import APPLIES, READS, actor_of
from zhengtong.doors.api.api.repetition import KEYED, key_of, once
from zhengtong.foundation.core.errors import Refusal
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.files import services as keeping

router = Router(tags=["files"])
CHUNK = 1 << 16
BINARY: dict[str, Any] = {"responses": {200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}}
"""For `openapi_extra` of every endpoint that answers a file."""


class FileShown(Schema):
    """A stored file. `digest` is SM3 of the content in hex, `scan_state` what the virus scanner said."""

    token: str
    name: str
    size: int
    media_type: str
    digest: str
    scan_state: str


@router.post("/files", response={201: FileShown}, auth=APPLIES, openapi_extra=KEYED, summary=_("Upload a file"))
def upload_file(request: HttpRequest, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """PDF, pictures and documents up to 20 MB; content and name must agree. It belongs to the one acted for."""
    key_of(request)
    actor = actor_of(request)
    digest = _digest(file)
    kind, _sep, number = (actor.principal or "").partition(":")
    stored = keeping.store(
        by=actor,
        name=file.name or "",
        stream=file.file,  # type: ignore[arg-type] # an uploaded file is always a binary stream
        purpose="material",
        sensitive=True,
        organisation_id=int(number) if kind == "org" else None,
    )
    try:
        status = once(request, 201, lambda: shown(stored), secret=("name",), digest=digest)
    except Refusal:
        keeping.destroy(by=actor, stored=stored)
        raise
    if status.value["token"] != stored.token:
        keeping.destroy(by=actor, stored=stored)
    return status


@router.get("/files/{token}", response=FileShown, auth=READS, summary=_("Read about a file"))
def read_file(request: HttpRequest, token: str) -> dict[str, Any]:
    """A file of one's own."""
    return shown(files.file_by_token(actor_of(request), token))


@router.get("/files/{token}/content", auth=READS, openapi_extra=BINARY, summary=_("Download a file"))
def download_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """The content of a file of one's own, its digest verified before the first byte."""
    return keeping.sent(files.file_by_token(actor_of(request), token))


def shown(stored: Any) -> dict[str, Any]:
    """A file as programs see it."""
    return {
        "token": stored.token,
        "name": stored.name,
        "size": stored.size,
        "media_type": stored.media_type,
        "digest": stored.digest,
        "scan_state": str(stored.scan_state),
    }


def _digest(file: UploadedFile) -> str:
    """Of the name and the content, to tell a repeated upload from another under the same key."""
    digest = hashlib.sha256((file.name or "").encode("utf-8", "surrogatepass") + b"\0")
    for piece in file.chunks(CHUNK):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
