"""Verbs of licences: issue, reissue, end, note a use, draw the certificate."""

from zhengtong.matters.licences.services.certificates import drawn
from zhengtong.matters.licences.services.issuing import (
    Entry,
    Grant,
    end_licence,
    issue_licence,
    note_use,
    reissue_licence,
)

__all__ = ["Entry", "Grant", "drawn", "end_licence", "issue_licence", "note_use", "reissue_licence"]
