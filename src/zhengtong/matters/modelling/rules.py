"""Who may read process models, and who may review which."""

from zhengtong.foundation import policy
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel
from zhengtong.matters.modelling.registry import DRAW, REVIEW

for _model in (ProcessModel, ModelVersion):
    policy.register(_model, policy.HasPermission(DRAW) | policy.HasPermission(REVIEW))


def had_a_hand_in(actor: Actor, version: ModelVersion) -> bool:
    """Whether the actor drew or submitted this version, so that another must review it."""
    return actor.account_id in version.editors or actor.account_id in (version.saved_by, version.submitted_by)


def may_review(actor: Actor, version: ModelVersion) -> bool:
    """Four eyes: the permission, and no hand in the version."""
    return may(actor, REVIEW) and not had_a_hand_in(actor, version)
