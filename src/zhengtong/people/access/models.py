"""Tables of roles, what they permit, what excludes what, and who was given them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.models import Record
from zhengtong.people.access.choices import RoleKind, ScopeKind


class Role(Record):
    """A bundle of permissions given together; inherits those of its parents."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=RoleKind.choices, default=RoleKind.BUSINESS)
    max_holders = models.PositiveIntegerField(_("most holders"), null=True, blank=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    def __str__(self) -> str:
        return self.name


class RolePermission(Record):
    """That a role carries a permission."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="permissions", db_index=False)
    permission = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("permission of a role")
        verbose_name_plural = _("permissions of roles")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "permission"], name="access_role_permission_once"),
            models.CheckConstraint(condition=~Q(permission="*"), name="access_no_role_holds_everything"),
        ]


class RoleInheritance(Record):
    """That a role has whatever its parent has."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="inheritances", db_index=False)
    parent = models.ForeignKey(Role, models.PROTECT, related_name="heirs")

    class Meta:
        verbose_name = _("role inheritance")
        verbose_name_plural = _("role inheritances")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "parent"], name="access_inherits_once"),
            models.CheckConstraint(condition=~Q(role=F("parent")), name="access_not_its_own_parent"),
        ]


class RoleExclusion(Record):
    """That two roles must not come into one hand (static separation of duty)."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="exclusions", db_index=False)
    other = models.ForeignKey(Role, models.CASCADE, related_name="excluded_by")

    class Meta:
        verbose_name = _("exclusion of roles")
        verbose_name_plural = _("exclusions of roles")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "other"], name="access_excludes_once"),
            models.CheckConstraint(condition=~Q(role=F("other")), name="access_excludes_another"),
        ]


class RoleGrant(Record):
    """That an account or a post has a role within a scope, from an instant to an instant (excluded).

    With `deny` it takes the role's permissions away within the scope, whoever else gives them.
    """

    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    account = models.ForeignKey("identity.Account", models.PROTECT, null=True, blank=True, related_name="role_grants")
    post = models.ForeignKey("identity.Post", models.PROTECT, null=True, blank=True, related_name="role_grants")
    scope = models.CharField(_("scope"), max_length=10, choices=ScopeKind.choices)
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    division_code = models.CharField(_("division"), max_length=12, blank=True)
    deny = models.BooleanField(_("takes away"), default=False)
    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    granted_by = models.ForeignKey("identity.Account", models.PROTECT, null=True, related_name="grants_given")
    granted_at = models.DateTimeField(_("given at"), default=clock.now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoke_reason = models.TextField(_("reason of the revocation"), blank=True)

    class Meta:
        verbose_name = _("grant of a role")
        verbose_name_plural = _("grants of roles")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(account__isnull=True, post__isnull=False) | Q(account__isnull=False, post__isnull=True),
                name="access_grant_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="access_grant_in_order"
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | Q(account__isnull=True) | ~Q(granted_by=F("account")),
                name="access_nobody_grants_himself",
            ),
        ]


class Absence(Record):
    """That an official is away from his organisation for some days, the last included, and who stands in for him."""

    account = models.ForeignKey("identity.Account", models.PROTECT, related_name="absences")
    organisation = models.ForeignKey("identity.Organisation", models.PROTECT, related_name="+")
    substitute = models.ForeignKey("identity.Account", models.PROTECT, related_name="substitutions")
    begins_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    entered_by = models.ForeignKey("identity.Account", models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="access_absence_in_order"),
            models.CheckConstraint(condition=~Q(substitute=F("account")), name="access_absence_not_oneself"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["substitute", "ends_on"], condition=Q(ended_at__isnull=True), name="access_standing_in"
            )
        ]
