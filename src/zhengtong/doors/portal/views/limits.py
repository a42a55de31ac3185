"""How often somebody who is not signed in may try, and look something up, from one address."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.attempts import AttemptLimit

_WAIT = _("Too many tries. Please wait ten minutes, or sign in.")
TRIES_OF_AN_ADDRESS = AttemptLimit("code-address", 20, 600, "portal.tries", _WAIT)
TRIES_OF_A_NUMBER = AttemptLimit("code-number", 10, 600, "portal.tries", _WAIT)
"""Wrong query codes: from one address, and for one case number."""
PUBLIC_CHECKS = AttemptLimit("public", 120, 60, "portal.checks", _("Too many checks at once. Please wait a minute."))
"""Checks anybody may make, from one address; counted together with those of the API, which has the same limit."""


def address_of(request: HttpRequest) -> str:
    """The client's address, proxies that are ours left out (identity's middleware)."""
    return str(request.META.get("REMOTE_ADDR", ""))
