"""Tells Django about this app."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "zhengtong.records.registers"
    label = "registers"

    def ready(self) -> None:
        from zhengtong.records.registers import rules  # noqa: F401 lays down the policy
