"""Tells Django about the ledger."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "zhengtong.foundation.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.foundation.ledger import looks, services, tasks  # noqa: F401 looks lays itself on the shelf

        background.every(1, "ledger.seal_and_deliver", tasks.run_once)
        background.every(3600, "ledger.sweep", services.sweep_outbox)
