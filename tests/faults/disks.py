"""Disks that are truly full: a quota of pages that SQLite itself keeps, and small file systems that can be mounted."""

import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from django.db import connection
from django.db.backends.signals import connection_created

MEGABYTE = 1 << 20
SIZE = 96 * MEGABYTE


class Disk(Protocol):
    """Where a house lies; for a block it can be filled up until so many bytes are left.

    `some` bytes are room for some of 32 applications, not for all: pages of the file are used again and filled up, its
    log takes each change whole.
    """

    folder: pathlib.Path
    some: int

    def filled(self, room: int) -> contextlib.AbstractContextManager[None]:
        """Nothing beyond `room` bytes fits within the block; afterwards everything does again."""


class Quota:
    """SQLite's own bound on the pages of a file (`max_page_count`): beyond it every connection hears SQLITE_FULL."""

    some = 100_000

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.known: list[sqlite3.Connection] = []
        self.most: int | None = None

    def met(self, connection: Any, **_signal: object) -> None:
        """A connection of any thread, the writer's among them, was opened."""
        self.known.append(connection.connection)
        self._bound(connection.connection)

    @contextlib.contextmanager
    def filled(self, room: int) -> Iterator[None]:
        connection.ensure_connection()
        raw = connection.connection
        self.known.append(raw)
        (pages,), (size,) = (raw.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        self.most = pages + room // size
        self._bound_all()
        try:
            yield
        finally:
            self.most = None
            self._bound_all()

    def _bound_all(self) -> None:
        for raw in self.known:
            with contextlib.suppress(sqlite3.ProgrammingError):  # closed meanwhile, with its thread
                self._bound(raw)

    def _bound(self, raw: sqlite3.Connection) -> None:
        raw.execute(f"PRAGMA max_page_count = {self.most or 4_294_967_294}").fetchone()


class Mounted:
    """A small file system of its own, filled with ballast: the kernel says ENOSPC to whatever is written."""

    some = MEGABYTE

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.ballast = folder / "ballast"

    @contextlib.contextmanager
    def filled(self, room: int) -> Iterator[None]:
        with (
            self.ballast.open("wb", buffering=0) as out,
            contextlib.suppress(OSError),
        ):  # the last block tells that it is full
            while (left := self._free() - room) > 0:
                os.posix_fallocate(out.fileno(), out.tell(), piece := min(left, MEGABYTE))
                out.seek(piece, os.SEEK_CUR)
            while room == 0:
                out.write(bytes(512))
        try:
            yield
        finally:
            self.ballast.unlink()

    def _free(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize


@contextlib.contextmanager
def quota(folder: pathlib.Path) -> Iterator[Disk]:
    """Always possible."""
    disk = Quota(folder)
    connection_created.connect(disk.met, weak=False)
    try:
        yield disk
    finally:
        connection_created.disconnect(disk.met)


@contextlib.contextmanager
def tmpfs(folder: pathlib.Path) -> Iterator[Disk]:
    """In memory, where this machine allows mounting."""
    with mounted(folder, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs") as place:
        yield Mounted(place)


@contextlib.contextmanager
def ext4(folder: pathlib.Path) -> Iterator[Disk]:
    """In a file, where this machine allows mounting and has the programs: as most servers have it."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not installed")
    image = folder / "disk.img"
    with image.open("wb") as out:
        out.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True)
    with mounted(folder, "-o", "loop", str(image)) as place:
        yield Mounted(place)
    image.unlink()


@contextlib.contextmanager
def mounted(folder: pathlib.Path, *what: str) -> Iterator[pathlib.Path]:
    """A mount below `folder`, gone after the block; the test is skipped, saying why, where mounting is refused."""
    place = folder / "mounted"
    place.mkdir()
    try:
        done = subprocess.run(["mount", *what, str(place)], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no program to mount with")
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


KINDS = {"quota": quota, "tmpfs": tmpfs, "ext4": ext4}
