"""Where contents lie: written aside, synced, renamed; closed in chunks by SM4-GCM when sensitive."""

import os
import pathlib
import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings

from zhengtong.engines.seals import Gcm, SealError, sm4_gcm
from zhengtong.foundation.core.keys import CannotOpen, keyring

CHUNK = 65_536
_MAGIC = b"ZTF1"
_HEAD = struct.Struct(">4sI8s")
_TAG = 16


def folder() -> pathlib.Path:
    """The folder of stored files (setting ZT_FILES, default VAR/files)."""
    return pathlib.Path(getattr(settings, "ZT_FILES", None) or pathlib.Path(settings.VAR) / "files")


def aside_folder() -> pathlib.Path:
    """Where contents wait while they are written; on the same file system, so that a rename is atomic."""
    made = folder() / "aside"
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def path_of(token: str) -> pathlib.Path:
    """The place of a content; two letters of the token keep folders small."""
    return folder() / token[:2] / token


def place(token: str, plain: BinaryIO, *, closed: bool) -> int | None:
    """Put the content in place, durable before this returns; answers the key version, None when stored plain.

    A crash leaves either nothing under the token's name or all of it.
    """
    target = path_of(token)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = aside_folder() / f"{token}.{secrets.token_hex(4)}"
    version = keyring().current if closed else None
    plain.seek(0)
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as out:
            for piece in _closed(token, plain, version) if version is not None else _chunks(plain):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    return version


def remove(token: str) -> None:
    """Take the content away; silent where there is none."""
    path_of(token).unlink(missing_ok=True)


def read(token: str, key_version: int | None) -> Iterator[bytes]:
    """The plain content in pieces. CannotOpen where it was altered or cut; OSError where it is gone."""
    with path_of(token).open("rb") as stream:
        if key_version is None:
            yield from _chunks(stream)
        else:
            yield from _opened(token, stream)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece


def _key(token: str, version: int) -> Gcm:
    return sm4_gcm(keyring().data_key(f"file:{token}", version)[:16])


def _bound(token: str, index: int, *, last: bool) -> bytes:
    """Associated data of a chunk: a chunk moved, dropped or added at the end no longer opens."""
    return f"{token}:{index}:{int(last)}".encode()


def _closed(token: str, plain: BinaryIO, version: int) -> Iterator[bytes]:
    base = secrets.token_bytes(8)
    yield _HEAD.pack(_MAGIC, version, base)
    key, index, piece = _key(token, version), 0, plain.read(CHUNK)
    while True:
        following = plain.read(CHUNK)
        nonce = base + struct.pack(">I", index)
        yield key.seal(piece, nonce=nonce, aad=_bound(token, index, last=not following))
        if not following:
            return
        piece, index = following, index + 1


def _opened(token: str, stream: BinaryIO) -> Iterator[bytes]:
    head = stream.read(_HEAD.size)
    if len(head) != _HEAD.size or head[:4] != _MAGIC:
        raise CannotOpen("not a closed file")
    _magic, version, base = _HEAD.unpack(head)
    key, index, piece = _key(token, version), 0, stream.read(CHUNK + _TAG)
    while True:
        following = stream.read(CHUNK + _TAG)
        nonce = base + struct.pack(">I", index)
        try:
            yield key.open(piece, nonce=nonce, aad=_bound(token, index, last=not following))
        except SealError:
            raise CannotOpen("altered, cut, or closed by another key") from None
        if not following:
            return
        piece, index = following, index + 1


def _sync_folder(path: pathlib.Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
