"""Joins the doors under one tree of addresses."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("zhengtong.people.identity.urls")),
    path("ui/", include("zhengtong.foundation.ui.urls")),
    path("desk/", include("zhengtong.doors.desk.urls")),
    path("console/", include("zhengtong.doors.console.urls")),
    path("api/", include("zhengtong.doors.api.urls")),
    path("", include("zhengtong.doors.portal.urls")),
]
handler400 = "zhengtong.foundation.ui.refusals.bad_request"
