"""Tells Django about this door."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "zhengtong.doors.portal"
    label = "portal"
