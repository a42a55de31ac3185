"""Verbs of stored files: store, open, destroy, sweep; and how a content is handed to a browser."""

import contextlib
import io
import logging
import tempfile
import unicodedata
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from cryptography.hazmat.primitives import hashes
from django.core.cache import caches
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.core.keys import CannotOpen
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.files import choices, content, pages, storage
from zhengtong.foundation.files.models import StoredFile
from zhengtong.foundation.files.providers import scanner
from zhengtong.foundation.files.queries import file_by_token
from zhengtong.foundation.policy import Actor

_log = logging.getLogger(__name__)
LIMIT = 20 * 1024 * 1024
_IN_MEMORY = 1 << 20
_LONGEST_NAME = 150
SIZES_KEPT = 86_400


def store(
    *,
    by: Actor,
    name: str,
    stream: BinaryIO,
    purpose: str,
    sensitive: bool,
    accept: frozenset[str] = choices.PAPERS,
    limit: int = LIMIT,
    retention: str = choices.Retention.CASE,
    organisation_id: int | None = None,
    person_id: int | None = None,
) -> StoredFile:
    """Take in a file for `purpose`; durable on disk before its row commits.

    Size in bytes up to `limit` (TooLarge); content, name and `accept` must agree, an empty or infected file is
    refused (Invalid says what was found and what to do), and where storage is full or failing nothing is kept
    (Unavailable). `sensitive` contents are closed with SM4-GCM. The file
    belongs to the actor's account, and to the person and organisation given (default: the actor's person).
    """
    token, shown = new_token(), clean_name(name)
    with _room(), tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        plain = cast(BinaryIO, spool)
        digest, size = _take(stream, plain, limit)
        media_type = content.checked_type(shown, plain, accept)
        state, by_whom = _scanned(plain)
        version = storage.place(token, plain, closed=sensitive)
    stored = StoredFile(
        token=token,
        digest=digest,
        size=size,
        media_type=media_type,
        name=shown,
        purpose=purpose,
        sensitive=sensitive,
        key_version=version,
        retention=retention,
        scan_state=state,
        scanner=by_whom,
        account_id=by.account_id,
        person_id=person_id if person_id is not None else by.person_id,
        organisation_id=organisation_id,
        created_at=clock.now(),
    )
    try:
        write(lambda: stored.save(force_insert=True))
    except BaseException:
        storage.remove(token)
        raise
    return stored


def store_bytes(*, by: Actor, name: str, data: bytes, purpose: str, sensitive: bool, **owner: int | None) -> StoredFile:
    """Take in a paper the system itself made (a rendered letter): same checks, kept 30 years with its case."""
    return store(
        by=by,
        name=name,
        stream=io.BytesIO(data),
        purpose=purpose,
        sensitive=sensitive,
        retention=choices.Retention.THIRTY_YEARS,
        organisation_id=owner.get("organisation_id"),
        person_id=owner.get("person_id"),
    )


def open_file(*, by: Actor, token: str) -> tuple[StoredFile, IO[bytes]]:
    """A file of the actor's own with its content, digest verified; NotFound where it is not his."""
    stored = file_by_token(by, token)
    return stored, open_content(stored)


def open_content(stored: StoredFile) -> IO[bytes]:
    """The whole plain content, its digest compared before the first byte is handed on; the caller closes it.

    For callers that have checked the thing the file belongs to. Conflict where the content was altered, NotFound
    where it was destroyed or lost.
    """
    if stored.destroyed_at is not None:
        raise NotFound("files.destroyed", _("This file has been destroyed at the end of its retention"))
    held: IO[bytes] = io.BytesIO() if stored.size <= _IN_MEMORY else tempfile.TemporaryFile()  # noqa: SIM115 the caller's
    try:
        _verified(stored, held)
    except BaseException:
        held.close()
        raise
    held.seek(0)
    return held


