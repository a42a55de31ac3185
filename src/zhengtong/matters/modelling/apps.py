"""Tells Django about this app."""

from django.apps import AppConfig


class ModellingConfig(AppConfig):
    name = "zhengtong.matters.modelling"
    label = "modelling"

    def ready(self) -> None:
        from zhengtong.matters.modelling import events, rules  # noqa: F401 they lay themselves down
