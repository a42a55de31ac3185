"""The shape of a letter: what every official paper to an applicant consists of, independent of its drawing."""

import datetime as dt
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhengtong.engines.documents.errors import DocumentError
from zhengtong.engines.documents.facts import format_date


class LetterKind(enum.StrEnum):
    """The papers of a licence case, in the order in which a case meets them."""

    RECEIPT = "receipt"  # 收件凭证
    CORRECTION = "correction"  # 补正告知书
    ACCEPTANCE = "acceptance"  # 受理通知书
    NON_ACCEPTANCE = "non_acceptance"  # 不予受理通知书
    SPECIAL_PROCEDURE = "special_procedure"  # 特别程序告知书
    EXTENSION = "extension"  # 延期通知书
    APPROVAL = "approval"  # 准予行政许可决定书
    REFUSAL = "refusal"  # 不予行政许可决定书
    DELIVERY = "delivery"  # 送达回证


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one kind; `keep` never breaks across lines (a date, 第三十二条, 10个工作日)."""

    text: str
    strong: bool = False
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs of text; `style` is `text` (first line two characters in), `item` (numbered) or `address`."""

    runs: tuple[Run, ...]
    style: str = "text"

    @property
    def text(self) -> str:
        """What it says, without its marks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain text under an optional head; `weights` are the relative widths of the columns."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """A round seal: the authority along its upper arc, the code under the date."""

    authority: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What stands at the foot, so that anybody can check the paper: a QR code is never the only way (LOOK §3)."""

    payload: str
    address: str
    lines: tuple[tuple[str, str], ...] = ()
    title: str = ""
    address_label: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to be drawn."""

    kind: LetterKind
    locale: str
    issuer: str
    title: str
    number: str
    addressee: str
    body: tuple[Paragraph | Table, ...]
    date: dt.date
    seal: Seal | None = None
    verification: Verification | None = None
    note: str = ""

    @property
    def text(self) -> str:
        """Everything the letter says, a line a paragraph or table row (search, read aloud, tests)."""
        lines = [self.issuer, self.title, self.number, self.addressee]
        for block in self.body:
            if isinstance(block, Paragraph):
                lines.append(block.text)
            else:
                lines.extend("\t".join(row) for row in ((block.head,) if block.head else ()) + block.rows)
        return "\n".join(line for line in [*lines, self.issuer, format_date(self.date, self.locale)] if line)


_KEEP = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日(?:（星期[一二三四五六日]）)?"
    r"|\d+个(?:工作日|自然日|月|小时)"
    r"|第[一二三四五六七八九十百零]+条(?:第[一二三四五六七八九十]+款)?(?:第（[一二三四五六七八九十]+）项)?"
    r"|\d{4,}"
    r"|〔\d{4}〕\d+号"
)


def runs(text: str, *, strong: bool = False) -> tuple[Run, ...]:
    """`text` cut so that dates, articles and counts stay whole: a lone digit at a line's end looks careless."""
    cut: list[Run] = []
    start = 0
    for found in _KEEP.finditer(text):
        if found.start() > start:
            cut.append(Run(text[start : found.start()], strong))
        cut.append(Run(found.group(), strong, keep=len(found.group()) <= 24))
        start = found.end()
    if start < len(text):
        cut.append(Run(text[start:], strong))
    return tuple(cut)


def document_number(mark: str, year: int, serial: int) -> str:
    """`示市监许受〔2025〕0317号`: mark, year in hexagonal brackets, serial that outgrows four digits when needed.

    Raises DocumentError for an empty mark or a serial below 1 (GB/T 9704-2012 §7.2.5 for brackets and order).
    """
    if not mark or serial < 1:
        raise DocumentError("documents.number", position="/number", mark=mark, serial=serial)
    return f"{mark}〔{year}〕{serial:04d}号"


def letter_data(letter: Letter) -> dict[str, Any]:
    """The letter as the JSON object that the house template draws; strings only, nothing is source."""
    return {
        "kind": letter.kind.value,
        "lang": "en" if letter.locale == "en" else "zh",
        "issuer": letter.issuer,
        "title": letter.title,
        "number": letter.number,
        "addressee": letter.addressee,
        "body": [_block(block) for block in letter.body],
        "date": format_date(letter.date, letter.locale),
        "seal": seal_data(letter.seal),
        "verification": verification_data(letter.verification),
        "note": letter.note,
    }


def _block(block: Paragraph | Table) -> dict[str, Any]:
    if isinstance(block, Table):
        return {
            "type": "table",
            "head": list(block.head),
            "rows": [list(row) for row in block.rows],
            "weights": list(block.weights) or [1] * len(block.rows[0]),
        }
    return {
        "type": block.style,
        "runs": [{"text": run.text, "strong": run.strong, "keep": run.keep} for run in block.runs],
    }


def seal_data(seal: Seal | None) -> Mapping[str, str] | None:
    """A seal as JSON, or None where the paper bears none."""
    return None if seal is None else {"authority": seal.authority, "code": seal.code}


def verification_data(verification: Verification | None) -> Mapping[str, Any] | None:
    """The foot as JSON, or None; the QR picture itself is made beside it."""
    if verification is None:
        return None
    return {
        "title": verification.title,
        "address": verification.address,
        "address_label": verification.address_label,
        "lines": [list(line) for line in verification.lines],
    }
