"""Locks between the processes of one machine; the kernel gives them free when a process dies."""

import fcntl
import os
import pathlib

from django.conf import settings


def lock_file(name: str) -> int:
    """A file in the deployment's folder to be locked; it stays open as long as the process wants the lock."""
    folder = pathlib.Path(settings.VAR)
    folder.mkdir(parents=True, exist_ok=True)
    return os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)


def holds(lock: int) -> bool:
    """Whether this process has the lock, taking it where nobody has it; never waits."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
