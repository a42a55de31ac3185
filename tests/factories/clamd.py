"""A clamd daemon that answers one question with what it is told, and remembers what it was sent."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def clamd(settings: Any, answer: bytes) -> Iterator[list[bytes]]:
    """Listens where the settings say, for one question; answers the command and the content that came."""
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.ZT_CLAMD = f"127.0.0.1:{listening.getsockname()[1]}"
        served = threading.Thread(target=_serve, args=(listening, answer, came))
        served.start()
        yield came
        served.join(timeout=10)


def _serve(listening: socket.socket, answer: bytes, came: list[bytes]) -> None:
    line, _address = listening.accept()
    with line, line.makefile("rb") as sent:
        command = b""
        while not command.endswith(b"\0"):
            command += sent.read(1)
        came.append(command)
        while command == b"zINSTREAM\0" and (size := struct.unpack(">I", sent.read(4))[0]):
            came.append(sent.read(size))
        line.sendall(answer)
