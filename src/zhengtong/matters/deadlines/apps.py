"""Tells Django about this app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "zhengtong.matters.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        from zhengtong.matters.deadlines import events, looks  # noqa: F401 they lay themselves on the shelves
