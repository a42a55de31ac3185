"""Tells Django about the ground floor's tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "zhengtong.foundation.core"
    label = "core"
