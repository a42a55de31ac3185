"""How a serving process ends while it still starts; nothing here needs Django."""

import contextlib
import signal
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def ending_at_once() -> Iterator[None]:
    """Within the block a process that is told to end does so, having begun nothing yet.

    The server above forks its processes with its own handler in place, which does no more than take note: one that was
    told to end while it still loaded would go on to serve, and the server would wait for it for ever.
    """
    if threading.current_thread() is not threading.main_thread():  # whose signals are not ours to handle
        yield
        return
    usual = {told: signal.signal(told, signal.SIG_DFL) for told in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for told, handler in usual.items():
            signal.signal(told, handler)
