"""XML from strangers, read safely: bounded in every direction, without DOCTYPE, entities or network."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from lxml import etree

from zhengtong.engines.errors import EngineError

_CHUNK = 64 * 1024

# Possessive, so that hostile prologs cost linear time; NULs are dropped first so that UTF-16 is seen as well.
_DOCTYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s++|<\?(?s:.*?)\?>|<!--(?s:.*?)-->)*+<!DOCTYPE", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one kind of document: at most so many bytes, levels, elements, and attributes of an element.

    What is refused raises `error` with a code that begins with `prefix`: `too_large`, `doctype`, `not_xml`,
    `too_deep`, `too_many`, `too_many_attributes`. Comments and instructions are left out unless `whole`.
    """

    prefix: str
    error: type[EngineError]
    most_bytes: int
    most_levels: int
    most_elements: int
    most_attributes: int
    whole: bool = False

    def read(self, xml: bytes) -> Any:
        """The root element. What is refused says `line N, column M` or `line N` as position."""
        if len(xml) > self.most_bytes:
            raise self.error(f"{self.prefix}.too_large", size=len(xml), limit=self.most_bytes)
        if _DOCTYPE.match(xml.replace(b"\0", b"")):
            self.refuse("doctype", "line 1")
        root = self._parsed(xml)
        if root.getroottree().docinfo.internalDTD is not None:
            self.refuse("doctype", "line 1")
        return root

    def refuse(self, code: str, position: str, **params: object) -> NoReturn:
        """Raise the error of this kind of document."""
        raise self.error(f"{self.prefix}.{code}", position=position, **params)

    def _parsed(self, xml: bytes) -> Any:
        parser = etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=not self.whole,
            remove_pis=not self.whole,
        )
        measure = _Measure(self)
        try:
            for offset in range(0, len(xml), _CHUNK):
                parser.feed(xml[offset : offset + _CHUNK])
                measure.take(parser.read_events())
            root = parser.close()
        except etree.XMLSyntaxError as fault:
            line, column = fault.position
            measure.take(parser.read_events())  # where a bound was passed first, that is the better answer
            reason = str(fault.msg or "no element found")
            position = f"line {line}, column {column}"
            raise self.error(f"{self.prefix}.not_xml", position=position, reason=reason[:200]) from None
        except self.error:
            raise
        except (LookupError, ValueError) as fault:
            raise self.error(f"{self.prefix}.not_xml", position="line 1", reason=str(fault)[:200]) from None
        measure.take(parser.read_events())
        return root


@dataclass(slots=True)
class _Measure:
    """How deep a document is at this place, and how many elements were met."""

    reader: Reader
    depth: int = 0
    count: int = 0

    def take(self, found: Iterator[tuple[str, Any]]) -> None:
        bounds, depth, count = self.reader, self.depth, self.count
        levels, elements, attributes = bounds.most_levels, bounds.most_elements, bounds.most_attributes
        for action, element in found:
            if action == "end":
                depth -= 1
                continue
            depth += 1
            count += 1
            if depth > levels:
                bounds.refuse("too_deep", f"line {element.sourceline}", limit=levels)
            if count > elements:
                bounds.refuse("too_many", f"line {element.sourceline}", limit=elements)
            if len(element.attrib) > attributes:
                bounds.refuse("too_many_attributes", f"line {element.sourceline}", limit=attributes)
        self.depth, self.count = depth, count
