"""Tells Django about this app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "zhengtong.matters.deadlines"
    label = "deadlines"
