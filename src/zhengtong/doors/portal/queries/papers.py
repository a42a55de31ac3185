"""What everybody may learn of a paper by the code printed on it."""

from typing import Any

from django.utils.translation import gettext as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.files import queries as files
from zhengtong.foundation.ui import writing
from zhengtong.matters.cases import queries as cases
from zhengtong.people.identity import queries as identity


def paper_page(token: str, locale: str) -> dict[str, Any]:
    """Kind, number, day, authority and digest; whom it is about only masked. NotFound for an unknown code."""
    notice = cases.notice_by_token(token)
    case = cases.of_notice(notice)
    agency = identity.organisation(case.agency_id)
    file = files.files_by_id([notice.file_id]).get(notice.file_id) if notice.file_id else None
    day = writing.day(notice.issued_on, this_year=clock.today().year, language=locale, style="full")
    rows = [
        {"label": _("Paper"), "value": notice.get_kind_display()},
        {"label": _("Number"), "value": notice.number},
        {"label": _("Service"), "value": case.item_name_en if locale == "en" else case.item_name},
        {"label": _("Addressee"), "value": case.applicant_label},
        {"label": _("Authority"), "value": agency.name if agency else "—"},
        {"label": _("Issued on"), "value": day},
    ]
    return {"rows": rows, "digest": file.digest if file else ""}
