"""Marks that machines read: the two-dimensional code of a paper, drawn as SVG."""

import io

import segno

from zhengtong.engines.documents.errors import DocumentError

LONGEST_PAYLOAD = 600


def qr_svg(payload: str) -> str:
    """The QR code of `payload` as SVG text with its quiet zone of four modules (ISO/IEC 18004 §6.3.8).

    Error correction M. Raises DocumentError `documents.qr_payload` when empty or past 600 characters: a code
    denser than that no longer reads from paper.
    """
    if not payload or len(payload) > LONGEST_PAYLOAD:
        raise DocumentError("documents.qr_payload", position="/verification/payload", limit=LONGEST_PAYLOAD)
    drawn = io.BytesIO()
    segno.make(payload, error="m", micro=False, boost_error=False).save(
        drawn, kind="svg", border=4, dark="#16262e", light="#ffffff", xmldecl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode("ascii")
