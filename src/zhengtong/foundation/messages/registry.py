"""Templates of messages, declared by those who send them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.engines.errors import normal_locale
from zhengtong.foundation.core.registry import Shelf, registry
from zhengtong.foundation.policy import declare_permission


@dataclass(frozen=True)
class Template:
    """Subject and text in both languages, with `{named}` places; no place may hold more than the reader knows."""

    name: str
    subject_zh: str
    text_zh: str
    subject_en: str
    text_en: str

    def draw(self, locale: str, params: dict[str, object]) -> tuple[str, str]:
        """(subject, text) in the reader's language; a missing parameter is a KeyError in tests, not a blank."""
        english = normal_locale(locale) == "en"
        subject, text = (self.subject_en, self.text_en) if english else (self.subject_zh, self.text_zh)
        return subject.format(**params), text.format(**params)


templates: Shelf[Template] = registry.shelf("messages")


RETRY = declare_permission("messages.retry", _("Send stuck messages again"), kind="sys")


def declare(template: Template) -> Template:
    """Put a template on the shelf."""
    return templates.add(template.name, template)
