"""Tells Django about this app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkflowConfig(AppConfig):
    name = "zhengtong.matters.workflow"
    label = "workflow"

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.matters.workflow import definitions, events, handlers, looks, rules, services, tasks  # noqa: F401 they lay themselves down

        post_migrate.connect(definitions.forget, sender=self)

        background.every(1, "workflow.waking", tasks.wake)
        background.every(1, "workflow.relocations", tasks.work_on_relocations)
        background.every(3600, "workflow.sweep", services.sweep_relocations)
        background.every(3600, "workflow.messages", services.sweep_messages)
        background.every(300, "workflow.coming_back", services.bring_back)
