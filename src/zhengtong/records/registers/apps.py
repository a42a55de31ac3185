"""Tells Django about this app."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "zhengtong.records.registers"
    label = "registers"
