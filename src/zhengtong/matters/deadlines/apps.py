"""Tells Django about this app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "zhengtong.matters.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        from zhengtong.matters.deadlines import looks  # noqa: F401 lays itself on the shelf
