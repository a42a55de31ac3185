"""What a serving process does as it starts.

One that counts attempts for itself serves alone: a second one beside it would allow them all once more.
"""

import gc
import time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import get_resolver
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.locks import holds, lock_file
from zhengtong.foundation.core.shared import is_shared

PATIENCE_SECONDS = 10.0
"""How long the process before may take to end."""
_YOUNG, _OLDER, _OLD = 10_000, 20, 20


def settle_memory() -> None:
    """Load what all requests need, and look through none of it for garbage any more.

    The house is a few hundred thousand objects that stay, and a request makes thousands that go by themselves. At
    Python's own pace the collector goes through all of them again and again for nothing.
    """
    get_resolver().url_patterns  # noqa: B018 the pages are loaded with it
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLD)


def serve_alone(patience: float = PATIENCE_SECONDS) -> int | None:
    """Hold the deployment's folder as long as this process lives; answers the lock, None where counts are shared.

    Raises ImproperlyConfigured where another process of this machine goes on serving from the same folder.
    """
    if is_shared():
        return None
    lock, until = lock_file("serving.lock"), time.monotonic() + patience
    while not holds(lock):
        if time.monotonic() >= until:
            said = _("another process serves from %(folder)s; for several at once set %(name)s=database")
            raise ImproperlyConfigured(said % {"folder": settings.VAR, "name": "ZHENGTONG_CACHE"})
        time.sleep(0.1)
    return lock
