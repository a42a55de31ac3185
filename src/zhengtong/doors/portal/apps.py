"""Tells Django about this door, and the shells about its navigation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "zhengtong.doors.portal"
    label = "portal"

    def ready(self) -> None:
        from zhengtong.foundation.core.registry import registry
        from zhengtong.foundation.ui.shells import Entry

        lines = (
            ("home", _("Home"), "portal:home"),
            ("people", _("For people"), "portal:people"),
            ("enterprises", _("For enterprises"), "portal:enterprises"),
            ("departments", _("By department"), "portal:departments"),
            ("verify", _("Verify"), "portal:verify"),
            ("progress", _("Check progress"), "portal:progress"),
        )
        for place, (name, label, route) in enumerate(lines):
            registry.navigation.add(f"portal.{name}", Entry(label, route, order=place))
