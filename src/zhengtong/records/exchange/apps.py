"""Tells Django about this app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "zhengtong.records.exchange"
    label = "exchange"

    def ready(self) -> None:
        from zhengtong.records.exchange import rules  # noqa: F401 lays down the policy
