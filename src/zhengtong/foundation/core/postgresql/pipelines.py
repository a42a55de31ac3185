"""The driver's pipeline, ended by one packet instead of three."""

# mypy: disable-error-code="attr-defined"
# (what the driver keeps to itself)

import contextlib
import logging
from collections.abc import Generator, Iterator
from typing import Any

from psycopg import Pipeline
from psycopg.generators import send

logger = logging.getLogger("zhengtong.writes")


@contextlib.contextmanager
def pipeline(conn: Any) -> Iterator[None]:
    """As `conn.pipeline()`: statements within go out together, and on leaving all have been answered and checked.

    The driver polls the socket before and after the final synchronisation and sends a flush behind it; here the
    statements that are left and the synchronisation go out at once, and the answers are read.
    """
    if conn._pipeline is not None:
        with conn.pipeline():
            yield
        return
    with conn.lock:
        conn._check_connection_ok()
        made = conn._pipeline = Pipeline(conn)
        try:
            conn.wait(made._enter_gen())
        except BaseException:  # passed on; the connection must not be left with half a pipeline
            conn._pipeline = None
            raise
    raised: BaseException | None = None
    try:
        yield
    except BaseException as error:  # passed on; remembered, for it is told rather than what comes to light after
        raised = error
        raise
    finally:
        _leave(conn, made, raised)


def _leave(conn: Any, made: Any, raised: BaseException | None) -> None:
    """An error that comes to light only now is passed on, unless the block raised one of its own."""
    try:
        with conn.lock:
            conn.wait(_end(made))
    except Exception as late:  # passed on unless the block's own error is on its way, and then logged
        if raised is None:
            raise
        logger.warning("at the end of a pipeline that had failed: %s", late)
    finally:
        try:
            made._exit(raised)
        finally:
            conn._pipeline = None


def _end(made: Any) -> Generator[Any, Any, None]:
    while made.command_queue:
        made.command_queue.popleft()()
    made.result_queue.append(None)
    made.pgconn.pipeline_sync()
    yield from send(made.pgconn)  # what the network did not take at once
    yield from made._fetch_gen(flush=False)
