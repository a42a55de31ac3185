"""Tells Django about this app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "zhengtong.records.exchange"
    label = "exchange"

    def ready(self) -> None:
        from zhengtong.records.exchange import facts, rules  # noqa: F401 lay down the policy, offer what is known here
