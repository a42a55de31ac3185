"""Tells Django about this app, and processes about its actions."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "zhengtong.matters.licences"
    label = "licences"

    def ready(self) -> None:
        from zhengtong.matters.licences import actions, events, handlers, rules  # noqa: F401 they lay themselves on the shelves
