"""Tells Django about this app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "zhengtong.matters.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.matters.deadlines import events, looks, tasks  # noqa: F401 they lay themselves on the shelves

        background.every(5, "deadlines.redate", tasks.redate_clocks)
