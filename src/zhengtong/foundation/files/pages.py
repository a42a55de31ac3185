"""Pages of papers as pictures: a PDF that somebody handed in is measured and drawn in a jailed subprocess.

The content goes in by a pipe and the picture comes out by one, so nothing lies anywhere in clear. No more than two are
drawn at once, each within bounds of time and memory.
"""

import json
import logging
import subprocess
import sys
import threading

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Unavailable

log = logging.getLogger(__name__)

SECONDS, MEGABYTES = 10, 1024
UNREADABLE = 2
WAIT = 15
_places = threading.BoundedSemaphore(2)

Sizes = tuple[tuple[float, float], ...]
"""Width and height of each page, in its own unit."""


def measured(pdf: bytes) -> Sizes:
    """The pages of a PDF in points, the first 500; none where it cannot be read."""
    status, answer = _leaf(pdf, "sizes")
    return tuple((wide, high) for wide, high in json.loads(answer)) if status == 0 else ()


def drawn(pdf: bytes, number: int, width: int) -> bytes | None:
    """Page `number` (from 1) as PNG, `width` pixels wide; None where there is no such page.

    Raises Unavailable where the page cannot be drawn within its bounds.
    """
    status, answer = _leaf(pdf, "draw", str(number), str(width))
    if status == UNREADABLE:
        return None
    if status != 0:
        log.error("a page could not be drawn: stopped with %s", status)
        raise _busy("files.page_not_drawn")
    return answer


def _leaf(pdf: bytes, what: str, *more: str) -> tuple[int, bytes]:
    """Status and output of the program in the jail."""
    seconds = getattr(settings, "ZT_PAGE_SECONDS", SECONDS)
    command = [sys.executable, "-I", "-m", "zhengtong.foundation.files.leaf", what, str(seconds), str(MEGABYTES), *more]
    if not _places.acquire(timeout=WAIT):
        raise _busy("files.pages_busy")
    try:
        done = subprocess.run(  # noqa: S603 our own interpreter and module; the paper is only data to it
            command,
            input=pdf,
            env={"PATH": "/nonexistent", "LANG": "C.UTF-8"},
            capture_output=True,
            timeout=seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -1, b""
    finally:
        _places.release()
    return done.returncode, done.stdout


def _busy(code: str) -> Unavailable:
    return Unavailable(code, _("This page cannot be drawn now; open the file by itself"))
