"""Tells Django about people, organisations and accounts."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "zhengtong.people.identity"
    label = "identity"

    def ready(self) -> None:
        from zhengtong.people.identity import rules
        from zhengtong.people.identity.registry import declare_permissions

        declare_permissions()
        rules.lay_down_policies()
