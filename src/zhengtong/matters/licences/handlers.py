"""What follows the commit of a licence's events."""

from zhengtong.foundation.ledger.registry import Delivery, subscribe
from zhengtong.matters.licences.models import Licence
from zhengtong.matters.licences.services.certificates import draw


def draw_certificate(delivery: Delivery) -> None:
    """Draw the certificate once; that of imported history is drawn when somebody asks for it."""
    licence = Licence.objects.filter(id=delivery.subject[1], file_id__isnull=True).first()
    if licence is not None and not delivery.imported:
        draw(licence)


subscribe("licence.issued", "licences.draw", draw_certificate)
