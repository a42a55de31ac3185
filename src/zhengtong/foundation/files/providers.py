"""Who looks for viruses: an interface, and a default that says that nobody does."""

import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Unavailable


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


class NoScanner:
    """Nobody looks, and every row says so."""

    name = "none"

    def scan(self, stream: BinaryIO) -> Finding:  # noqa: ARG002 the interface hands it over
        return Finding(scanned=False)


class ClamdScanner:
    """Asks a clamd daemon at setting ZT_CLAMD (`host:port`) by its INSTREAM command."""

    name = "clamd"

    def scan(self, stream: BinaryIO) -> Finding:
        host, _colon, port = str(getattr(settings, "ZT_CLAMD", "127.0.0.1:3310")).rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=30) as line:
                line.sendall(b"zINSTREAM\0")
                while piece := stream.read(65_536):
                    line.sendall(struct.pack(">I", len(piece)) + piece)
                line.sendall(struct.pack(">I", 0))
                answer = line.recv(4096).rstrip(b"\0\n").decode("utf-8", "replace")
        except OSError as error:
            raise Unavailable(
                "files.scanner", _("The virus scanner does not answer; please try again in a while")
            ) from error
        if answer.endswith("OK"):
            return Finding(scanned=True)
        if answer.endswith("FOUND"):
            return Finding(scanned=True, threat=answer.removeprefix("stream: ").removesuffix(" FOUND"))
        raise Unavailable("files.scanner", _("The virus scanner does not answer; please try again in a while"))


def scanner() -> Scanner:
    """The scanner that setting ZT_FILE_SCANNER names (default: none)."""
    path = getattr(settings, "ZT_FILE_SCANNER", "zhengtong.foundation.files.providers.NoScanner")
    chosen: Scanner = import_string(path)()
    return chosen
