"""Tells Django about this app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "zhengtong.matters.cases"
    label = "cases"
