"""Tells Django about this door."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "zhengtong.doors.console"
    label = "console"