def _verified(stored: StoredFile, held: IO[bytes]) -> None:
    digest = hashes.Hash(hashes.SM3())
    try:
        for piece in storage.read(stored.token, stored.key_version):
            digest.update(piece)
            held.write(piece)
    except FileNotFoundError:
        raise NotFound("files.lost", _("The content of this file is missing; tell the administrator")) from None
    except CannotOpen:
        raise _altered(stored) from None
    if digest.finalize().hex() != stored.digest:
        raise _altered(stored)


def destroy(*, by: Actor, stored: StoredFile) -> None:  # noqa: ARG001 every verb names who acts
    """Remove the content for good; row and digest stay as proof that it was there."""
    stored.destroyed_at = clock.now()
    write(lambda: stored.save(update_fields=["destroyed_at"]))
    storage.remove(stored.token)


def sent(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The content as a response no browser can mistake for a page: own type, nosniff, a sandbox, no cache.

    `inline` shows PDF and pictures in place; everything else is always a download.
    """
    shown = inline and stored.media_type in choices.SHOWN_INLINE
    response = FileResponse(
        open_content(stored),
        as_attachment=not shown,
        filename=stored.name,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def page_sizes(stored: StoredFile) -> pages.Sizes:
    """Width and height of each page of a PDF (points) or of a picture (pixels); none where it cannot be told.

    For callers that have checked the thing the file belongs to. Sizes are remembered for a day, contents never.
    """
    key = f"files.pages:{stored.digest}"
    known: pages.Sizes | None = caches["near"].get(key)
    if known is None:
        with open_content(stored) as held:
            if stored.media_type == choices.PDF:
                known = pages.measured(held.read())
            else:
                size = content.picture_size(cast(BinaryIO, held))
                known = (size,) if size else ()
        caches["near"].set(key, known, SIZES_KEPT)
    return known


def page_picture(stored: StoredFile, number: int, width: int) -> bytes:
    """One page of a PDF (from 1) as PNG, `width` pixels wide. Raises NotFound (no such page), Unavailable."""
    with open_content(stored) as held:
        picture = pages.drawn(held.read(), number, width)
    if picture is None:
        raise NotFound("files.no_page", _("There is no such page"))
    return picture


def clean_name(name: str) -> str:
    """The last part of a name without control or direction-changing characters, at most 150 long."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip().strip(".")
    stem, dot, ending = kept.rpartition(".")
    room = _LONGEST_NAME - len(dot + ending)
    return (f"{stem[:room]}{dot}{ending}" if dot else kept[:_LONGEST_NAME]) or "file"


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """What storage cannot take is said, not thrown at the reader."""
    try:
        yield
    except OSError as error:
        _log.error("a file could not be stored: %s", error.strerror)
        message = _("The file cannot be stored at this moment: storage is full or failing. Please try again later.")
        raise Unavailable("files.no_room", message) from error


def _take(stream: BinaryIO, spool: BinaryIO, limit: int) -> tuple[str, int]:
    digest, size = hashes.Hash(hashes.SM3()), 0
    while piece := stream.read(storage.CHUNK):
        size += len(piece)
        if size > limit:
            megabytes = limit // (1024 * 1024)
            raise TooLarge(
                "files.too_large",
                str(_("The file is larger than %(limit)s MB; make it smaller or split it")) % {"limit": megabytes},
                limit=limit,
            )
        digest.update(piece)
        spool.write(piece)
    if size == 0:
        message = str(_("The file is empty; choose it again"))
        raise Invalid("files.empty", message, [("file", "files.empty", message)])
    return digest.finalize().hex(), size


def _scanned(plain: BinaryIO) -> tuple[str, str]:
    chosen = scanner()
    plain.seek(0)
    finding = chosen.scan(plain)
    if finding.threat:
        message = str(_("The scanner found %(threat)s in this file; hand in a clean copy")) % {"threat": finding.threat}
        raise Invalid("files.infected", message, [("file", "files.infected", message)], threat=finding.threat)
    state = choices.ScanState.CLEAN if finding.scanned else choices.ScanState.NOT_SCANNED
    return state, chosen.name


def _altered(stored: StoredFile) -> Conflict:
    return Conflict(
        "files.altered",
        _("The content no longer matches its digest and is not handed out; tell the administrator"),
        token=stored.token,
    )
