"""New versions of the keys that the house goes by (security.md §3: yearly, each recorded)."""

from zhengtong.foundation.core import keys
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger.events import KEYS_ROTATED
from zhengtong.foundation.ledger.services.recording import record
from zhengtong.foundation.ledger.services.sealing import new_signing_key
from zhengtong.foundation.policy import Actor


def rotate_master_key(*, by: Actor) -> int:
    """Add a version to the master key and answer its number; older ones only open what they closed.

    Other processes close with the version before until they start anew. Raises ImproperlyConfigured where the
    environment holds the key, or its file cannot be read.
    """
    version = keys.rotate_master_key()
    record(by=by, type=KEYS_ROTATED, subject=("master_key", version), payload={"version": version})
    return version


def rotate_signing_key(*, by: Actor) -> int:
    """Make a new key pair for heads and answer its version; older public halves stay published."""

    def job() -> int:
        key = new_signing_key()
        record(by=by, type=KEYS_ROTATED, subject=("signing_key", key.pk), payload={"version": key.version})
        return key.version

    return write(job)
