"""Read a BPMN 2.0 document safely and write it back whole."""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from zhengtong.engines.bpmn.compilation.vocabulary import BPMN
from zhengtong.engines.bpmn.errors import BpmnError
from zhengtong.engines.markup import Reader

MAX_BYTES = 8 * 1024 * 1024
_READER = Reader("bpmn", BpmnError, MAX_BYTES, 100, most_elements=200_000, most_attributes=500, whole=True)
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
    root = _READER.read(xml)
    tree = root.getroottree()
    if root.tag != f"{{{BPMN}}}definitions":
        raise BpmnError("bpmn.not_bpmn", position=f"line {root.sourceline}", root=str(root.tag)[:200])
    # libxml2 does not tell an absent word from "no", so the declaration itself is asked.
    standalone = _STANDALONE.match(xml.replace(b"\0", b""))
    return Model(tree, None if standalone is None else standalone[1] == b"yes")


def write(model: Model) -> bytes:
    """The document again, in its own encoding: its canonical XML equals that of what was read."""
    serialise: Any = etree.tostring
    encoding = model.tree.docinfo.encoding or "UTF-8"
    xml: bytes = serialise(model.tree, encoding=encoding, xml_declaration=True, standalone=model.standalone)
    return xml


def as_text(model: Model) -> str:
    """The document as text: without the declaration of an encoding, which a text has none of.

    Whatever its encoding was: not every one that XML may be in is known elsewhere.
    """
    serialise: Any = etree.tostring
    written: str = serialise(model.tree, encoding="unicode")
    return written
