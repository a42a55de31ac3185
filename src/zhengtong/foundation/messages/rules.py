"""Who may read a message: the one it is for."""

from zhengtong.foundation import policy
from zhengtong.foundation.messages.models import Message

policy.register(Message, policy.Owner("person_id") | policy.Owner("organisation_id", "org"))
