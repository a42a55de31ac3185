"""Drawing a licence as a signed PDF: after the commit, or when somebody asks for one not drawn yet."""

from django.conf import settings

from zhengtong.foundation.core.writes import write
from zhengtong.foundation.files.rendering import render_licence
from zhengtong.foundation.files.services import store_bytes
from zhengtong.foundation.files.signing import sign_pdf
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases.queries import item_of
from zhengtong.matters.licences.models import Licence


def drawn(licence: Licence) -> int:
    """The file of a licence, drawn now where it has not been yet; Unavailable while the renderer is away."""
    if licence.file_id is None:
        draw(licence)
        licence.refresh_from_db(fields=["file_id"])
    assert licence.file_id is not None, "a drawn licence has its file"
    return licence.file_id


def draw(licence: Licence) -> None:
    """Render with the pack's template, sign and store; one file a licence however often it is asked."""
    item = item_of(licence.case_id)
    pdf = sign_pdf(render_licence(certificate_facts(licence), template=item.template if item else None))
    stored = store_bytes(
        by=SYSTEM,
        name=f"{licence.number}.pdf",
        data=pdf,
        purpose="licence",
        sensitive=True,
        organisation_id=licence.holder_organisation_id,
        person_id=licence.holder_person_id,
    )
    write(lambda: Licence.objects.filter(id=licence.id, file_id__isnull=True).update(file_id=stored.id))


def certificate_facts(licence: Licence) -> dict[str, object]:
    """Everything the certificate says."""
    address = f"{settings.ZT_PUBLIC_ADDRESS}/verify/licence/{licence.token}/"
    return {
        "title": licence.name,
        "number": licence.number,
        "fields": [{"label": entry["label"], "value": entry["value"]} for entry in licence.fields],
        "issuer": licence.issuer_name,
        "date": licence.issued_on.isoformat(),
        "seal": {"authority": licence.issuer_name, "code": licence.issuer_code},
        "identifier": licence.identifier,
        "verification": {"payload": address, "address": address},
    }
