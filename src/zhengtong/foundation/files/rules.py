"""Who may see a stored file by itself: its owner; whoever sees a case reads its files through the case."""

from zhengtong.foundation import policy
from zhengtong.foundation.files.models import StoredFile

policy.register(
    StoredFile,
    policy.Owner("account_id", "account") | policy.Owner("person_id") | policy.Owner("organisation_id", "org"),
)
