"""First come, first served for whoever writes to one SQLite file, in this process and in others.

SQLite's own busy handler polls and starves: with two writers some wait over a second (DESIGN §6). Here the turn is
handed from one writer to the next, so nobody is overtaken.
"""

import gc
import os
import threading
import time
from collections import deque

try:
    import fcntl
except ImportError:  # no byte locks on this platform: SQLite's busy timeout must do between processes
    fcntl = None  # type: ignore[assignment] # a module or nothing

_WRITING, _DOOR = 0, 1  # the two bytes of the lock file
_LOOK_SECONDS = 0.5
_POLL_SECONDS = (0.0002, 0.0005, 0.001)


class Turnstile:
    """Order between processes: whoever waits holds the door, so that the one inside cannot overtake on return.

    The kernel drops the locks of a process that dies, so a crash never blocks the others.
    """

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def enter(self, until: float) -> bool:
        """Wait for the write turn until the monotonic instant `until`; False when it did not come."""
        if not self._lock(_DOOR, until):
            return False
        try:
            return self._lock(_WRITING, until)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _DOOR)

    def leave(self) -> None:
        """Give the turn back."""
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _WRITING)

    def awaited(self) -> bool:
        """Whether another process stands at the door; asked by whoever has the turn."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _DOOR)
        except OSError:
            return True
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _DOOR)
        return False

    def _lock(self, byte: int, until: float) -> bool:
        tries = 0
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            except OSError:
                if time.monotonic() >= until:
                    return False
                time.sleep(_POLL_SECONDS[min(tries, len(_POLL_SECONDS) - 1)])
                tries += 1
            else:
                return True


class Turns:
    """The queue of writers of one database. A turn may be given back by another thread than took it."""

    def __init__(self, lock_path: str | None = None) -> None:
        self._lock_path = lock_path
        self._turnstile: Turnstile | None = None
        self._start()

    def _start(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False
        self._holder: threading.Thread | None = None

    def take(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the turn; True when it is ours."""
        until = time.monotonic() + timeout
        if not self._take_here(until):
            return False
        self._holder = threading.current_thread()
        try:
            if self._lock_path is None or self._open_turnstile().enter(until):
                return True
        except OSError:  # a folder we may not write in: readers only, SQLite itself will say so
            self._lock_path = None
            return True
        except BaseException:
            self._give_here()
            raise
        self._give_here()
        return False

    def give(self) -> None:
        """Hand the turn to whoever came next."""
        self._holder = None
        if self._lock_path is not None and self._turnstile is not None:
            self._turnstile.leave()
        self._give_here()

    def waiting(self) -> int:
        """How many threads of this process stand in the queue."""
        return len(self._waiting)

    def awaited(self) -> bool:
        """Whether a thread of this process stands in the queue, or another process at the door."""
        return bool(self._waiting) or (self._turnstile is not None and self._turnstile.awaited())

    def _take_here(self, until: float) -> bool:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        try:
            called = self._wait(ticket, until)
        except BaseException:
            if not self._withdraw(ticket):
                self._give_here()
            raise
        return called or not self._withdraw(ticket)

    def _wait(self, ticket: threading.Lock, until: float) -> bool:
        while (left := until - time.monotonic()) > 0:
            if ticket.acquire(timeout=min(left, _LOOK_SECONDS)):
                return True
            if self._holder is not None and not self._holder.is_alive():
                gc.collect()  # it died in its transaction: its connection, once collected, gives the turn back
        return False

    def _withdraw(self, ticket: threading.Lock) -> bool:
        """Leave the queue; False when the turn had just been handed over."""
        with self._mutex:
            try:
                self._waiting.remove(ticket)
            except ValueError:
                return False
            return True

    def _give_here(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _open_turnstile(self) -> Turnstile:
        if self._turnstile is None:
            assert self._lock_path is not None
            self._turnstile = Turnstile(self._lock_path)
        return self._turnstile


_turns: dict[str, Turns] = {}
_turns_lock = threading.Lock()


def turns_of(database: str, *, on_disk: bool) -> Turns:
    """The one queue of a database in this process; a database on disk also queues with other processes."""
    name = os.path.realpath(database) if on_disk else database
    with _turns_lock:
        turns = _turns.get(name)
        if turns is None:
            turns = _turns[name] = Turns(f"{name}-turn" if on_disk and fcntl is not None else None)
        return turns


def _after_fork() -> None:
    """A child owns none of its parent's turns (byte locks do not pass to children either)."""
    global _turns_lock
    _turns_lock = threading.Lock()
    for turns in _turns.values():
        turns._start()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
