"""Tells Django about the ground floor's tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "zhengtong.foundation.core"
    label = "core"

    def ready(self) -> None:
        from zhengtong.foundation.core import background, idempotency, looks, shared  # noqa: F401 looks lay themselves

        background.every(3600, "core.idempotency", idempotency.purge_idempotency_keys)
        background.every(3600, "core.shared", shared.purge_shared_values)
