"""What a file really is, judged by its first bytes and, for containers, by what is inside."""

import struct
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Invalid
from zhengtong.foundation.files import choices

HEAD = 8192
MOST_MEMBERS = 4096
UNKNOWN = "application/octet-stream"
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", choices.PDF),
    (0, b"\xff\xd8\xff", choices.JPEG),
    (0, b"\x89PNG\r\n\x1a\n", choices.PNG),
    (8, b"WEBP", choices.WEBP),
    (4, b"ftypheic", choices.HEIC),
    (4, b"ftypheix", choices.HEIC),
    (4, b"ftypmif1", choices.HEIC),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", choices.DOC),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"#!", "text/x-script"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"GIF8", "image/gif"),
    (0, b"{\\rtf", "application/rtf"),
)
_NAMES = {
    choices.PDF: "PDF",
    choices.JPEG: "JPEG",
    choices.PNG: "PNG",
    choices.WEBP: "WebP",
    choices.HEIC: "HEIC",
    choices.DOCX: "Word (docx)",
    choices.XLSX: "Excel (xlsx)",
    choices.OFD: "OFD",
    choices.DOC: "Word (doc)",
    choices.TEXT: _("plain text"),
    choices.CSV: "CSV",
    choices.ZIP: "ZIP",
    "application/x-msdownload": _("a Windows program"),
    "application/x-executable": _("a program"),
    "text/x-script": _("a script"),
    "text/html": _("a web page"),
    "image/svg+xml": "SVG",
}


def sniff(stream: BinaryIO) -> str:
    """The media type of the content; the stream is left at its start. What is unknown is octet-stream."""
    stream.seek(0)
    head = stream.read(HEAD)
    try:
        return _of_head(head, stream)
    finally:
        stream.seek(0)


def picture_size(stream: BinaryIO) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG or WebP, from its head; None where it does not say them."""
    stream.seek(0)
    head = stream.read(30)
    if head.startswith(b"\x89PNG"):
        return struct.unpack(">II", head[16:24]) if len(head) >= 24 else None
    if head.startswith(b"\xff\xd8"):
        return _jpeg_size(stream)
    return _webp_size(head) if head[8:12] == b"WEBP" and len(head) == 30 else None


def _jpeg_size(stream: BinaryIO) -> tuple[int, int] | None:
    """From the first frame header (ITU T.81 B.2.2): markers are walked, nothing is decoded."""
    stream.seek(2)
    while len(mark := stream.read(4)) == 4 and mark[0] == 0xFF:
        length = int.from_bytes(mark[2:], "big")
        if 0xC0 <= mark[1] <= 0xCF and mark[1] not in (0xC4, 0xC8, 0xCC):
            high, wide = struct.unpack(">xHH", stream.read(5).ljust(5, b"\0"))
            return (wide, high) if wide and high else None
        stream.seek(max(length - 2, 0), 1)
    return None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    """From the first chunk: lossy, lossless or extended (RFC 9649 §2)."""
    if head[12:16] == b"VP8 ":
        wide, high = struct.unpack("<HH", head[26:30])
        return wide & 0x3FFF, high & 0x3FFF
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    return None


def _of_head(head: bytes, stream: BinaryIO) -> str:
    for offset, signature, media_type in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return media_type
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _of_archive(stream)
    return _of_text(head)


def _of_archive(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                return choices.ZIP
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return UNKNOWN
    if "word/vbaProject.bin" in names or "xl/vbaProject.bin" in names:
        return "application/vnd.ms-office.macro"
    for member, media_type in (("word/document.xml", choices.DOCX), ("xl/workbook.xml", choices.XLSX)):
        if member in names:
            return media_type
    return choices.OFD if "OFD.xml" in names else choices.ZIP


def _of_text(head: bytes) -> str:
    if b"\x00" in head:
        return UNKNOWN
    for cut in range(4):  # the head may end inside a character
        try:
            said = head[: len(head) - cut].decode("utf-8")
            break
        except UnicodeDecodeError:
            continue
    else:
        try:
            said = head[: len(head) // 2 * 2].decode("gb18030")
        except UnicodeDecodeError:
            return UNKNOWN
    start = said.lstrip("\ufeff \r\n\t").lower()
    if "<svg" in start[:1024]:
        return "image/svg+xml"
    if start.startswith(("<!doctype html", "<html", "<script")):
        return "text/html"
    return choices.TEXT


def checked_type(name: str, stream: BinaryIO, accept: frozenset[str]) -> str:
    """The media type where name, content and what is accepted agree; else Invalid naming what was found."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    promised = choices.ENDINGS.get(ending)
    found = sniff(stream)
    if found == choices.TEXT and promised == choices.CSV:
        found = choices.CSV
    if promised is None or promised not in accept:
        raise _refused(
            "files.ending",
            _("%(name)s cannot be handed in here; use one of these: %(accepted)s"),
            name=name,
            accepted=named(accept),
        )
    if found != promised:
        raise _refused(
            "files.wrong_type",
            _("%(name)s calls itself %(promised)s but its content is %(found)s; save it as %(promised)s and try again"),
            name=name,
            promised=type_name(promised),
            found=type_name(found),
        )
    return promised


def type_name(media_type: str) -> str:
    """The word a reader knows for a media type."""
    return str(_NAMES.get(media_type, _("something unknown")))


def named(accept: frozenset[str]) -> str:
    """The accepted types in words, as one list."""
    return "、".join(sorted(type_name(media_type) for media_type in accept))


def _refused(code: str, sentence: object, **params: str) -> Invalid:
    message = str(sentence) % params
    return Invalid(code, message, [("file", code, message)], **params)
