"""Official papers: what a letter says and how a certificate is laid out, as data for a Typst template.

The engine composes and checks; it never draws. Text that people typed travels to the template as JSON strings,
never as Typst source, so a name such as `#import "x"` prints as the text it is.
"""

from zhengtong.engines.documents.certificate import Certificate, certificate_data, compose_certificate
from zhengtong.engines.documents.errors import DocumentError
from zhengtong.engines.documents.facts import clean_text
from zhengtong.engines.documents.letters import (
    Letter,
    LetterKind,
    Paragraph,
    Run,
    Seal,
    Table,
    Verification,
    document_number,
    letter_data,
)
from zhengtong.engines.documents.marks import qr_svg
from zhengtong.engines.documents.wording import compose_letter, letter_title

__all__ = [
    "Certificate",
    "DocumentError",
    "Letter",
    "LetterKind",
    "Paragraph",
    "Run",
    "Seal",
    "Table",
    "Verification",
    "certificate_data",
    "clean_text",
    "compose_certificate",
    "compose_letter",
    "document_number",
    "letter_data",
    "letter_title",
    "qr_svg",
]
