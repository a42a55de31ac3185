"""Tables of people, organisations, posts, mandates and accounts."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.fields import SealedText
from zhengtong.foundation.core.models import Record
from zhengtong.people.identity.choices import (
    AccountKind,
    AccountState,
    Assurance,
    DocumentType,
    KindOfWork,
    Label,
    MandateKind,
    OrganisationKind,
    TenureKind,
)


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=f"identity_{name}_in_order"
    )


class ValidInTime(Record):
    """Holds on each local date from `valid_from` to `valid_to`, both included; None while open."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        abstract = True


class Bilingual(models.Model):
    """Named in Chinese, and in English where somebody wrote it."""

    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """In the reader's language; Chinese where no English was written."""
        return (self.name_en or self.name_zh) if (get_language() or "").startswith("en") else self.name_zh

    def __str__(self) -> str:
        return self.name


class Person(Record):
    """A natural person, known by a paper; may have no account, or several."""

    name = models.CharField(_("name"), max_length=120)
    document_type = models.CharField(
        _("identity document"), max_length=20, choices=DocumentType.choices, default=DocumentType.RESIDENT_ID
    )
    document_number = SealedText(_("document number"))
    document_index = models.CharField(max_length=64, editable=False)
    birth_date = SealedText(_("date of birth"), null=True, blank=True)
    phone = SealedText(_("phone number"), null=True, blank=True)
    phone_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    email = SealedText(_("e-mail address"), null=True, blank=True)
    address = SealedText(_("address"), null=True, blank=True)
    division_code = models.CharField(_("division of residence"), max_length=12, blank=True, db_index=True)
    created_at = models.DateTimeField(_("registered at"), default=clock.now)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document_type", "document_index"], name="identity_person_one_paper"),
            models.CheckConstraint(condition=~Q(document_index=""), name="identity_person_paper_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(Bilingual, ValidInTime):
    """An agency or an enterprise; what it was before and after is its successor chain."""

    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind.choices)
    short_name_zh = models.CharField(_("short Chinese name"), max_length=60, blank=True)
    short_name_en = models.CharField(_("short English name"), max_length=80, blank=True)
    division_code = models.CharField(_("division"), max_length=12, db_index=True)
    address = models.CharField(_("registered address"), max_length=200, blank=True)
    phone = models.CharField(_("public phone number"), max_length=40, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints: ClassVar = [_in_order("organisation")]


class Subordination(ValidInTime):
    """That one organisation stood below another for a time."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="subordinations")
    parent = models.ForeignKey(Organisation, models.PROTECT, related_name="subordinates")

    class Meta:
        verbose_name = _("subordination")
        verbose_name_plural = _("subordinations")
        constraints: ClassVar = [
            _in_order("subordination"),
            models.CheckConstraint(condition=~Q(organisation=F("parent")), name="identity_subordination_not_itself"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(valid_to__isnull=True), name="identity_one_open_parent"
            ),
        ]


class OrgUnit(Bilingual, ValidInTime):
    """An internal department (内设机构)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints: ClassVar = [_in_order("unit")]


class Post(Bilingual, ValidInTime):
    """A place in an organisation that people come to and leave; rights are given to posts."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="posts")
    kind_of_work = models.CharField(
        _("kind of work"), max_length=16, choices=KindOfWork.choices, default=KindOfWork.OTHER
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints: ClassVar = [_in_order("post")]


class Tenure(ValidInTime):
    """That a person holds a post for a time."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tenures")
    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures")
    kind = models.CharField(_("kind"), max_length=12, choices=TenureKind.choices, default=TenureKind.APPOINTED)
    counted_until = models.DateTimeField(_("counted until"), null=True, blank=True)
    """Until when the person was taken to hold the post: the last day may have been entered as one before."""

    class Meta:
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        constraints: ClassVar = [
            _in_order("tenure"),
            models.UniqueConstraint(
                fields=["person", "post"], condition=Q(valid_to__isnull=True), name="identity_one_open_tenure"
            ),
        ]


