"""Who may see a task: whoever holds its role where it lies, was asked for it and serves there still, or stands in for
whoever was; who the errands of an agency; administrators of the process where one is stuck; who brings messages in, and
to whom."""

from zhengtong.foundation import policy
from zhengtong.matters.workflow.models import Copy, Errand, Message, Process, Relocation, Start, Task, Trouble
from zhengtong.matters.workflow.registry import READ_ERRANDS, RELOCATE, REPAIR, ROLES, SEND

policy.register(
    Task,
    policy.Or(
        policy.FieldIn("who_id", "account") & policy.ServesAt("agency_id"),
        policy.StandsIn("who_id", org="agency_id"),
        *(policy.HasPermission(f"task.{role}", org="agency_id") & policy.FieldIs("role", role) for role in ROLES),
    ),
    scope={"org": "agency_id"},
)
policy.register(Process, policy.HasPermission(REPAIR))
policy.register(Copy, policy.FieldIn("account_id", "account") | policy.FieldIn("giver_id", "account"))
policy.register(Relocation, policy.HasPermission(RELOCATE))
policy.register(Start, policy.HasPermission(REPAIR), scope={"org": "agency_id"})
policy.register(Errand, policy.HasPermission(READ_ERRANDS, org="agency_id"), scope={"org": "agency_id"})
policy.register(Errand, policy.HasPermission(SEND, org="agency_id"), action="send")
policy.register(Message, policy.HasPermission(SEND) & policy.FieldIn("brought_by_id", "account"))
policy.register(Trouble, policy.HasPermission(REPAIR))
