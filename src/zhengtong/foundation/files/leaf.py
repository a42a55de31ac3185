"""Inside the jail: the pages of one PDF measured, or one of them drawn as a picture, with nothing else within reach.

Run as a program of its own (`python -I -m zhengtong.foundation.files.leaf`), never imported by the product: papers that
strangers hand in are read where they can reach no network, no file and no other program.
"""

import json
import struct
import sys
import zlib
from typing import Any

from zhengtong.foundation.files.jail import bound, forbid_network

MOST_PAGES = 500
MOST_PIXELS = 24_000_000


def main(arguments: list[str]) -> int:
    """`sizes SECONDS MEGABYTES` or `draw SECONDS MEGABYTES PAGE WIDTH`; the PDF is read from standard input.

    Answers JSON ([[width, height], …] in points), or the PNG. Status 2: not a PDF that can be read, or no such page.
    """
    import pypdfium2 as pdfium  # before the bounds: the library itself is trusted

    data = sys.stdin.buffer.read()
    what, seconds, megabytes, *more = arguments
    bound(int(seconds), int(megabytes))
    if not forbid_network() and sys.platform == "linux":
        return 3
    try:
        document = pdfium.PdfDocument(data)
        answer = _sizes(document) if what == "sizes" else _drawn(document, int(more[0]), int(more[1]))
    except (pdfium.PdfiumError, IndexError, ValueError, ZeroDivisionError):
        return 2
    sys.stdout.buffer.write(answer)
    return 0


def _sizes(document: Any) -> bytes:
    return json.dumps([document.get_page_size(page) for page in range(min(len(document), MOST_PAGES))]).encode()


def _drawn(document: Any, number: int, width: int) -> bytes:
    page = document[number - 1] if 0 < number <= len(document) else document[len(document)]
    wide, high = page.get_size()
    scale = min(width / wide, (MOST_PIXELS / (wide * high)) ** 0.5)
    return png(page.render(scale=scale, rev_byteorder=True))


def png(bitmap: Any) -> bytes:
    """A picture of three bytes a pixel as PNG (RFC 2083), filtered by nothing: pages are mostly white."""
    rows, stride, used = memoryview(bitmap.buffer), bitmap.stride, bitmap.width * bitmap.n_channels
    raw = b"".join(b"\0" + rows[at : at + used] for at in range(0, stride * bitmap.height, stride))
    kind = {1: 0, 3: 2, 4: 6}[bitmap.n_channels]
    head = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, kind, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw, 3)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, text) for name, text in parts)


def _chunk(name: bytes, text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + name + text + struct.pack(">I", zlib.crc32(name + text))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
