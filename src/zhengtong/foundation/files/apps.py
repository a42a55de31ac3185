"""Tells Django about stored files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "zhengtong.foundation.files"
    label = "files"

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.foundation.files import looks, rules, tasks  # noqa: F401 looks and policy are laid down

        background.every(300, "files.sweep", tasks.sweep_orphans)
        background.every(300, "files.papers", tasks.sweep_papers)
