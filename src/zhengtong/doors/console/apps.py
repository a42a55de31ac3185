"""Tells Django about this door."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "zhengtong.doors.console"
    label = "console"

    def ready(self) -> None:
        from zhengtong.doors.console import registry  # noqa: F401 lays the navigation on its shelf
