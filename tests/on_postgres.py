"""Runs pytest with a PostgreSQL of its own as the database of every test: `python tests/on_postgres.py [options]`.

What the first run proved on the embedded default, this one proves on the other database. Where no PostgreSQL can
start it says so and ends well: the first run said the same of each test that needs one.
"""

import os
import subprocess
import sys

import postgres


def main(arguments: list[str]) -> int:
    """The exit status of pytest; 0 where no server can run."""
    try:
        address = postgres.server().create("zhengtong")
    except postgres.PostgresUnavailable as why:
        print(f"not run on PostgreSQL: {why}")  # noqa: T201 this is a program
        return 0
    print(f"once more on PostgreSQL: {' '.join(arguments)}")  # noqa: T201
    command = [sys.executable, "-m", "pytest", "-o", "cache_dir=.pytest_cache/postgres", *arguments]
    return subprocess.run(command, env={**os.environ, "ZHENGTONG_DATABASE": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
