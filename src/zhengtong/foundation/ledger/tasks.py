"""What the ledger does by itself, each second: seal what was recorded and bring it to those who want to hear."""

import logging

from zhengtong.foundation.ledger.services import Delivered, Sealed, deliver_outbox, seal_all

logger = logging.getLogger("zhengtong.ledger")


def run_once() -> tuple[Sealed | None, Delivered | None]:
    """One round of sealing and of delivering; a failure of the one is logged and does not keep back the other."""
    sealed = delivered = None
    try:
        sealed = seal_all()
    except Exception:
        logger.exception("sealing failed")
    try:
        delivered = deliver_outbox()
    except Exception:
        logger.exception("delivering failed")
    return sealed, delivered
