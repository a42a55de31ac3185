"""How a page of this door is drawn: the elder's own template where there is one, and who is looking."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import select_template
from django.utils.translation import get_language

from zhengtong.foundation.core.errors import SignInNeeded
from zhengtong.foundation.policy import ANONYMOUS, Actor
from zhengtong.foundation.ui.shells import MODE_COOKIE

FEW, PAGE = 3, 20


def actor_of(request: HttpRequest) -> Actor:
    """Who looks at the page; what he is told is said in the page's language, whatever his account prefers."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor if actor.locale == locale() else dataclasses.replace(actor, locale=locale())


def signed_in(request: HttpRequest) -> Actor:
    """Who looks at the page; SignInNeeded for nobody in particular."""
    actor = actor_of(request)
    if actor.account_id is None:
        raise SignInNeeded("portal.sign_in", "")
    return actor


def locale() -> str:
    """The reader's language as the engines take it."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def is_elder(request: HttpRequest) -> bool:
    """Whether the reader chose the elder's view."""
    return request.COOKIES.get(MODE_COOKIE) == "elder"


def page_size(request: HttpRequest) -> int:
    """How many things a list shows at once: to an elder three."""
    return FEW if is_elder(request) else PAGE


def draw(request: HttpRequest, name: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """The page `portal/<name>.html`, or its elder version at the same address where the reader chose that mode."""
    names = [f"portal/{name}.html"]
    if is_elder(request):
        names.insert(0, f"portal/elder/{name}.html")
    template = select_template(names).template.name
    return render(request, template, {"hide_title": is_elder(request), **context}, status=status)
