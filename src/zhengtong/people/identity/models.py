"""Tables of people, organisations, posts, mandates and accounts."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.models import Record
from zhengtong.people.identity.choices import AccountKind, AccountState, Assurance, Label


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by sign-in name without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username__iexact=username)


class Account(AbstractBaseUser, Record):
    """A way to sign in. Not a person: one person may have several, and an account may have none yet.

    There is no superuser: the column exists only so that the database can forbid it (DESIGN §6).
    """

    username = models.CharField(_("sign-in name"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices, default=AccountKind.CITIZEN)
    state = models.CharField(_("state"), max_length=12, choices=AccountState.choices, default=AccountState.PENDING)
    assurance = models.PositiveSmallIntegerField(
        _("assurance level"), choices=Assurance.choices, default=Assurance.NONE
    )
    clearance = models.PositiveSmallIntegerField(_("clearance"), choices=Label.choices, default=Label.PUBLIC)
    is_superuser = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("opened at"))

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="identity_account_no_superuser"),
        ]

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether sign-in may be attempted; a pending account may, to set its own password."""
        return self.state in (AccountState.PENDING, AccountState.ACTIVE)
