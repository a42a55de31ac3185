"""Tells Django about this app."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "zhengtong.matters.workflow"
    label = "workflow"

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.matters.workflow import looks, rules, tasks  # noqa: F401 looks and policies are laid down

        background.every(5, "workflow.timers", tasks.fire_due_timers)
