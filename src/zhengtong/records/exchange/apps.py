"""Tells Django about this app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "zhengtong.records.exchange"
    label = "exchange"
