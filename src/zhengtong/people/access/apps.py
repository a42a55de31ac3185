"""Tells Django about roles and grants, and joins them to identity."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "zhengtong.people.access"
    label = "access"

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.foundation.core.registry import registry
        from zhengtong.people.access import handlers, queries, rules, services  # noqa: F401 handlers subscribe
        from zhengtong.people.access.registry import declare_permissions

        declare_permissions()
        rules.lay_down_policies()
        registry.grant_sources.add("access", queries.grants_for)
        registry.holder_guards.add("access", services.guard_holder)
        background.every(600, "access.outlived_grants", services.end_outlived_grants)
