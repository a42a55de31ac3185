"""Background work of stored files: contents without a row go, after a day of grace."""

import datetime as dt
import os
import pathlib
import shutil

from zhengtong.foundation.core import clock
from zhengtong.foundation.files import rendering, storage
from zhengtong.foundation.files.models import StoredFile

GRACE = dt.timedelta(days=1)
PAPERS_GRACE = dt.timedelta(minutes=5)
"""Longer than any drawing may take."""
SLICE = 2000
"""How many files one round looks at; folders are taken whole, each a three-thousandth of all."""
_ASKED_AT_ONCE = 500
_CURSOR = "sweep.cursor"


def sweep_orphans(*, grace: dt.timedelta = GRACE, at_most: int = SLICE) -> int:
    """Remove contents older than `grace` that no row knows, or whose row says destroyed; answers how many went.

    A round takes up the folders behind the one where the last round ended until it has looked at `at_most` files, and
    after the last folder begins anew; what waits aside is looked at each time. The grace covers an upload whose row is
    about to commit.
    """
    before = (clock.now() - grace).timestamp()
    root = storage.folder()
    if not root.is_dir():
        return 0
    removed = _remove(_older(storage.aside_folder(), before)[0])
    folders = sorted(entry.name for entry in os.scandir(root) if entry.is_dir() and entry.name != "aside")
    looked_at, last = 0, _read_cursor(root)
    for name in (name for name in folders if name > last):
        old, count = _older(root / name, before)
        removed += _remove(_unknown(old))
        looked_at, last = looked_at + count, name
        if looked_at >= at_most:
            break
    else:
        last = ""
    (root / _CURSOR).write_text(last)
    return removed


def _older(folder: pathlib.Path, before: float) -> tuple[list[pathlib.Path], int]:
    """The files of a folder that are older than an instant, and how many files it holds."""
    with os.scandir(folder) as entries:
        files = [entry for entry in entries if entry.is_file()]
        return [pathlib.Path(entry.path) for entry in files if entry.stat().st_mtime < before], len(files)


def _unknown(paths: list[pathlib.Path]) -> list[pathlib.Path]:
    """Those of the contents that no row keeps."""
    kept: set[str] = set()
    for start in range(0, len(paths), _ASKED_AT_ONCE):
        names = [path.name for path in paths[start : start + _ASKED_AT_ONCE]]
        rows = StoredFile.objects.filter(token__in=names, destroyed_at__isnull=True)
        kept.update(rows.values_list("token", flat=True))
    return [path for path in paths if path.name not in kept]


def _remove(paths: list[pathlib.Path]) -> int:
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def _read_cursor(root: pathlib.Path) -> str:
    """The folder where the last round ended; before the first one where none did."""
    place = root / _CURSOR
    return place.read_text() if place.exists() else ""


def sweep_papers(*, grace: dt.timedelta = PAPERS_GRACE) -> int:
    """Remove what drawings left behind whose server was killed: facts in clear; answers how many went."""
    before = (clock.now() - grace).timestamp()
    left = [desk for desk in rendering.papers_folder().glob(f"{rendering.DESK}*") if desk.stat().st_mtime < before]
    for desk in left:
        shutil.rmtree(desk, ignore_errors=True)
    return len(left)
