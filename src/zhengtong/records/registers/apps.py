"""Tells Django about this app."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "zhengtong.records.registers"
    label = "registers"

    def ready(self) -> None:
        from zhengtong.records.registers import events, rules  # noqa: F401 they lay themselves down
