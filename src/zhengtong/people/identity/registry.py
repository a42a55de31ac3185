"""Permissions of identity, and who may see whom."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation import policy
from zhengtong.people.identity.models import (
    Account,
    Mandate,
    Organisation,
    OrgUnit,
    Person,
    Post,
    Subordination,
    Tenure,
)

READ_PERSON = "identity.read_person"
REGISTER_PERSON = "identity.register_person"
REGISTER_ORGANISATION = "identity.register_organisation"
GIVE_MANDATE = "identity.give_mandate"
MANAGE_ORGANISATION = "identity.manage_organisation"
APPOINT = "identity.appoint"
OPEN_ACCOUNT = "identity.open_account"
MANAGE_ACCOUNT = "identity.manage_account"
SET_CLEARANCE = "identity.set_clearance"
FULL_PERSONAL_INFORMATION = "pi.full"

PERSON_MASKS = {
    "name": policy.mask_name,
    "document_number": policy.mask_id_number,
    "birth_date": policy.mask_birth_date,
    "phone": policy.mask_phone,
    "email": policy.mask_email,
    "address": policy.mask_address,
}


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
    }
    for code, label in business.items():
        policy.declare_permission(code, label)
    for code, label in system.items():
        policy.declare_permission(code, label, kind="sys")
    policy.declare_permission(SET_CLEARANCE, _("Set clearances and unlock accounts"), kind="sec")


def lay_down_policies() -> None:
    """Organisations are public (names and credit codes are not masked); people are seen by themselves and officers."""
    policy.register(
        Person,
        policy.Policy(
            permits=(
                policy.Rule("the person himself", policy.Owner("id")),
                policy.Rule(
                    "an officer who may look people up",
                    policy.HasPermission(READ_PERSON, region="division_code", person="id"),
                    masks=PERSON_MASKS,
                ),
            )
        ),
        scope={"region": "division_code", "person": "id"},
    )
    place = {"org": "organisation_id", "region": "organisation__division_code"}
    inside = policy.ActorKind("staff", "admin", "system")
    policy.register(Organisation, policy.Always(), scope={"org": "id", "region": "division_code"})
    policy.register(Subordination, policy.Always())
    policy.register(OrgUnit, inside, scope=place)
    policy.register(Post, inside, scope={**place, "post": "id"})
    policy.register(Tenure, inside | policy.Owner("person_id"))
    policy.register(
        Mandate,
        policy.Owner("agent_id")
        | policy.Owner("principal_person_id")
        | policy.FieldIn("principal_organisation_id", "org")
        | policy.HasPermission(GIVE_MANDATE),
        scope={"org": "principal_organisation_id", "person": "principal_person_id"},
    )
    policy.register(
        Account,
        policy.FieldIn("id", "account")
        | policy.Owner("person_id")
        | policy.HasPermission(OPEN_ACCOUNT)
        | policy.HasPermission(SET_CLEARANCE),
    )
