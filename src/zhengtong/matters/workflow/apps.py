"""Tells Django about this app."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "zhengtong.matters.workflow"
    label = "workflow"

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.matters.workflow import events, looks, rules, tasks  # noqa: F401 they lay themselves down

        background.every(1, "workflow.waking", tasks.wake)
        background.every(1, "workflow.relocations", tasks.work_on_relocations)