class Mandate(ValidInTime):
    """That a person may act for an organisation or for another person, within `scope`, for a time.

    `scope` lists the matters (item codes, or prefixes ending in `*`); empty means every matter.
    """

    agent = models.ForeignKey(Person, models.PROTECT, related_name="mandates_held")
    principal_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="mandates_given")
    principal_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="mandates_given"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=MandateKind.choices)
    scope = models.JSONField(_("matters"), default=list, blank=True)
    evidence = models.CharField(_("evidence"), max_length=200, blank=True)
    evidence_file = models.BigIntegerField(_("evidence file"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.TextField(_("reason of the end"), blank=True)
    created_at = models.DateTimeField(_("given at"), default=clock.now)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints: ClassVar = [
            _in_order("mandate"),
            models.CheckConstraint(
                condition=Q(principal_person__isnull=True, principal_organisation__isnull=False)
                | Q(principal_person__isnull=False, principal_organisation__isnull=True),
                name="identity_mandate_one_principal",
            ),
            models.CheckConstraint(
                condition=Q(principal_person__isnull=True) | ~Q(principal_person=F("agent")),
                name="identity_mandate_not_oneself",
            ),
        ]

    @property
    def principal(self) -> str:
        """The token of the one acted for."""
        if self.principal_person_id is not None:
            return f"person:{self.principal_person_id}"
        return f"org:{self.principal_organisation_id}"

    def covers(self, matter: str) -> bool:
        """Whether the matter (an item code) lies within the mandate."""
        return not self.scope or any(
            matter.startswith(entry[:-1]) if entry.endswith("*") else matter == entry for entry in self.scope
        )


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by sign-in name without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username__iexact=username)


class Account(AbstractBaseUser, Record):
    """A way to sign in. Not a person: one person may have several, and an account may have none yet.

    There is no superuser: the column exists only so that the database can forbid it.
    """

    username = models.CharField(_("sign-in name"), max_length=64, unique=True, validators=[UnicodeUsernameValidator()])
    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices, default=AccountKind.CITIZEN)
    state = models.CharField(_("state"), max_length=12, choices=AccountState.choices, default=AccountState.PENDING)
    state_reason = models.CharField(_("reason of the state"), max_length=200, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="accounts")
    assurance = models.PositiveSmallIntegerField(
        _("assurance level"), choices=Assurance.choices, default=Assurance.NONE
    )
    clearance = models.PositiveSmallIntegerField(_("clearance"), choices=Label.choices, default=Label.PUBLIC)
    locale = models.CharField(_("language"), max_length=10, default="zh-hans")
    created_at = models.DateTimeField(_("opened at"), default=clock.now)
    password_changed_at = models.DateTimeField(_("password changed at"), null=True, blank=True)
    session_mark = models.CharField(max_length=22, blank=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    is_superuser = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(is_superuser=False), name="identity_account_no_superuser"),
            models.UniqueConstraint(Lower("username"), name="identity_account_name_taken"),
        ]

    @property
    def is_active(self) -> bool:  # type: ignore[override] # an attribute of Django's, derived here
        """Whether sign-in may be attempted; a pending account may, to set its own password."""
        return self.state in (AccountState.PENDING, AccountState.ACTIVE)


class FormerPassword(Record):
    """The hash of a password an account has had, so that it is not taken again too soon."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("former password")
        verbose_name_plural = _("former passwords")


class ApiKey(Record):
    """What a program shows to act for one account; the secret is told once, only its digest is kept.

    `capacity` is the key of the one capacity it is bound to (`self`, `mandate:<id>`, `post:<id>`); empty: any of
    the account's. `scopes` are values of `KeyScope`. Until its holder has collected it, nobody knows the secret.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="api_keys")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SM3 of the secret, hex")
    hint = models.CharField(max_length=12, help_text="how the secret begins, to tell keys apart")
    name = models.CharField(_("what it is for"), max_length=80)
    scopes = models.JSONField(_("what it may do"))
    capacity = models.CharField(_("capacity"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("issued at"), default=clock.now)
    collected_at = models.DateTimeField(_("collected at"), null=True)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used at"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoke_reason = models.TextField(_("reason of the revocation"), blank=True)

    class Meta:
        verbose_name = _("key of a program")
        verbose_name_plural = _("keys of programs")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="identity_key_expires"),
        ]
