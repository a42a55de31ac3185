"""Tells Django about this app."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "zhengtong.foundation.messages"
    label = "zt_messages"  # django.contrib.messages has the short one

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.foundation.messages import looks, rules, services  # noqa: F401 looks and policy are laid down

        background.every(5, "messages.dispatch", services.dispatch_due)
