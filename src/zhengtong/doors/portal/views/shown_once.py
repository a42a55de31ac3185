"""The query code of a new case: shown on its first receipt and nowhere else, kept closed in the session till then.

Turning the page into another language or size does not lose it; going on to the case does, and so do ten minutes.
"""

from django.http import HttpRequest

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.keys import CannotOpen, seal, unseal

PURPOSE = "portal:query-code"
KEPT = "zt_receipt_codes"
LOOKED_AT = 600


def remember_code(request: HttpRequest, case_token: str, code: str) -> None:
    """Keep the code until its receipt has been looked at."""
    sealed = seal(PURPOSE, code.encode(), aad=case_token.encode())
    request.session[KEPT] = {**request.session.get(KEPT, {}), case_token: {"sealed": sealed}}


def code_of(request: HttpRequest, case_token: str) -> str:
    """The code for its receipt, or nothing once that has been left."""
    kept = request.session.get(KEPT, {}).get(case_token)
    if not kept:
        return ""
    if "at" not in kept:
        request.session[KEPT] = {**request.session[KEPT], case_token: {**kept, "at": int(clock.now().timestamp())}}
    elif clock.now().timestamp() - kept["at"] > LOOKED_AT:
        forget_code(request, case_token)
        return ""
    try:
        return unseal(PURPOSE, kept["sealed"], aad=case_token.encode()).decode()
    except CannotOpen:
        return ""


def forget_code(request: HttpRequest, case_token: str) -> None:
    """The reader goes on: the receipt no longer holds the code."""
    kept = request.session.get(KEPT, {})
    if case_token in kept:
        request.session[KEPT] = {token: held for token, held in kept.items() if token != case_token}
