"""How long what is done with is kept, in days; never shorter than the law, or the house itself, can bear."""

import os

from django.core.exceptions import ImproperlyConfigured

HALF_A_YEAR = 183
"""Logs of what passed through the network are kept for six months at least (网络安全法 2016 第21条)."""
DELIVERIES, TOLD = 30, 3 * 366
"""Of deliveries inside the house; of messages read and e-mails sent, which are records of providing information."""


def days(name: str, default: int, least: int = 1) -> int:
    """What the environment says, else the default; ImproperlyConfigured for anything under `least`."""
    said = os.environ.get(name, "").strip() or str(default)
    if not (said.isascii() and said.isdecimal()) or int(said) < least:
        raise ImproperlyConfigured(f"{name}: {said} is not a number of days from {least} on")
    return int(said)
