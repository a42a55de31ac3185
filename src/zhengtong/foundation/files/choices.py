"""Names that stored files use: what a scan found, how long a file is kept, which types a purpose accepts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScanState(models.TextChoices):
    NOT_SCANNED = "not_scanned", _("Not scanned (no scanner is set up)")
    CLEAN = "clean", _("Scanned, nothing found")


class Retention(models.TextChoices):
    """How long content is kept; the row with its digest stays (档案: 机关归档文件保管期限)."""

    DRAFT = "draft", _("With the draft")
    CASE = "case", _("With the case file")
    TEN_YEARS = "ten_years", _("10 years")
    THIRTY_YEARS = "thirty_years", _("30 years")
    PERMANENT = "permanent", _("Permanently")


PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
HEIC = "image/heic"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"
DOC = "application/msword"
TEXT = "text/plain"
CSV = "text/csv"
ZIP = "application/zip"

# What an applicant may hand in, by the ending of the name; the content decides (see content.py).
ENDINGS = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": PNG,
    "webp": WEBP,
    "heic": HEIC,
    "docx": DOCX,
    "xlsx": XLSX,
    "ofd": OFD,
    "doc": DOC,
    "txt": TEXT,
    "csv": CSV,
    "zip": ZIP,
}
PAPERS = frozenset({PDF, OFD, DOCX, DOC, JPEG, PNG, WEBP, HEIC})
SHOWN_INLINE = frozenset({PDF, JPEG, PNG, WEBP})
