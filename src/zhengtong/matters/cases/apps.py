"""Tells Django about this app, and processes about its actions."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "zhengtong.matters.cases"
    label = "cases"

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.matters.cases import actions, handlers, rules, tasks  # noqa: F401 they lay themselves on the shelves
        from zhengtong.matters.cases.handlers import colleagues  # noqa: F401 likewise

        background.every(3600, "cases.archive", tasks.archive_due)
