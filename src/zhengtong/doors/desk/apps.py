"""Tells Django about this door."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "zhengtong.doors.desk"
    label = "desk"
