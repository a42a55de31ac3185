"""Read a DMN document safely: bounded, without DOCTYPE, entities or network."""

import re
from typing import Any

from lxml import etree

from zhengtong.engines.dmn.definitions import read_definitions
from zhengtong.engines.dmn.errors import DmnError
from zhengtong.engines.dmn.model import Model

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 150
MAX_ELEMENTS = 600_000
MAX_ATTRIBUTES = 200
_CHUNK = 64 * 1024

# Possessive, so that hostile prologs cost linear time; NULs are dropped first so that UTF-16 is seen as well.
_DOCTYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s++|<\?(?s:.*?)\?>|<!--(?s:.*?)-->)*+<!DOCTYPE", re.IGNORECASE
)


def read(xml: bytes) -> Model:
    """The model in `xml`, DMN 1.1 to 1.5.

    At most 16 MiB, 150 levels and 600,000 elements of 200 attributes; no DOCTYPE, so no entities; nothing is fetched.
    Raises `DmnError` with `line N, column M` as position.
    """
    return read_definitions(parse(xml))


def parse(xml: bytes) -> Any:
    """The root element of any XML within the bounds of `read`, without comments and instructions."""
    if len(xml) > MAX_BYTES:
        raise DmnError("dmn.too_large", size=len(xml), limit=MAX_BYTES)
    if _DOCTYPE.match(xml.replace(b"\0", b"")):
        raise DmnError("dmn.doctype", position="line 1")
    root = _parse(xml)
    if root.getroottree().docinfo.internalDTD is not None:
        raise DmnError("dmn.doctype", position="line 1")
    return root


def _parse(xml: bytes) -> Any:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = count = 0
    try:
        for offset in range(0, len(xml), _CHUNK):
            parser.feed(xml[offset : offset + _CHUNK])
            depth, count = _measure(parser, depth, count)
        root = parser.close()
    except etree.XMLSyntaxError as fault:
        line, column = fault.position
        _measure(parser, depth, count)  # where a bound was passed first, that is the better answer
        reason = str(fault.msg or "no element found")
        raise DmnError("dmn.not_xml", position=f"line {line}, column {column}", reason=reason[:200]) from None
    except DmnError:
        raise
    except (LookupError, ValueError) as fault:
        raise DmnError("dmn.not_xml", position="line 1", reason=str(fault)[:200]) from None
    _measure(parser, depth, count)
    return root


def _measure(parser: Any, depth: int, count: int) -> tuple[int, int]:
    for action, element in parser.read_events():
        if action == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > MAX_DEPTH:
            raise DmnError("dmn.too_deep", position=f"line {element.sourceline}", limit=MAX_DEPTH)
        if count > MAX_ELEMENTS:
            raise DmnError("dmn.too_many", position=f"line {element.sourceline}", limit=MAX_ELEMENTS)
        if len(element.attrib) > MAX_ATTRIBUTES:
            position = f"line {element.sourceline}"
            raise DmnError("dmn.too_many_attributes", position=position, limit=MAX_ATTRIBUTES)
    return depth, count
