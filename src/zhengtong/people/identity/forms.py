"""Forms of the account pages that allauth does not bring."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
