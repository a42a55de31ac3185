"""Tells Django about this door and lays out its navigation."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "zhengtong.doors.desk"
    label = "desk"

    def ready(self) -> None:
        from zhengtong.doors.desk import choices, registry  # noqa: F401 they lay themselves on the shelves
