"""Tells Django about this door, so that its sentences are found in both languages."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "zhengtong.doors.cli"
    label = "cli"
