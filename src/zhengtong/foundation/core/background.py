"""Background work inside the serving process: small rounds by one thread, on one process of a machine at a time.

Apps lay what must be done from time to time on the Registry; nothing here knows what it is. Work that is due is in the
database (outbox, timers, unsealed events), so a round that is lost with its process is simply done by the next.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

from zhengtong.foundation.core.locks import holds, lock_file
from zhengtong.foundation.core.registry import Shelf, registry

log = logging.getLogger("zhengtong.background")
PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Chore:
    """Something to be done again every `seconds`; `run` must be safe to repeat and contain its own transactions."""

    name: str
    seconds: float
    run: Callable[[], object]


chores: Shelf[Chore] = registry.shelf("chores")


def every(seconds: float, name: str, run: Callable[[], object]) -> None:
    """Have `run` called about every `seconds`."""
    if name not in chores:
        chores.add(name, Chore(name, seconds, run))


def start() -> threading.Thread:
    """Start the thread of this process; it works while no other process of this machine does."""
    thread = threading.Thread(target=_loop, name="zhengtong-background", daemon=True)
    thread.start()
    return thread


def _loop() -> None:
    lock = lock_file("background.lock")
    due: dict[str, float] = {}
    while True:
        if holds(lock):
            for chore in chores.all().values():
                if time.monotonic() >= due.get(chore.name, 0.0):
                    _do(chore)
                    due[chore.name] = time.monotonic() + chore.seconds
            close_old_connections()
        time.sleep(PAUSE_SECONDS)


def _do(chore: Chore) -> None:
    try:
        chore.run()
    except Exception:
        log.exception("chore %s failed; it is tried again", chore.name)
