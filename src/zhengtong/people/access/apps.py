"""Tells Django about roles and grants."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "zhengtong.people.access"
    label = "access"
