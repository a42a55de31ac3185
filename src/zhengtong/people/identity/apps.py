"""Tells Django about people, organisations and accounts."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "zhengtong.people.identity"
    label = "identity"

    def ready(self) -> None:
        from zhengtong.foundation.core import background
        from zhengtong.people.identity import handlers, looks, rules, tasks  # noqa: F401 laid on their shelves
        from zhengtong.people.identity.registry import declare_permissions

        declare_permissions()
        rules.lay_down_policies()
        background.every(86_400, "identity.idle_accounts", tasks.disable_idle_accounts)
        background.every(3600, "identity.left_accounts", tasks.disable_left_accounts)
