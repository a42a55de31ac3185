"""Tells Django about this app."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "zhengtong.matters.workflow"
    label = "workflow"
