"""Tells Django about people, organisations and accounts."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "zhengtong.people.identity"
    label = "identity"

    def ready(self) -> None:
        from zhengtong.people.identity import registry

        registry.declare_permissions()
        registry.lay_down_policies()
