"""Tells Django about stored files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "zhengtong.foundation.files"
    label = "files"

    def ready(self) -> None:
        from zhengtong.foundation.files import rules  # noqa: F401 lays down the policy
