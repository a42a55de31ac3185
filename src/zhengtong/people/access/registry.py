"""Permissions that access asks for."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy

MANAGE_ROLES = "access.manage_roles"
GRANT_ROLE = "access.grant_role"
READ_LOG = "audit.read_log"
EXPORT_LOG = "audit.export_log"
MANAGE_ABSENCES = "absence.manage"
MANAGE_PARAMETERS = "system.manage_parameters"


def declare_permissions() -> None:
    """What the three administrators may do beside the accounts of identity, and who keeps an office's absences."""
    policy.declare_permission(MANAGE_ROLES, _("Define roles"), kind="sec")
    policy.declare_permission(GRANT_ROLE, _("Grant and revoke roles"), kind="sec")
    policy.declare_permission(READ_LOG, _("Read the audit log"), kind="audit")
    policy.declare_permission(EXPORT_LOG, _("Export the audit log"), kind="audit")
    policy.declare_permission(MANAGE_PARAMETERS, _("Set parameters of the system"), kind="sys")
    policy.declare_permission(MANAGE_ABSENCES, _("Enter absences and substitutes for officials of an organisation"))
