"""Kill -9 in the middle of recording, sealing and delivering: what was acknowledged is there, sealed and delivered."""

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import time

PRELUDE = """
import os, sys, threading
os.environ["ZHENGTONG_MASTER_KEY"] = "1:" + "5a" * 32
from django.conf import settings
from zhengtong.config.databases import database
settings.configure(DATABASES={"default": database(sys.argv[1])}, ZT_WRITES_INLINE=False, USE_TZ=True, VAR=".",
    INSTALLED_APPS=["zhengtong.foundation.core", "zhengtong.foundation.policy", "zhengtong.foundation.ledger"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", LOGGING_CONFIG=None)
import django; django.setup()
from django.core.management import call_command
from zhengtong.foundation.core import writes
from zhengtong.foundation.ledger import queries, services, tasks
from zhengtong.foundation.policy import SYSTEM
heard = []
services.subscribe("case.*", "told", heard.append)
services.subscribe("case.*", "follow", lambda d: services.record(
    by=SYSTEM, type="follow", subject=d.subject, payload={"of": d.event_id}), in_write=True)
"""

WORK = """
def work(number):
    while True:
        done = services.record(by=SYSTEM, type="case.moved", subject=("case", number), payload={"n": number})
        os.write(1, f"{done}\\n".encode())
for number in range(8):
    threading.Thread(target=work, args=[number], daemon=True).start()
while True:
    tasks.run_once()
"""

EXAMINE = """
import datetime as dt
from zhengtong.foundation.core import clock
from zhengtong.foundation.ledger.models import Event, OutboxEntry
with clock.frozen(clock.now() + dt.timedelta(minutes=3)):  # every lease has run out
    while services.deliver_outbox(500).delivered:
        pass
    services.seal_all()
verdict = queries.verify_log()
assert verdict.valid, verdict.faults
acknowledged = set(map(int, sys.stdin.read().split()))
moved = set(Event.objects.filter(type="case.moved").values_list("id", flat=True))
assert acknowledged <= moved, f"{len(acknowledged - moved)} lost"
assert not OutboxEntry.objects.filter(delivered_at=None).exists()
assert OutboxEntry.objects.count() == 2 * len(moved)
assert Event.objects.filter(type="follow").count() == len(moved), "exactly once"
assert list(Event.objects.order_by("leaf_index").values_list("leaf_index", flat=True)) == list(range(verdict.size))
receipt = queries.receipt(max(acknowledged))
assert queries.verify_receipt(receipt).valid
writes.stop()
print(len(acknowledged), verdict.size)
"""


def program(body: str, path: pathlib.Path) -> list[str]:
    return [sys.executable, "-W", "ignore", "-c", PRELUDE + textwrap.dedent(body), str(path)]


def test_three_kills(tmp_path):
    path = tmp_path / "records.sqlite3"
    subprocess.run(program("call_command('migrate', verbosity=0)", path), check=True, timeout=60)
    acknowledged = ""
    for _ in range(3):
        with open(tmp_path / "log", "w") as log:
            worker = subprocess.Popen(program(WORK, path), stdout=log)
            until = time.monotonic() + 60
            while (tmp_path / "log").read_text().count("\n") < 50:
                assert time.monotonic() < until, "nothing is recorded"
                time.sleep(0.01)
            time.sleep(0.2)  # sealing and delivering are under way
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        lines = (tmp_path / "log").read_text()
        acknowledged += lines[: lines.rfind("\n") + 1]
    assert acknowledged.count("\n") > 100
    done = subprocess.run(
        program(EXAMINE, path), input=acknowledged, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
