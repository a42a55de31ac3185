"""Forms of the account pages that allauth does not bring, or that ask for more than its own."""

from typing import Any

from allauth.account.forms import AddEmailForm, ResetPasswordForm, SignupForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.utils.translation import gettext_lazy as _

from zhengtong.people.identity import services
from zhengtong.people.identity.choices import DocumentType


class RealNameForm(forms.Form):
    """Name and number as they stand on the document."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    document_type = forms.ChoiceField(label=_("Identity document"), choices=DocumentType.choices)
    number = forms.CharField(
        label=_("Document number"),
        max_length=30,
        help_text=_("As it stands on the document. We keep it encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class _Once:
    """A code opens once; a second time it is as wrong as any other."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc] # allauth's form stands behind
        factor = self.authenticator  # type: ignore[attr-defined] # allauth's form found it
        if not services.spend_code(factor=factor, code=code):
            self._emit_authentication_failed(factor)  # type: ignore[attr-defined] # allauth's form tells of it
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_Once, AuthenticateForm):  # type: ignore[misc] # allauth is not typed
    """The second factor at signing in."""


class CodeAgainForm(_Once, ReauthenticateForm):  # type: ignore[misc] # allauth is not typed
    """The second factor before a page that asks for it anew."""


class _Told:
    """Says what to write, in everyday words, where Django names the variable."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined] # allauth's form stands behind
        for field in fields.values():
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = _("An e-mail address looks like name@example.com.")
        if "username" in fields:
            fields["username"].error_messages["min_length"] = _(
                "The login name needs at least %(limit_value)d characters; it now has %(show_value)d."
            )


class SignUp(_Told, SignupForm):  # type: ignore[misc] # allauth is not typed
    """Opening an account."""


class AddAddress(_Told, AddEmailForm):  # type: ignore[misc] # allauth is not typed
    """One more e-mail address."""


class AskReset(_Told, ResetPasswordForm):  # type: ignore[misc] # allauth is not typed
    """A letter with which the password is set anew."""
