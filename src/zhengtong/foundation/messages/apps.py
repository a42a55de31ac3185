"""Tells Django about this app."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "zhengtong.foundation.messages"
    label = "zt_messages"  # django.contrib.messages has the short one

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.foundation.messages import events, looks, rules, services  # noqa: F401 they lay themselves down

        background.every(5, "messages.dispatch", services.dispatch_due)
        background.every(3600, "messages.sweep", services.sweep)
