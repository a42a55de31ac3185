"""Describes Django's forms, and what keys allow, in the words the account pages are drawn from."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

from zhengtong.people.identity.choices import KeyScope

register = template.Library()

WIDGETS = (
    (forms.PasswordInput, "password"),
    (forms.EmailInput, "email"),
    (forms.CheckboxInput, "checkbox"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
)
PASSED_ON = ("autocomplete", "inputmode", "spellcheck")


@register.filter
def described(form: forms.BaseForm) -> list[dict[str, Any]]:
    """The visible fields of a form as plain descriptions, in order."""
    return [_described(field) for field in form.visible_fields()]


@register.filter
def faults(form: forms.BaseForm) -> list[dict[str, str]]:
    """All errors of a form for the summary: those of the whole first, then field by field, each with its place."""
    whole = [{"message": str(message), "id": ""} for message in form.non_field_errors()]
    return whole + [
        {"message": str(message), "id": field.auto_id} for field in form.visible_fields() for message in field.errors
    ]


@register.filter
def key_scope(value: str) -> str:
    """What a key allows, in words."""
    return str(KeyScope(value).label)


def _described(field: BoundField) -> dict[str, Any]:
    widget = field.field.widget
    drawn: dict[str, Any] = {
        "key": field.html_name,
        "id": field.auto_id,
        "label": field.label,
        "widget": next((name for kind, name in WIDGETS if isinstance(widget, kind)), "text"),
        "value": "" if isinstance(widget, forms.PasswordInput) else field.value(),
        "help": field.help_text,
        "errors": list(field.errors),
        "required": field.field.required,
    }
    drawn.update({name: widget.attrs[name] for name in PASSED_ON if name in widget.attrs})
    if isinstance(widget, forms.Select | forms.RadioSelect):
        drawn["options"] = [{"value": value, "label": label} for value, label in widget.choices]
    return drawn
