"""Read a DMN document safely: bounded, without DOCTYPE, entities or network."""

from typing import Any

from zhengtong.engines.dmn.definitions import read_definitions
from zhengtong.engines.dmn.errors import DmnError
from zhengtong.engines.dmn.model import Model
from zhengtong.engines.markup import Reader

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 150
_READER = Reader("dmn", DmnError, MAX_BYTES, MAX_DEPTH, most_elements=600_000, most_attributes=200)


def read(xml: bytes) -> Model:
    """The model in `xml`, DMN 1.1 to 1.5.

    At most 16 MiB, 150 levels and 600,000 elements of 200 attributes; no DOCTYPE, so no entities; nothing is fetched.
    Raises `DmnError` with `line N, column M` as position.
    """
    return read_definitions(parse(xml))


def parse(xml: bytes) -> Any:
    """The root element of any XML within the bounds of `read`, without comments and instructions."""
    return _READER.read(xml)
