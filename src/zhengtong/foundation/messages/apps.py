"""Tells Django about this app."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "zhengtong.foundation.messages"
    label = "zt_messages"  # django.contrib.messages has the short one

    def ready(self) -> None:
        from zhengtong.foundation.messages import rules  # noqa: F401 lays down the policy
