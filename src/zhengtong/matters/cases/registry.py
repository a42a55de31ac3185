"""Permissions that cases ask for, and whom a process may let know of one."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.policy import declare_permission
from zhengtong.matters.workflow.registry import WHO

READ = declare_permission("case.read", _("Read the cases of an authority"), lent=True)
EXTEND = declare_permission("case.extend", _("Extend the time of a case, as head of the authority"))
TERMINATE = declare_permission("case.terminate", _("Terminate a case"))
URGE = declare_permission("case.urge", _("Urge on those who handle a case"))
HALT = declare_permission("case.halt", _("Suspend the handling of a case, and have it go on"))

APPLICANT = "applicant"
Deed = tuple[str, str, str]
"""What a process does at once: the action, and its name in Chinese and English, as models keep it."""
SENT_BACK: tuple[Deed, ...] = (("cases.send_back@1", "退回审查", "Back to review"),)
ENDINGS: dict[str, tuple[Deed, ...]] = {
    "refuse": (
        ("cases.refuse@1", "不予许可", "Refuse"),
        ("cases.deliver@1", "送达", "Deliver"),
        ("cases.close@1", "办结", "Close"),
    ),
    "terminate": (("cases.terminate@1", "终止办理", "Terminate"),),
}
"""What closes a case to which somebody does not agree."""

NOTICES: dict[str, tuple[str, object]] = {
    f"cases.inform_{whom}@1": (whom, label)
    for whom, label in ((APPLICANT, _("The applicant is told")), *((role, label) for role, label in WHO.items()))
}
"""The actions that let somebody know of a case: whom, and what he is or does."""
