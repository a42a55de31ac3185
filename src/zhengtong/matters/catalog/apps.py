"""Tells Django about the catalogue of service items."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "zhengtong.matters.catalog"
    label = "catalog"

    def ready(self) -> None:
        from zhengtong.matters.catalog import events, rules  # noqa: F401 they lay themselves down
