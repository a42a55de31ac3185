"""Check and review: only what is fit goes to the second person, and only the second person publishes."""

from django.utils.translation import gettext as _

from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.modelling.choices import Standing
from zhengtong.matters.modelling.models import ModelVersion
from zhengtong.matters.modelling.queries import Checked, checked_of
from zhengtong.matters.modelling.registry import DRAW, REVIEW
from zhengtong.matters.modelling.rules import had_a_hand_in
from zhengtong.matters.modelling.services.drafting import held, tell
from zhengtong.matters.modelling.services.serving import serve
from zhengtong.matters.workflow.services import put_in_force

LEAST, LONGEST = 2, 500


def submit(*, by: Actor, version_id: int) -> ModelVersion:
    """Send a draft to review. Raises NotAllowed; Conflict: no draft; Invalid: what the check found is in the way."""
    policy.require(by, DRAW)

    def job() -> ModelVersion:
        version = _in_state(version_id, Standing.DRAFT, _("Only a draft can be sent to review."))
        require_fit(checked_of(version, by.locale))
        version.state = Standing.REVIEWING
        version.submitted_by, version.submitted_by_name, version.submitted_at = by.account_id, by.name, clock.now()
        version.save()
        tell(by, "modelling.submitted", version)
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
        tell(by, "modelling.returned", version, opinion)
        return version

    return write(job)


def publish(*, by: Actor, version_id: int, opinion: str) -> ModelVersion:
    """Publish what another drew; from now on it never changes, and new cases of the service it is for run by it.

    Cases that run keep the version they began with, until they are moved. Raises NotAllowed (no reviewer, or a hand in
    it); Conflict: not under review, or no version of the service in use; Invalid: no opinion, or unfit (each fault
    with its elements).
    """
    policy.require(by, REVIEW)
    _said(opinion)

    def job() -> ModelVersion:
        version = _in_state(version_id, Standing.REVIEWING, _("Only what is under review can be published."))
        if had_a_hand_in(by, version):
            sentence = _("You had a hand in this version, so another person reviews it (four eyes).")
            raise NotAllowed("modelling.four_eyes", sentence)
        require_fit(checked_of(version, by.locale))  # the house may know less than when it was submitted
        version.definition_id = put_in_force(by=by, xml=bytes(version.xml))
        served = serve(by, version) if version.model.item_key else {}
        version.state, version.opinion = Standing.PUBLISHED, opinion.strip()
        version.reviewed_by, version.reviewed_by_name, version.reviewed_at = by.account_id, by.name, clock.now()
        version.save()
        tell(by, "modelling.published", version, opinion, served)
        return version

    return write(job)


def require_fit(found: Checked) -> None:
    """Invalid with every fault that is in the way of using a text, each with the elements it is about."""
    if not found.fit:
        faults = [
            (remark.elements[0] if remark.elements else "", remark.code, remark.told)
            for remark in found.remarks
            if remark.blocking
        ]
        raise Invalid("modelling.unfit", _("The check found what is in the way of using it."), faults)


def _in_state(version_id: int, state: Standing, otherwise: str) -> ModelVersion:
    version = held(version_id)
    if version.state != state:
        raise Conflict("modelling.moved_on", otherwise)
    return version


def _said(opinion: str) -> None:
    if not LEAST <= len(opinion.strip()) <= LONGEST:
        sentence = _("Say your opinion in 2 to 500 characters.")
        raise Invalid("modelling.opinion", sentence, [("opinion", "modelling.opinion", sentence)])
