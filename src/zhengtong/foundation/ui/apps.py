"""Tells Django about the ui: templates, static files and texts, no tables."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "zhengtong.foundation.ui"
    label = "ui"
