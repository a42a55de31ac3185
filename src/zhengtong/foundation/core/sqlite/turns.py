"""First come, first served for whoever writes to one SQLite file, in this process and in others.

SQLite's own busy handler polls and starves: with two writers some wait over a second (DESIGN §6). Here the turn is
handed from one writer to the next, so nobody is overtaken.
"""

import gc
import os
import struct
import threading
import time
from collections import deque

try:
    import fcntl
except ImportError:  # no byte locks on this platform: SQLite's busy timeout must do between processes
    fcntl = None  # type: ignore[assignment] # a module or nothing

_WRITING, _COUNTING = 0, 1  # bytes of the lock file
# Where numbers are kept: of tickets drawn so far, and of those up to the last for a lone write and the last served.
_DRAWN, _TO_LONE, _SERVED = 8, 16, 24
_NUMBERS = struct.Struct("<3Q")
_TICKETS = 65  # the byte that stands for the first ticket
_LOOK_SECONDS = 0.5
_POLL_SECONDS = (0.0002, 0.0005, 0.001)


class Turnstile:
    """Order between processes: whoever comes draws a ticket, and is next once the one before it is inside.

    A ticket is a locked byte of the file. The kernel drops the locks of a process that dies, so a crash never blocks
    the others. (It also drops them when the process closes any other opening of the file: nobody else opens it.)
    """

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._ticket = 0

    def enter(self, until: float, *, lone: bool) -> bool:
        """Wait for the write turn until the monotonic instant `until`; False when it did not come."""
        drawn, _, served = self._numbers()
        if drawn == served and self._try(_WRITING):  # nobody stands in line
            self._ticket = drawn - 1
            return True
        if not self._draw(until, lone=lone):
            return False
        mine = _TICKETS + self._ticket
        try:
            if not self._lock(mine - 1, until):  # whoever drew it holds it until inside, or is gone
                return False
            self._unlock(mine - 1)
            if not self._lock(_WRITING, until):
                return False
            self._write(_SERVED, self._ticket + 1)
            return True
        finally:
            self._unlock(mine)

    def leave(self) -> None:
        """Give the turn back."""
        self._unlock(_WRITING)

    def drawn(self) -> int:
        """How many tickets have been drawn since the file was made."""
        return self._numbers()[0]

    def lone_awaited(self) -> bool:
        """Whether another process drew a ticket for a lone write after ours; asked by whoever has the turn."""
        return self._numbers()[1] > self._ticket + 1

    def _draw(self, until: float, *, lone: bool) -> bool:
        if not self._lock(_COUNTING, until):
            return False
        try:
            self._ticket = self.drawn()
            if not self._lock(_TICKETS + self._ticket, until):
                return False
            self._write(_DRAWN, self._ticket + 1)
            if lone:
                self._write(_TO_LONE, self._ticket + 1)
        finally:
            self._unlock(_COUNTING)
        return True

    def _numbers(self) -> tuple[int, int, int]:
        kept = os.pread(self._file, _NUMBERS.size, _DRAWN)
        return _NUMBERS.unpack(kept.ljust(_NUMBERS.size, b"\0"))

    def _write(self, place: int, number: int) -> None:
        os.pwrite(self._file, number.to_bytes(8, "little"), place)

    def _try(self, byte: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except OSError:
            return False
        return True

    def _unlock(self, byte: int) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, byte)

    def _lock(self, byte: int, until: float) -> bool:
        tries = 0
        while not self._try(byte):
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL_SECONDS[min(tries, len(_POLL_SECONDS) - 1)])
            tries += 1
        return True


class Turns:
    """The queue of writers of one database. A turn may be given back by another thread than took it.

    Nothing is allocated while the mutex is held: a collection of garbage could give the turn of a dead thread back just
    then, which takes the mutex too.
    """

    def __init__(self, lock_path: str | None = None) -> None:
        self._lock_path = lock_path
        self._turnstile: Turnstile | None = None
        self._start()

    def _start(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False
        self._holder: threading.Thread | None = None

    def take(self, timeout: float, *, lone: bool = True) -> bool:
        """Wait up to `timeout` seconds for the turn; True when it is ours. Not `lone`: for a batch of many."""
        until = time.monotonic() + timeout
        if not self._take_here(until):
            return False
        self._holder = threading.current_thread()
        try:
            if self._lock_path is None or self._open_turnstile().enter(until, lone=lone):
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

    def lone_awaited(self) -> bool:
        """Whether a lone write waits behind the batch that has the turn, here or in another process."""
        return bool(self._waiting) or (self._turnstile is not None and self._turnstile.lone_awaited())

    def _take_here(self, until: float) -> bool:
        ticket = threading.Lock()
        ticket.acquire()
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
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
            waits = ticket in self._waiting
            if waits:
                self._waiting.remove(ticket)
        return waits

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
