"""Which version of a draft a program changes: the ETag of what it read, sent back as If-Match."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengtong.doors.api.api.problems import Stale, VersionNeeded

IF_MATCH: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "If-Match",
            "required": True,
            "schema": {"type": "string"},
            "description": 'The ETag of the draft as it was read, such as "3".',
        }
    ]
}
"""For `openapi_extra` of every endpoint that saves a draft."""


def version_sent(request: HttpRequest, stale: str) -> int:
    """The version that was read. VersionNeeded without one; Stale, with the code `stale`, for what is no version."""
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not tag:
        raise VersionNeeded("api.if_match", _("Send If-Match with the ETag of the draft you have read."))
    if not tag.isdecimal() or not tag.isascii() or len(tag) > 9:
        raise Stale(stale, _("This is not the version of this draft; read it again."))
    return int(tag)
