"""Read a BPMN 2.0 document safely and write it back whole."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.vocabulary import BPMN
from zhengtong.engines.bpmn.errors import BpmnError

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 200_000
MAX_ATTRIBUTES = 500
_CHUNK = 64 * 1024

# Possessive, so that hostile prologs cost linear time; NULs are dropped first so that UTF-16 is seen as well.
_DOCTYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s++|<\?(?s:.*?)\?>|<!--(?s:.*?)-->)*+<!DOCTYPE", re.IGNORECASE
)
_STANDALONE = re.compile(rb"""[^<]{0,3}<\?xml [^>]{0,200}?standalone\s*=\s*["'](yes|no)["']""")


@dataclass(frozen=True, slots=True)
class Model:
    """A whole BPMN document: every element, attribute, comment, extension and diagram, in order.

    Made by `read`; to be treated as unchangeable. `tree` is for the engine's own modules.
    """

    tree: Any
    standalone: bool | None = None

    @property
    def process_ids(self) -> tuple[str, ...]:
        """The ids of the processes, in document order; one without an id counts as empty text."""
        return tuple(process.get("id") or "" for process in self.tree.getroot().findall(f"{{{BPMN}}}process"))


def read(xml: bytes) -> Model:
    """The model in `xml` (at most 8 MiB, 100 levels, 200,000 elements of 500 attributes; no DOCTYPE, so no entities).

    Raises `BpmnError` with `line N, column M` as position. Nothing is fetched and nothing is left out.
    """
    if len(xml) > MAX_BYTES:
        raise BpmnError("bpmn.too_large", size=len(xml), limit=MAX_BYTES)
    plain = xml.replace(b"\0", b"")
    if _DOCTYPE.match(plain):
        raise BpmnError("bpmn.doctype", position="line 1")
    root = _parse(xml)
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise BpmnError("bpmn.doctype", position="line 1")
    if root.tag != f"{{{BPMN}}}definitions":
        raise BpmnError("bpmn.not_bpmn", position=f"line {root.sourceline}", root=str(root.tag)[:200])
    # libxml2 does not tell an absent word from "no", so the declaration itself is asked.
    standalone = _STANDALONE.match(plain)
    return Model(tree, None if standalone is None else standalone[1] == b"yes")


def write(model: Model) -> bytes:
    """The document again, in its own encoding: its canonical XML equals that of what was read."""
    serialise: Any = etree.tostring
    encoding = model.tree.docinfo.encoding or "UTF-8"
    xml: bytes = serialise(model.tree, encoding=encoding, xml_declaration=True, standalone=model.standalone)
    return xml


def _parse(xml: bytes) -> Any:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
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
        raise BpmnError("bpmn.not_xml", position=f"line {line}, column {column}", reason=reason[:200]) from None
    except BpmnError:
        raise
    except (LookupError, ValueError) as fault:
        raise BpmnError("bpmn.not_xml", position="line 1", reason=str(fault)[:200]) from None
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
            raise BpmnError("bpmn.too_deep", position=f"line {element.sourceline}", limit=MAX_DEPTH)
        if count > MAX_ELEMENTS:
            raise BpmnError("bpmn.too_many", position=f"line {element.sourceline}", limit=MAX_ELEMENTS)
        if len(element.attrib) > MAX_ATTRIBUTES:
            position = f"line {element.sourceline}"
            raise BpmnError("bpmn.too_many_attributes", position=position, limit=MAX_ATTRIBUTES)
    return depth, count
