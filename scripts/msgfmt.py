"""Compiles one translation table (.po) into the .mo beside it."""

import pathlib
import sys

from babel.messages import mofile, pofile


def compile_table(path: pathlib.Path) -> None:
    with path.open("rb") as source:
        table = pofile.read_po(source)
    with path.with_suffix(".mo").open("wb") as target:
        mofile.write_mo(target, table)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_table(pathlib.Path(name))
