"""Handing an application in over HTTP against an echo behind the same signed-in middleware, both through granian.

Run as a program (`--quick` for a glance), or call `figures()` in a process of its own.
"""

import contextlib
import http.client
import json
import os
import pathlib
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1])]

from bench.scene import DAY, TESTS, Office, folder, percentile, settle  # noqa: E402

ROUNDS, REQUESTS, CLIENTS, THREADS = 7, 160, 4, 4
COMPANY = "91110108MA01A00373"
START_SECONDS = 60


@dataclass(frozen=True)
class Request:
    """What is sent: the same body to both addresses."""

    body: bytes
    headers: dict[str, str]


def figures(rounds: int = ROUNDS, requests: int = REQUESTS) -> dict[str, float]:
    """Requests a second of both, and the ratio; medians over alternating rounds."""
    with folder() as place:
        settle(str(place / "ours.sqlite3"), place)
        request = _prepare()
        with _served(place) as port:
            for path, status in (("/bench/echo", 201), ("/api/v1/cases", 201)):
                _send(port, path, request, 24, status)
            echoes, cases, waits = [], [], []
            for _ in range(rounds):
                echoes.append(_send(port, "/bench/echo", request, requests, 201)[0])
                rate, spent = _send(port, "/api/v1/cases", request, requests, 201)
                cases.append(rate)
                waits += spent
    measured = {
        "http_echo_per_second": statistics.median(echoes),
        "http_cases_per_second": statistics.median(cases),
        "http_over_echo": statistics.median(ours / echo for ours, echo in zip(cases, echoes, strict=True)),
        "http_case_p50_ms": percentile(waits, 0.5),
        "http_case_p99_ms": percentile(waits, 0.99),
    }
    return {name: round(value, 3) for name, value in measured.items()}


def _prepare() -> Request:
    """A company, its agent's mandate and a key of his, and an application with files of his own."""
    from factories import identity as people
    from zhengtong.foundation.core import clock
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.people.identity import queries, services

    with clock.frozen(DAY):
        office = Office()
        agent = queries.person(office.world.applicant.person_id or 0)
        account = queries.account(office.world.applicant.account_id or 0)
        assert agent is not None
        assert account is not None
        people.mandate(agent, principal_organisation=queries.organisation_by_uscc(COMPANY))
        key = services.issue_api_key(by=SYSTEM, account=account, name="bench", scopes=("read", "apply"), days=90)
    from django.db import connection

    body = json.dumps({"item": office.world.item.token, "answers": office.answers}, default=str).encode()
    connection.close()
    headers = {
        "Authorization": f"Bearer {key.secret}",
        "X-Acting-As": f"org:{COMPANY}",
        "Content-Type": "application/json",
    }
    return Request(body, headers)


@contextlib.contextmanager
def _served(place: pathlib.Path) -> Iterator[int]:
    """Granian on a free port, as `zhengtong serve` starts it; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        str(pathlib.Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", str(THREADS), "--log-level", "warning", "--no-ws"),
        "bench.http_site:application",
    ]
    with (place / "granian.log").open("wb") as log:
        served = subprocess.Popen(
            command, cwd=TESTS, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(TESTS)}
        )
        try:
            _wait_for(port, served, place / "granian.log")
            yield port
        finally:
            served.terminate()
            served.wait(30)


def _wait_for(port: int, served: subprocess.Popen[bytes], log: pathlib.Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and served.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"granian does not answer: {log.read_text(errors='replace')[-2000:]}")


def _send(port: int, path: str, request: Request, requests: int, expected: int) -> tuple[float, list[float]]:
    """Requests a second over kept-alive connections, and each wait in seconds."""
    waits: list[float] = []
    faults: list[str] = []
    left = iter(range(requests))

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in left:
            begun = time.perf_counter()
            connection.request("POST", path, request.body, request.headers | {"Idempotency-Key": secrets.token_hex(16)})
            answer = connection.getresponse()
            said = answer.read()
            waits.append(time.perf_counter() - begun)
            if answer.status != expected:
                faults.append(f"{answer.status} {said[:500]!r}")
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - begun
    assert not faults, faults[0]
    return requests / spent, waits


if __name__ == "__main__":
    small = {"rounds": 1, "requests": 16} if "--quick" in sys.argv else {}
    sys.stdout.write(json.dumps(figures(**small), indent=2) + "\n")
