"""Tells Django about this app, and processes about its actions."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "zhengtong.matters.cases"
    label = "cases"

    def ready(self) -> None:
        from zhengtong.matters.cases import actions, handlers, rules  # noqa: F401 they lay themselves on the shelves
