"""Check and review: only what is fit goes to the second person, and only the second person publishes."""

from django.utils.translation import gettext as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.modelling.choices import Standing
from zhengtong.matters.modelling.models import ModelVersion
from zhengtong.matters.modelling.queries import checked
from zhengtong.matters.modelling.registry import DRAW, REVIEW
from zhengtong.matters.modelling.rules import had_a_hand_in
from zhengtong.matters.modelling.services.drafting import held
from zhengtong.matters.workflow.services import put_in_force

LEAST, LONGEST = 2, 500


def submit(*, by: Actor, version_id: int) -> ModelVersion:
    """Send a draft to review. Raises NotAllowed; Conflict: no draft; Invalid: what the check found is in the way."""
    policy.require(by, DRAW)

    def job() -> ModelVersion:
        version = _in_state(version_id, Standing.DRAFT, _("Only a draft can be sent to review."))
        found = checked(bytes(version.xml), by.locale)
        if not found.fit:
            faults = [
                (remark.elements[0] if remark.elements else "", remark.code, remark.text) for remark in found.remarks
            ]
            raise Invalid("modelling.unfit", _("The check found what is in the way of using it."), faults)
        version.state = Standing.REVIEWING
        version.submitted_by, version.submitted_by_name, version.submitted_at = by.account_id, by.name, clock.now()
        version.save()
        _tell(by, "modelling.submitted", version, "")
        return version

    return write(job)


def send_back(*, by: Actor, version_id: int, opinion: str) -> ModelVersion:
    """Back to draft with a reason: by a reviewer, or by one who drew it and wants it back."""
    policy.require(by, REVIEW if not policy.may(by, DRAW) else DRAW)
    _said(opinion)

    def job() -> ModelVersion:
        version = _in_state(version_id, Standing.REVIEWING, _("Only what is under review can be sent back."))
        version.state, version.opinion = Standing.DRAFT, opinion.strip()
        version.reviewed_by, version.reviewed_by_name, version.reviewed_at = by.account_id, by.name, clock.now()
        version.save()
        _tell(by, "modelling.returned", version, opinion)
        return version

    return write(job)


def publish(*, by: Actor, version_id: int, opinion: str) -> ModelVersion:
    """Publish what another drew; from now on it never changes.

    Raises NotAllowed (no reviewer, or a hand in it); Conflict: not under review; Invalid: no opinion, or unfit.
    """
    policy.require(by, REVIEW)
    _said(opinion)

    def job() -> ModelVersion:
        version = _in_state(version_id, Standing.REVIEWING, _("Only what is under review can be published."))
        if had_a_hand_in(by, version):
            sentence = _("You had a hand in this version, so another person reviews it (four eyes).")
            raise NotAllowed("modelling.four_eyes", sentence)
        if not checked(bytes(version.xml), by.locale).fit:  # the house may know less than when it was submitted
            raise Invalid("modelling.unfit", _("The check found what is in the way of using it."))
        version.definition_id = put_in_force(by=by, xml=bytes(version.xml))
        version.state, version.opinion = Standing.PUBLISHED, opinion.strip()
        version.reviewed_by, version.reviewed_by_name, version.reviewed_at = by.account_id, by.name, clock.now()
        version.save()
        _tell(by, "modelling.published", version, opinion)
        return version

    return write(job)


def _in_state(version_id: int, state: Standing, otherwise: str) -> ModelVersion:
    version = held(version_id)
    if version.state != state:
        raise Conflict("modelling.moved_on", otherwise)
    return version


def _said(opinion: str) -> None:
    if not LEAST <= len(opinion.strip()) <= LONGEST:
        sentence = _("Say your opinion in 2 to 500 characters.")
        raise Invalid("modelling.opinion", sentence, [("opinion", "modelling.opinion", sentence)])


def _tell(by: Actor, type_: str, version: ModelVersion, opinion: str) -> None:
    told = {"model": version.model_id, "number": version.number, "digest": version.digest}
    ledger.record(by=by, type=type_, subject=("process_model", version.id), payload=told, reason=opinion.strip())
