"""What measurements share: Django on a database of its own, the little city, and one case of four transactions."""

import contextlib
import datetime as dt
import logging
import os
import pathlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factories.cases import World

TESTS = pathlib.Path(__file__).resolve().parents[1]
DAY = dt.datetime(2025, 3, 5, 2, tzinfo=dt.UTC)
STEPS = ("submit", "accept", "propose", "approve")


@contextlib.contextmanager
def folder() -> Iterator[pathlib.Path]:
    """A folder on the disk that is to be measured (ZT_BENCH_DIR, or the system's), gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="zt-bench-", dir=os.environ.get("ZT_BENCH_DIR")) as made:
        yield pathlib.Path(made)


def settle(address: str, var: pathlib.Path) -> None:
    """Give this process the whole of Django on a fresh database, with the true gate, as `serve` does, and quiet.

    A migrated file that ZT_BENCH_MIGRATED names is copied rather than made again.
    """
    sys.path[:0] = [str(TESTS)]
    migrated = os.environ.get("ZT_BENCH_MIGRATED")
    if migrated and address.endswith(".sqlite3"):
        shutil.copy(migrated, address)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "zhengtong.config.settings_test",
        "ZHENGTONG_DATABASE": address,
        "ZHENGTONG_VAR": str(var),
    }
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    from zhengtong.foundation.core.serving import settle_memory

    settings.ZT_WRITES_INLINE = False
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    settle_memory()


class Office:
    """The agency and everybody around it, and the four acts of one case, each one transaction."""

    def __init__(self) -> None:
        from factories import cases as made

        self.world: World = made.world()
        self.answers = made.answers(self.world.applicant)
        self._case = 0
        self.acts: tuple[Callable[[], Any], ...] = (
            self.submit,
            lambda: self._act("clerk", "accept"),
            lambda: self._act("reviewer", "propose_approve", opinion="材料齐全，建议准予许可。"),
            lambda: self._act("decider", "approve"),
        )

    def case(self, before: Callable[[], Any] = lambda: None, after: Callable[[], Any] = lambda: None) -> None:
        """One whole case at the set day; `before` and `after` are called around each act, not around finding tasks."""
        from zhengtong.foundation.core import clock

        with clock.frozen(DAY):
            for act in self.acts:
                self._find_task(act)
                before()
                act()
                after()

    def submit(self) -> None:
        """Hand one application in."""
        from zhengtong.matters.cases import services

        receipt = services.submit_application(by=self.world.applicant, item_id=self.world.item.id, answers=self.answers)
        self._case = receipt.case_id

    def _find_task(self, act: Callable[[], Any]) -> None:
        from zhengtong.matters.workflow.queries import open_task

        if act is not self.acts[0]:
            task = open_task("case", self._case)
            assert task is not None, "the case waits for somebody"
            self._task = task.id

    def _act(self, who: str, outcome: str, **entry: Any) -> None:
        from zhengtong.matters.cases import services

        services.act(by=getattr(self.world, who), task_id=self._task, outcome=outcome, entry=entry)


def percentile(seconds: list[float], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
