"""Background work of stored files: contents without a row go, after a day of grace."""

import datetime as dt
import shutil

from zhengtong.foundation.core import clock
from zhengtong.foundation.files import rendering, storage
from zhengtong.foundation.files.models import StoredFile

GRACE = dt.timedelta(days=1)
PAPERS_GRACE = dt.timedelta(minutes=5)
"""Longer than any drawing may take."""


def sweep_orphans(*, grace: dt.timedelta = GRACE) -> int:
    """Remove contents that no row knows and that are older than `grace`; answers how many went.

    The grace covers an upload whose row is about to commit.
    """
    before = (clock.now() - grace).timestamp()
    removed = 0
    root = storage.folder()
    if not root.is_dir():
        return 0
    for part in sorted(root.iterdir()):
        old = [path for path in part.iterdir() if path.is_file() and path.stat().st_mtime < before]
        if part.name != "aside":
            names = [path.name for path in old]
            known = set(StoredFile.objects.filter(token__in=names).values_list("token", flat=True))
            old = [path for path in old if path.name not in known]
        for path in old:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def sweep_papers(*, grace: dt.timedelta = PAPERS_GRACE) -> int:
    """Remove what drawings left behind whose server was killed: facts in clear; answers how many went."""
    before = (clock.now() - grace).timestamp()
    left = [desk for desk in rendering.papers_folder().glob(f"{rendering.DESK}*") if desk.stat().st_mtime < before]
    for desk in left:
        shutil.rmtree(desk, ignore_errors=True)
    return len(left)


def verify_contents(*, limit: int = 1000) -> list[str]:
    """Tokens of the newest `limit` files whose content is lost or altered (a health check)."""
    from zhengtong.foundation.core.errors import Refusal
    from zhengtong.foundation.files.services import open_content

    bad = []
    for stored in StoredFile.objects.filter(destroyed_at__isnull=True).order_by("-id")[:limit]:
        try:
            open_content(stored).close()
        except Refusal:
            bad.append(stored.token)
    return bad
