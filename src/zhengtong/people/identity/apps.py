"""Tells Django about people, organisations and accounts."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "zhengtong.people.identity"
    label = "identity"
