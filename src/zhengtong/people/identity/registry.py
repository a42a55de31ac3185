"""Permissions that identity asks for."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy

READ_PERSON = "identity.read_person"
REGISTER_PERSON = "identity.register_person"
REGISTER_ORGANISATION = "identity.register_organisation"
GIVE_MANDATE = "identity.give_mandate"
MANAGE_ORGANISATION = "identity.manage_organisation"
APPOINT = "identity.appoint"
OPEN_ACCOUNT = "identity.open_account"
MANAGE_ACCOUNT = "identity.manage_account"
KEEP_OFFICIALS = "identity.keep_officials"
SET_CLEARANCE = "identity.set_clearance"
FULL_PERSONAL_INFORMATION = "pi.full"


def declare_permissions() -> None:
    """Business permissions for offices; system ones for the system administrator; labels for the security one."""
    business = {
        READ_PERSON: _("Look people up"),
        REGISTER_PERSON: _("Register people"),
        REGISTER_ORGANISATION: _("Register enterprises"),
        GIVE_MANDATE: _("Record mandates"),
        FULL_PERSONAL_INFORMATION: _("See personal information unmasked"),
    }
    system = {
        MANAGE_ORGANISATION: _("Set up agencies, departments and posts"),
        APPOINT: _("Appoint people to posts"),
        OPEN_ACCOUNT: _("Open accounts"),
        MANAGE_ACCOUNT: _("Disable and close accounts"),
        KEEP_OFFICIALS: _("Look officials up and register them"),
    }
    for code, label in business.items():
        policy.declare_permission(code, label)
    for code, label in system.items():
        policy.declare_permission(code, label, kind="sys")
    policy.declare_permission(SET_CLEARANCE, _("Set clearances and unlock accounts"), kind="sec")
