"""Background work of identity."""

from zhengtong.foundation import policy
from zhengtong.people.identity import services


def disable_left_accounts() -> int:
    """Every hour: disable the accounts of officials who left their last post; answers how many."""
    return services.disable_left_accounts(by=policy.SYSTEM)


def disable_idle_accounts() -> int:
    """Once a day: disable officials' accounts that nobody uses; answers how many."""
    return services.disable_idle_accounts(by=policy.SYSTEM)
