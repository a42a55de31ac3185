"""Tells Django about this app."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "zhengtong.matters.licences"
    label = "licences"
