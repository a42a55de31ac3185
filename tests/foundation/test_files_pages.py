"""Pages of papers as pictures: measured and drawn in the jail, whatever a stranger handed in."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from django.core.cache import caches

from zhengtong.doors.cli.demo_city import papers
from zhengtong.foundation.core.errors import NotFound, Unavailable
from zhengtong.foundation.files import content, pages, services
from zhengtong.foundation.policy import SYSTEM

EMPTY = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the bytes of a PNG that filters nothing."""
    wide, high = struct.unpack(">II", png[16:24])
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, text = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + text)
        packed += text if name == b"IDAT" else b""
        at += 12 + length
    return wide, high, zlib.decompress(packed)


def test_a_page_is_measured_and_drawn_at_the_width_asked_for() -> None:
    pdf = papers.house_rules()
    (size,) = pages.measured(pdf)
    assert [round(each) for each in size] == [595, 842], "A4 in points"
    png = pages.drawn(pdf, 1, 600)
    assert png is not None
    wide, high, raw = pixels(png)
    assert (wide, len(raw)) == (600, high * (1 + 600 * 3))
    assert 840 <= high <= 850
    assert raw.count(b"\xff") > len(raw) * 0.8, "paper is white"
    assert min(raw[1:]) < 128, "and something is printed on it"


@pytest.mark.parametrize("pdf", [EMPTY, b"%PDF-1.7 nonsense", b"", papers.house_rules()[:400]])
def test_what_cannot_be_read_has_no_pages(pdf: bytes) -> None:
    assert pages.measured(pdf) == ()
    assert pages.drawn(pdf, 1, 600) is None


def test_a_page_that_is_not_there_is_none() -> None:
    assert pages.drawn(papers.house_rules(), 0, 600) is None
    assert pages.drawn(papers.house_rules(), 2, 600) is None


def test_a_page_of_any_size_keeps_within_the_most_pixels() -> None:
    huge = papers.house_rules().replace(b"595.2755737304688", b"14400.00000000000")
    png = pages.drawn(huge, 1, 100_000)
    assert png is not None
    wide, high = struct.unpack(">II", png[16:24])
    assert wide * high <= 24_100_000


def test_one_that_takes_too_long_is_said(settings, monkeypatch) -> None:
    monkeypatch.setattr(pages, "_leaf", lambda *_given: (-9, b""))
    with pytest.raises(Unavailable) as refusal:
        pages.drawn(EMPTY, 1, 600)
    assert refusal.value.code == "files.page_not_drawn"


def test_the_jail_reaches_nothing() -> None:
    probe = (
        "import builtins, socket, subprocess, pypdfium2, sys; from zhengtong.foundation.files import leaf\n"
        "def reach(*_):\n"
        "    for act in (lambda: socket.socket(), lambda: subprocess.run(['/bin/true'])):\n"
        "        try: act(); sys.stdout.write('done ')\n"
        "        except PermissionError: sys.stdout.write('refused ')\n"
        "    return b''\n"
        "leaf._sizes = reach\n"
        "leaf.main(['sizes', '5', '1024'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], input=papers.house_rules(), capture_output=True, check=True, timeout=60
    )
    assert done.stdout.split() == [b"refused", b"refused"]


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 10 + b"\xff\xc0\x00\x11\x08\x01\x2c\x01\x90" + b"\0" * 12


@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (papers.floor_plan()[:64], (struct.unpack(">II", papers.floor_plan()[16:24]))),
        (JPEG, (400, 300)),
        (JPEG[:24], None),
        (
            b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + (799).to_bytes(3, "little") + (599).to_bytes(3, "little"),
            (800, 600),
        ),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (639 | 479 << 14).to_bytes(4, "little") + b"\0" * 8, (640, 480)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"GIF89a", None),
    ],
)
def test_pictures_say_their_size(picture: bytes, size: object) -> None:
    assert content.picture_size(io.BytesIO(picture)) == size


@pytest.mark.django_db
def test_sizes_are_remembered_by_digest_and_pages_are_those_of_the_file(monkeypatch) -> None:
    caches["near"].clear()
    stored = services.store_bytes(
        by=SYSTEM, name="规章.pdf", data=papers.house_rules(), purpose="material", sensitive=True
    )
    first = services.page_sizes(stored)
    assert len(first) == 1
    monkeypatch.setattr(pages, "measured", lambda _pdf: ())
    assert services.page_sizes(stored) == first
    assert services.page_picture(stored, 1, 300).startswith(b"\x89PNG")
    with pytest.raises(NotFound):
        services.page_picture(stored, 7, 300)
