"""Addresses of the interface: all of version 1 behind one threshold, and a problem where there is nothing."""

from django.urls import URLPattern, URLResolver, path, re_path

from zhengtong.doors.api import views
from zhengtong.doors.api.api import interface
from zhengtong.doors.api.api.problems import not_here

app_name = "api"


def _version_1() -> list[URLPattern]:
    found = []
    for bound in interface._get_bound_routers():
        for pattern in bound.urls_paths("v1"):
            found.append(URLPattern(pattern.pattern, views.threshold(pattern.callback), name=pattern.name))
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/openapi.json", views.threshold(views.openapi), name="read_openapi"),
    path("v1/docs", views.reference, name="reference"),
    *_version_1(),
    re_path(r"^", views.threshold(not_here), name="not_here"),
]
