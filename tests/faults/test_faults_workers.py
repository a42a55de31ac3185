"""Several processes serve: what is allowed so many times is allowed so many times by all of them together."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from faults import crash
from zhengtong.doors.api.api.limits import WRONG_CODES_OF_A_NUMBER
from zhengtong.doors.cli.house import ENDING_SECONDS

WORKERS = 3
START = "from zhengtong.doors.cli.main import main; main()"


@contextlib.contextmanager
def serving(folder: pathlib.Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The server and its port; it is told to end, and must."""
    port = crash._free_port()
    command = [sys.executable, "-c", START, "serve", "--port", str(port), *options]
    with subprocess.Popen(command, env=crash.environment(folder), start_new_session=True) as server:
        try:
            yield server, port
            server.terminate()
            server.wait(ENDING_SECONDS + 10)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)


def guess(port: int) -> tuple[int, str]:
    """One wrong guess over a line of its own, so that any process may answer it."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        typed = json.dumps({"number": "110108202503030001", "code": "WRONGWRONG"})
        line.request("POST", "/api/v1/progress", typed, {"Content-Type": "application/json"})
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())["code"]
    finally:
        line.close()


def awaited(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/api/v1/items")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
        finally:
            line.close()
    pytest.fail("the server does not answer")


def test_guesses_are_counted_by_all_processes_together(deployment: pathlib.Path) -> None:
    with serving(deployment, "--workers", str(WORKERS), "--threads", "2") as (server, port):
        awaited(server, port)
        told = [guess(port) for _ in range(WRONG_CODES_OF_A_NUMBER.most)]
        assert {status for status, _code in told} == {404}
        with concurrent.futures.ThreadPoolExecutor(12) as crowd:
            later = list(crowd.map(guess, [port] * 24))
    assert {status for status, _code in later} == {429}, later


def test_a_second_server_that_counts_alone_does_not_start(deployment: pathlib.Path) -> None:
    with serving(deployment, "--workers", "1") as (server, port):
        awaited(server, port)
        second = subprocess.run(
            [sys.executable, "-c", "import zhengtong.config.wsgi"],
            env=crash.environment(deployment) | {"ZHENGTONG_BACKGROUND": "0"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert second.returncode != 0
    assert "ZHENGTONG_CACHE=database" in second.stderr


def test_several_processes_that_would_count_alone_are_refused(tmp_path: pathlib.Path) -> None:
    environment = crash.environment(tmp_path) | {"ZHENGTONG_CACHE": "local", "LANG": "C", "LC_ALL": "C"}
    command = [sys.executable, "-c", START, "serve", "--workers", "2"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "ZHENGTONG_CACHE" in done.stderr
    assert not (tmp_path / "zhengtong.sqlite3").exists(), "nothing was begun"
    assert os.listdir(tmp_path) in ([], ["keys"])


def test_a_server_that_is_told_to_end_while_it_starts_ends(tmp_path: pathlib.Path) -> None:
    """Its processes are there but still load; none of them may go on to serve, nor may it wait for them for ever."""
    with serving(tmp_path, "--workers", str(WORKERS)) as (server, _port):
        until = time.monotonic() + 60
        while len(_children(server.pid)) < WORKERS:
            assert time.monotonic() < until, "the server starts no processes"
            time.sleep(0.02)
        time.sleep(0.3)
        server.terminate()
        server.wait(ENDING_SECONDS / 2)
    assert server.returncode == 0


def _children(pid: int) -> list[str]:
    """What a process has started, once it is granian; the command before it starts none."""
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
