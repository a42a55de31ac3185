"""Tells Django about this app."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "zhengtong.matters.workflow"
    label = "workflow"

    def ready(self) -> None:
        from zhengtong.matters.workflow import rules  # noqa: F401 lays down the policies
