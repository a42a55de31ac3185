"""Drawing the papers of a case after the commit: facts of the act and of the case become a signed PDF."""

from typing import Any

from django.conf import settings

from zhengtong.foundation.core.writes import write
from zhengtong.foundation.files.rendering import render_letter
from zhengtong.foundation.files.services import store_bytes
from zhengtong.foundation.files.signing import sign_pdf
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases.models import Case, CaseMaterial, Notice, Submission
from zhengtong.matters.cases.services.specs import Spec, spec_of
from zhengtong.people.identity import queries as identity


def draw_pending(case_id: int) -> int:
    """Draw every paper of a case that has no PDF yet; answers how many. Safe to repeat: one file a paper."""
    drawn = 0
    for notice in Notice.objects.filter(case_id=case_id, file_id__isnull=True).order_by("id"):
        draw_notice(notice)
        drawn += 1
    return drawn


def drawn(notice: Notice) -> int:
    """The file of a paper, drawn now where it has not been yet; Unavailable while the renderer is away."""
    if notice.file_id is None:
        draw_notice(notice)
        notice.refresh_from_db(fields=["file_id"])
    assert notice.file_id is not None, "a drawn paper has its file"
    return notice.file_id


def draw_notice(notice: Notice) -> None:
    """Render, sign and store one paper, then note the file on its row."""
    case = Case.objects.get(id=notice.case_id)
    pdf = sign_pdf(render_letter(notice.kind, notice_facts(notice, case)))
    stored = store_bytes(
        by=SYSTEM,
        name=f"{notice.number}.pdf",
        data=pdf,
        purpose="case.notice",
        sensitive=True,
        organisation_id=case.applicant_organisation_id,
        person_id=case.applicant_person_id,
    )
    write(lambda: Notice.objects.filter(id=notice.id, file_id__isnull=True).update(file_id=stored.id))


def notice_facts(notice: Notice, case: Case) -> dict[str, Any]:
    """Everything the letter says: the case's facts under those noted at the time of the act."""
    spec = spec_of(case.item_id)
    agency = identity.organisation(case.agency_id)
    issuer = agency.name_zh if agency else ""
    address = f"{settings.ZT_PUBLIC_ADDRESS}/verify/paper/{notice.token}/"
    facts: dict[str, Any] = {
        "issuer": issuer,
        "number": notice.number,
        "addressee": case.applicant["name"],
        "addressee_kind": case.applicant_kind,
        "item": case.item_name,
        "matter": spec.matter,
        "date": notice.issued_on.isoformat(),
        "applied_on": case.submitted_at.date().isoformat(),
        "short_no": case.short_no,
        "basis": [{"text": article} for article in spec.basis],
        "seal": {"authority": issuer, "code": agency.uscc if agency and agency.uscc else ""},
        "verification": {"payload": address, "address": address, "case_no": case.short_no},
    }
    if case.accepted_on:
        facts["accepted_on"] = case.accepted_on.isoformat()
    if notice.kind == "receipt":
        facts["materials"] = _materials(case, spec)
    return {**facts, **notice.data}


def _materials(case: Case, spec: Spec) -> list[dict[str, str]]:
    number = Submission.objects.filter(case_id=case.id).latest("number").number
    rows = CaseMaterial.objects.filter(case_id=case.id, submission=number).order_by("id")
    listed = [{"name": row.name, "form": row.get_source_display(), "count": "1"} for row in rows]
    return [{"name": f"{spec.name}申请表", "form": "在线填写", "count": "1"}, *listed]
