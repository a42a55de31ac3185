"""Tells Django about the ground floor's tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "zhengtong.foundation.core"
    label = "core"

    def ready(self) -> None:
        from zhengtong.foundation.core import background, idempotency, looks  # noqa: F401 looks lays itself on the shelf

        background.every(3600, "core.idempotency", idempotency.purge_idempotency_keys)
