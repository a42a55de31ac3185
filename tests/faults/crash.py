"""A real server that is killed again and again, programs that apply through it meanwhile, and the reckoning afterwards.

As a program (`python -m faults.crash people|reckon FOLDER`) it prepares or examines the house of FOLDER.
"""

import contextlib
import http.client
import json
import os
import pathlib
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUBMITTERS = 32
PDF = b"%%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n%%%s\n"
_GONE = (OSError, http.client.HTTPException)


def environment(folder: pathlib.Path) -> dict[str, str]:
    """As a deployment has it, all its own in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHENGTONG_")}
    own = {
        "ZHENGTONG_VAR": str(folder),
        "ZHENGTONG_MASTER_KEY": "1:" + "5a" * 32,
        "DJANGO_SETTINGS_MODULE": "zhengtong.config.settings",
        "ZHENGTONG_LOG_LEVEL": "ERROR",
        "ZHENGTONG_KEY_ACTS": "0",  # it is the house that is tried, not the patience of a program
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
        "PYTHONWARNINGS": "ignore",
    }
    return kept | own


def program(name: str, folder: pathlib.Path, timeout: float = 600) -> str:
    """Run a part of this file in the house of `folder`; what it printed. AssertionError with its last words."""
    done = subprocess.run(
        [sys.executable, "-m", "faults.crash", name, str(folder)],
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


class Server:
    """`zhengtong serve` with background work, in a process group of its own."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", "from zhengtong.doors.cli.main import main; main()", "serve"]
        with (self.folder / "server.log").open("ab") as log:
            self.running = subprocess.Popen(
                [*command, "--port", str(self.port), "--threads", str(SUBMITTERS)],
                env=environment(self.folder),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to every process of the server at once."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None


class Submitter(threading.Thread):
    """A program that uploads, begins a draft and hands it in, over and over, and repeats what was not answered.

    What was acknowledged (2xx) stands in its own synced log before the next request goes out; `asked` counts the
    applications it ever tried to hand in.
    """

    def __init__(self, number: int, who: dict[str, str], port: int, folder: pathlib.Path) -> None:
        super().__init__(daemon=True)
        self.number, self.who, self.port = number, who, port
        self.log = os.open(folder / f"client-{number:02}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.stopping = threading.Event()
        self.asked, self.acknowledged, self.refused = 0, 0, list[str]()
        self.failure = ""
        self._line: http.client.HTTPConnection | None = None

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self._apply()
        except Exception:  # noqa: BLE001 told by whoever waits
            self.failure = traceback.format_exc()
        finally:
            os.close(self.log)
            self._hang_up()

    def _apply(self) -> None:
        mark = f"{self.number:02}-{self.asked:05}"
        paper = PDF % mark.encode()
        file = self._ask("file", f"/files {mark}", *_form(paper))
        known = json.loads(self.who["answers"]) | {"contact_name": f"联系人{mark}", "floor_plan": [file["token"]]}
        draft = self._ask("draft", f"/drafts {mark}", {"item": self.who["item"], "answers": known})
        self.asked += 1
        self._ask("case", f"/drafts/{draft['token']}/submission {mark}", {})

    def _ask(self, kind: str, what: str, body: Any, media_type: str = "application/json") -> dict[str, Any]:
        """One act, asked for until it is answered; the same key each time."""
        path, mark = what.split(" ")
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self.who['secret']}",
            "Idempotency-Key": f"{kind}-{mark}",
            "Content-Type": media_type,
        }
        while True:
            try:
                status, told = self._send(path, data, headers)
            except _GONE:
                self._hang_up()
                time.sleep(0.05)
                continue
            if 200 <= status < 300:
                self._note({"kind": kind, "mark": mark, "account": self.who["account"], **told})
                return told
            self.refused.append(f"{status} {told.get('code')}")
            time.sleep(0.1)

    def _send(self, path: str, data: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self._line = self._line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self._line.request("POST", f"/api/v1{path}", data, headers)
        with self._line.getresponse() as answer:
            return answer.status, json.loads(answer.read())

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def _note(self, told: dict[str, Any]) -> None:
        os.write(self.log, (json.dumps(told) + "\n").encode())
        os.fsync(self.log)
        self.acknowledged += 1


def kill_under_load(folder: pathlib.Path, kills: int, seconds: float) -> dict[str, Any]:
    """Kill the server `kills` times under all submitters, then let every one of them come to the end of what it began.

    Each time it works for up to `seconds` after the first answer, except every fifth time, when it may die while it
    starts. Answers what the submitters say of themselves.
    """
    everybody = json.loads(program("people", folder))
    chance, server = random.Random(secrets.randbits(64)), Server(folder)
    crowd = [Submitter(number, who, server.port, folder) for number, who in enumerate(everybody)]
    for submitter in crowd:
        submitter.start()
    try:
        for turn in range(kills):
            server.start()
            if turn % 5 == 4:
                time.sleep(chance.uniform(0, 4))
            else:
                _wait_for_answers(crowd)
                time.sleep(chance.uniform(0, seconds))
            server.kill()
        server.start()
        _wait_for_answers(crowd)
        for submitter in crowd:
            submitter.stopping.set()
        for submitter in crowd:
            submitter.join(120)
            assert not submitter.failure, submitter.failure
        assert not any(submitter.is_alive() for submitter in crowd), "somebody never got an answer"
    finally:
        server.kill()
    refused = [code for submitter in crowd for code in submitter.refused]
    return {
        "asked": sum(submitter.asked for submitter in crowd),
        "acknowledged": sum(submitter.acknowledged for submitter in crowd),
        "refused": {code: refused.count(code) for code in set(refused)},
    }


def _wait_for_answers(crowd: list[Submitter], patience: float = 90) -> None:
    before, until = sum(each.acknowledged for each in crowd), time.monotonic() + patience
    while sum(each.acknowledged for each in crowd) == before:
        broken = [each.failure for each in crowd if each.failure]
        assert not broken, broken[0]
        assert time.monotonic() < until, "the server answers nobody"
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _form(paper: bytes) -> tuple[bytes, str]:
    head = b'--zt\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
    return (
        head + b"Content-Type: application/pdf\r\n\r\n" + paper + b"\r\n--zt--\r\n",
        "multipart/form-data; boundary=zt",
    )


def people() -> None:
    """An open item and so many applicants, half of them for enterprises, each with a key for his program."""
    from factories import cases as made
    from factories import identity
    from zhengtong.doors.cli.house import prepare
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.people.identity import services
    from zhengtong.people.identity.queries import actor_in

    prepare()
    world, everybody = made.world(), []
    for number in range(SUBMITTERS):
        account = identity.account("citizen", holder=identity.person(email=f"applicant{number}@example.cn"))
        capacity = f"mandate:{identity.mandate(account.person).pk}" if number % 2 else ""
        key = services.issue_api_key(
            by=SYSTEM, account=account, name="submitter", scopes=["read", "apply"], capacity=capacity, days=30
        )
        answers = made.answers(actor_in(account, capacity))
        everybody.append(
            {
                "account": account.pk,
                "secret": key.secret,
                "item": world.item.token,
                "answers": json.dumps(answers),
            }
        )
    sys.stdout.write(json.dumps(everybody))


def reckon(folder: pathlib.Path) -> None:
    """Compare what every client was told with what the database holds, row by row; AssertionError says what differs."""
    from faults.house import half_made
    from zhengtong.foundation.core import writes
    from zhengtong.matters.cases.models import Case

    told = [json.loads(line) for log in sorted(folder.glob("client-*.log")) for line in log.read_text().splitlines()]
    _same_cases([each for each in told if each["kind"] == "case"])
    _same_drafts([each for each in told if each["kind"] == "draft"])
    _same_files([each for each in told if each["kind"] == "file"])
    assert half_made() == []
    events, delivered = _whole_log()
    writes.stop()
    sys.stdout.write(json.dumps({"cases": Case.objects.count(), "events": events, "delivered": delivered}))


def _same_cases(told: list[dict[str, Any]]) -> None:
    from zhengtong.matters.cases.models import Case, CaseMaterial, Submission
    from zhengtong.matters.workflow.models import Process, Task

    assert len({each["case"] for each in told}) == len(told), "two acts were answered with one case"
    cases = {case.token: case for case in Case.objects.all()}
    assert set(cases) == {each["case"] for each in told}, "cases and acknowledgements are the same"
    for each in told:
        case = cases[each["case"]]
        assert case.short_no == each["number"]
        assert case.state == "RECEIVED"
        submission = Submission.objects.get(case_id=case.id)
        assert submission.answers["contact_name"] == f"联系人{each['mark']}"
        assert CaseMaterial.objects.filter(case_id=case.id, file_id__isnull=False).count() == 2
        process = Process.objects.get(id=case.process_id, subject_id=case.id, state="running")
        assert Task.objects.get(process=process, state="open").reference == case.short_no


def _same_drafts(told: list[dict[str, Any]]) -> None:
    from zhengtong.matters.cases.models import Case, Draft

    assert not Draft.objects.exists(), "every draft was handed in, and went with the same act"
    assert {each["token"] for each in told} == set(Case.objects.values_list("token", flat=True))


def _same_files(told: list[dict[str, Any]]) -> None:
    from zhengtong.foundation.files.models import StoredFile
    from zhengtong.foundation.files.services import open_content

    kept = {file.token: file for file in StoredFile.objects.filter(purpose="material")}
    for each in told:
        with open_content(kept[each["token"]]) as content:
            assert content.read() == PDF % each["mark"].encode()


def _whole_log() -> tuple[int, int]:
    """Bring everything that is due, with papers drawn fast, then recompute the log; events sealed, deliveries made."""
    import datetime as dt

    from django.db import connection

    from zhengtong.foundation.core import clock
    from zhengtong.foundation.ledger import queries, services
    from zhengtong.foundation.ledger.models import OutboxEntry
    from zhengtong.foundation.messages.models import Message
    from zhengtong.matters.cases.models import Case, Notice
    from zhengtong.matters.cases.services import papers

    papers.render_letter = lambda *_facts: PDF % b"a paper"  # type: ignore[assignment]
    papers.sign_pdf = lambda pdf: pdf  # type: ignore[assignment]
    with clock.frozen(clock.now() + dt.timedelta(hours=1)):  # leases and pauses have run out
        while services.deliver_outbox(500).delivered:
            pass
        services.seal_all()
        while services.seal_pending().sealed:
            pass
    verdict = queries.verify_log()
    assert verdict.valid, verdict.faults
    assert not OutboxEntry.objects.filter(delivered_at=None).exists(), "the outbox drains"
    assert not Notice.objects.filter(file_id=None).exists(), "every paper is drawn"
    assert Message.objects.filter(template="case.submit").count() == Case.objects.count(), "everybody was told once"
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return verdict.size, OutboxEntry.objects.count()


def _main(name: str, folder: pathlib.Path) -> None:
    import django

    django.setup()
    people() if name == "people" else reckon(folder)


if __name__ == "__main__":
    _main(sys.argv[1], pathlib.Path(sys.argv[2]))
