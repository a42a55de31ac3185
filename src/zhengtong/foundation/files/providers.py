"""Who looks for viruses: an interface, and a default that says that nobody does."""

import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Unavailable

_SILENT = _("The virus scanner does not answer; please try again in a while")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scan answered: `scanned` False when nobody looked; `threat` names what was found."""

    scanned: bool
    threat: str = ""


class Scanner(Protocol):
    """Looks at a content; the stream is handed over at its start."""

    name: str

    def scan(self, stream: BinaryIO) -> Finding:
        """Raises Unavailable when it cannot look now: the file is then refused, not let through."""

    def reach(self) -> None:
        """Raises Unavailable when it would not answer now."""


class NoScanner:
    """Nobody looks, and every row says so."""

    name = "none"

    def scan(self, stream: BinaryIO) -> Finding:  # noqa: ARG002 the interface hands it over
        return Finding(scanned=False)

    def reach(self) -> None:
        """Nobody is there to answer, and nobody is asked."""


class ClamdScanner:
    """Asks a clamd daemon at setting ZT_CLAMD (`host:port`) by its INSTREAM command."""

    name = "clamd"

    def scan(self, stream: BinaryIO) -> Finding:
        answer = _asked(_streamed(stream))
        if answer.endswith("OK"):
            return Finding(scanned=True)
        if answer.endswith("FOUND"):
            return Finding(scanned=True, threat=answer.removeprefix("stream: ").removesuffix(" FOUND"))
        raise Unavailable("files.scanner", _SILENT)

    def reach(self) -> None:
        if _asked([b"zPING\0"], wait=3) != "PONG":
            raise Unavailable("files.scanner", _SILENT)


def _streamed(stream: BinaryIO) -> Iterator[bytes]:
    yield b"zINSTREAM\0"
    while piece := stream.read(65_536):
        yield struct.pack(">I", len(piece)) + piece
    yield struct.pack(">I", 0)


def _asked(pieces: Iterable[bytes], wait: int = 30) -> str:
    """What the daemon answers to what is sent to it; waits so many seconds for each piece."""
    host, _colon, port = settings.ZT_CLAMD.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=wait) as line:
            for piece in pieces:
                line.sendall(piece)
            return line.recv(4096).rstrip(b"\0\n").decode("utf-8", "replace")
    except (OSError, ValueError) as error:
        raise Unavailable("files.scanner", _SILENT) from error


def scanner() -> Scanner:
    """The scanner that setting ZT_FILE_SCANNER names."""
    chosen: Scanner = import_string(settings.ZT_FILE_SCANNER)()
    return chosen
