"""Who may see that a fact was asked, and what came back: whom it is about, who asked, and the auditor."""

from zhengtong.foundation import policy
from zhengtong.records.exchange.models import FactAnswer
from zhengtong.records.exchange.registry import READ_LINEAGE

policy.register(
    FactAnswer,
    (policy.FieldIs("subject_kind", "person") & policy.Owner("subject_id"))
    | (policy.FieldIs("subject_kind", "organisation") & policy.Owner("subject_id", "org"))
    | policy.FieldIn("asked_by", "account")
    | policy.HasPermission(READ_LINEAGE),
)
