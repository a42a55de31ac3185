"""Compiles one translation table (.po) into the .mo beside it."""

import os
import pathlib
import sys

from babel.messages import mofile, pofile


def compile_table(path: pathlib.Path) -> None:
    with path.open("rb") as source:
        table = pofile.read_po(source)
    fresh = path.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as target:
        mofile.write_mo(target, table)
    fresh.replace(path.with_suffix(".mo"))  # whoever reads meanwhile sees the old table or the new one, whole


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_table(pathlib.Path(name))
