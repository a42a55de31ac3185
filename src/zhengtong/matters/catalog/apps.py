"""Tells Django about the catalogue of service items."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "zhengtong.matters.catalog"
    label = "catalog"
