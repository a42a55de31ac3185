"""Rules of passwords (GB/T 22239-2019 8.1.4.1 a)."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zhengtong.people.identity.models import Account, FormerPassword


class LongEnough(MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_help_text(self) -> str:
        return _("Use at least %(least)d characters.") % {"least": self.min_length}

    def get_error_message(self) -> str:
        return self.get_help_text()


class NotCommon(CommonPasswordValidator):
    """Not one of the passwords that everybody tries first."""

    def get_help_text(self) -> str:
        return _("Do not use a password that many others use.")

    def get_error_message(self) -> str:
        return self.get_help_text()


class CharacterClasses:
    """At least `least` of the four: capitals, small letters, digits, others."""

    def __init__(self, least: int = 3) -> None:
        self.least = least

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 Django's signature
        kinds = {self._kind(character) for character in password}
        if len(kinds) < self.least:
            raise ValidationError(self.get_help_text(), code="password_classes")

    @staticmethod
    def _kind(character: str) -> str:
        if character.isdecimal():
            return "digit"
        return "capital" if character.isupper() else "small" if character.islower() else "other"

    def get_help_text(self) -> str:
        return _("Use at least %(least)d of: capital letters, small letters, digits, other characters.") % {
            "least": self.least
        }


class NotTheName:
    """The sign-in name, forwards or backwards, is not in the password."""

    def validate(self, password: str, user: Account | None = None) -> None:
        name = (user.username if user is not None else "").lower()
        if len(name) >= 3 and (name in password.lower() or name[::-1] in password.lower()):
            raise ValidationError(self.get_help_text(), code="password_name")

    def get_help_text(self) -> str:
        return _("The password must not contain your sign-in name.")


class NotUsedBefore:
    """None of the last `kept` passwords, the present one among them; remembers each as it is set."""

    def __init__(self, kept: int = 5) -> None:
        self.kept = kept

    def validate(self, password: str, user: Account | None = None) -> None:
        if user is None or user._state.adding:
            return
        former = FormerPassword.objects.filter(account_id=user.pk).order_by("-set_at", "-id")[: self.kept]
        hashes = {user.password, *former.values_list("password", flat=True)}
        if any(check_password(password, known) for known in hashes):
            raise ValidationError(self.get_help_text(), code="password_history")

    def password_changed(self, password: str, user: Account) -> None:  # noqa: ARG002 Django's signature
        """Called by Django once a password has been saved."""
        FormerPassword.objects.create(account_id=user.pk, password=user.password)
        kept = FormerPassword.objects.filter(account_id=user.pk).order_by("-set_at", "-id")
        stale = list(kept.values_list("pk", flat=True)[self.kept :])
        FormerPassword.objects.filter(pk__in=stale).delete()

    def get_help_text(self) -> str:
        return _("The password must differ from your last %(kept)d.") % {"kept": self.kept}
