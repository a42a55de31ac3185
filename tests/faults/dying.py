"""A worker killed in the middle of its third action: `python -m faults.dying DATABASE FOLDER WHAT`."""

import os
import signal
import sys

from bench.scene import settle


def main(address: str, var: str, what: str) -> None:
    """Do what is due, until the end."""
    import pathlib

    settle(address, pathlib.Path(var))
    from factories import processes as made  # noqa: F401 its subjects can be loaded
    from zhengtong.matters.workflow import tasks
    from zhengtong.matters.workflow.registry import actions

    calls: list[object] = []

    def act(call: object) -> None:
        calls.append(call)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    actions.add("tests.act@1", act)
    work = tasks.fire_due_timers if what == "timers" else tasks.begin_due_processes
    while (tasks.deliver_messages if "message" in what else work)():
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
