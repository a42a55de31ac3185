"""Who may see a licence whole: its holder, and the authority that issued it."""

from zhengtong.foundation import policy
from zhengtong.matters.licences.models import Licence

policy.register(
    Licence,
    policy.Owner("holder_person_id")
    | policy.Owner("holder_organisation_id", "org")
    | policy.HasPermission("licence.read", org="issuer_id"),
    scope={"org": "issuer_id"},
)
