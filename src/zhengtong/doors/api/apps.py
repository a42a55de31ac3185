"""Tells Django about this door."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "zhengtong.doors.api"
    label = "api"
