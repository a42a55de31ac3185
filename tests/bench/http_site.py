"""What granian serves for the bench: the house as it is, and an echo behind the same middleware and threshold.

Time is held still on the day of the bench, and background work is left out: both sides are measured without it.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.http_settings"

from django.core.wsgi import get_wsgi_application

_house = get_wsgi_application()

from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402

from bench.scene import DAY  # noqa: E402
from zhengtong.config.urls import urlpatterns as house  # noqa: E402
from zhengtong.doors.api.api.callers import APPLIES  # noqa: E402
from zhengtong.doors.api.views import threshold  # noqa: E402
from zhengtong.foundation.core import clock  # noqa: E402


def _echo(request: HttpRequest) -> JsonResponse:
    """What was sent, to somebody who may apply."""
    APPLIES(request)
    return JsonResponse({"size": len(request.body)}, status=201)


urlpatterns = [path("bench/echo", threshold(_echo)), *house]


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The house on the day of the bench."""
    with clock.frozen(DAY):
        return _house(environ, start)
