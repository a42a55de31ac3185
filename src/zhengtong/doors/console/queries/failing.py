"""Why something failed, in words, with the code that operators search for beside them."""

from django.utils.translation import gettext as _

from zhengtong.doors.console.choices import FAILING_AREAS, FAILURES
from zhengtong.matters.workflow.choices import TroubleKind

OWN = (TroubleKind.ESCALATION, TroubleKind.ERROR)
"""Kinds whose reason is a code of the model: it says what who drew it wanted to say."""


def why(code: str) -> str:
    """What a kept code means; nothing for none."""
    if not code:
        return ""
    area = code.partition(".")[0] if "." in code else ""
    words = FAILURES.get(code) or FAILING_AREAS.get(area, FAILING_AREAS[""])
    return _("%(words)s (%(code)s)") % {"words": words, "code": code}


def why_of(kind: str, code: str) -> str:
    """What a kept trouble of a kind means."""
    return code if kind in OWN else why(code)
