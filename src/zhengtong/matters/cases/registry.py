"""Permissions that cases ask for."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.policy import declare_permission

READ = declare_permission("case.read", _("Read the cases of an authority"), lent=True)
EXTEND = declare_permission("case.extend", _("Extend the time of a case, as head of the authority"))
TERMINATE = declare_permission("case.terminate", _("Terminate a case"))
URGE = declare_permission("case.urge", _("Urge on those who handle a case"))
HALT = declare_permission("case.halt", _("Suspend the handling of a case, and have it go on"))
