"""What a bare clone is set up with: the Python that is taken, and what is said where none will do."""

import os
import pathlib
import subprocess

from django.conf import settings
from house_sources import ROOT

SCRIPT = ROOT / "scripts" / "python"


def chosen(*given: str, path: str = os.defpath) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, *given], capture_output=True, text=True, check=False, timeout=60, env={"PATH": path})


def a_python(folder: pathlib.Path, *, able: bool) -> str:
    """A program that answers as a Python does that has all that is needed, or has not."""
    program = folder / "python3"
    program.write_text(f"#!/bin/sh\nexit {0 if able else 1}\n", encoding="ascii")
    program.chmod(0o755)
    return str(program)


def test_the_python_given_is_taken(tmp_path: pathlib.Path) -> None:
    mine = a_python(tmp_path, able=True)
    assert (chosen(mine).stdout, chosen(mine).returncode) == (f"{mine}\n", 0)


def test_one_that_will_not_do_is_refused_with_what_to_do(tmp_path: pathlib.Path) -> None:
    mine = a_python(tmp_path, able=False)
    refused = chosen(mine)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert mine in refused.stderr
    assert "python3-venv" in refused.stderr
    assert "PYTHON=" in refused.stderr


def test_the_one_of_the_distribution_comes_first(tmp_path: pathlib.Path) -> None:
    """Another of the same name before it on the path is not asked."""
    mine = a_python(tmp_path, able=True)
    found = chosen(path=f"{tmp_path}:{os.defpath}").stdout.strip()
    distribution = subprocess.run([SCRIPT, "/usr/bin/python3"], capture_output=True, check=False).returncode == 0
    assert found == ("/usr/bin/python3" if distribution else mine)


def test_tests_touch_nothing_of_a_city_set_up_in_the_same_checkout() -> None:
    """`make demo` and then `make test`: the keys there are closed by another master key."""
    assert not pathlib.Path(settings.VAR).resolve().is_relative_to(ROOT)
