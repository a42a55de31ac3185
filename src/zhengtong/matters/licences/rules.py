"""Who may see a licence whole: its holder, and the authority that issued it."""

from zhengtong.foundation import policy
from zhengtong.matters.licences.models import Licence
from zhengtong.matters.licences.registry import READ

policy.register(
    Licence,
    policy.Owner("holder_person_id")
    | policy.Owner("holder_organisation_id", "org")
    | policy.HasPermission(READ, org="issuer_id"),
    scope={"org": "issuer_id"},
)
