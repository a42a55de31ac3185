"""Addresses of the ui: the reader's mode and language, and the living page."""

from django.urls import path
from django.views.i18n import set_language

from zhengtong.foundation.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.living, name="living"),
    path("page/<slug:name>/", views.living, name="living_page"),
    path("language/", set_language, name="language"),
    path("mode/", views.choose_mode, name="mode"),
]
