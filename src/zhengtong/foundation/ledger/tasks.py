"""What the ledger does by itself, each second: seal what was recorded and bring it to those who want to hear."""

import logging
import time

from zhengtong.foundation.ledger.services import Delivered, Sealed, deliver_outbox, seal_all

logger = logging.getLogger("zhengtong.ledger")


ROUND_SECONDS = 2.0  # drawing papers is slow: whoever else works in the background has his turn all the same
HANDFUL = 10


def run_once() -> tuple[Sealed | None, Delivered | None]:
    """One round of sealing and of delivering; a failure of the one is logged and does not keep back the other.

    However much is due, delivering ends after about two seconds, so that what is recorded is sealed in time and
    timers are not kept waiting; the rest is for the next round.
    """
    sealed = delivered = None
    try:
        sealed = seal_all()
    except Exception:
        logger.exception("sealing failed")
    try:
        delivered = _deliver(time.monotonic() + ROUND_SECONDS)
    except Exception:
        logger.exception("delivering failed")
    return sealed, delivered


def _deliver(until: float) -> Delivered:
    total = Delivered()
    while True:
        done = deliver_outbox(HANDFUL)
        total = Delivered(
            total.delivered + done.delivered, total.failed + done.failed, total.abandoned + done.abandoned
        )
        if done.delivered + done.failed < HANDFUL or time.monotonic() >= until:
            return total
