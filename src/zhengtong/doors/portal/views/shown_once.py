"""The query code of a new case: shown on its receipt page while the session lasts, kept closed, stored nowhere else."""

from django.http import HttpRequest

from zhengtong.foundation.core.keys import CannotOpen, seal, unseal

PURPOSE = "portal:query-code"
KEPT = "zt_query_codes"


def remember_code(request: HttpRequest, case_token: str, code: str) -> None:
    """Keep the code for this browser's session."""
    sealed = seal(PURPOSE, code.encode(), aad=case_token.encode())
    request.session[KEPT] = {**request.session.get(KEPT, {}), case_token: sealed}


def code_of(request: HttpRequest, case_token: str) -> str:
    """The code, or nothing once the session that saw it has ended."""
    sealed = request.session.get(KEPT, {}).get(case_token)
    try:
        return unseal(PURPOSE, sealed, aad=case_token.encode()).decode() if sealed else ""
    except CannotOpen:
        return ""
