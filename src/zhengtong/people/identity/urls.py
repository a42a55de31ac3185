"""Addresses of accounts; config places them under `/account/`."""

from django.urls import include, path

from zhengtong.people.identity import views

urlpatterns = [
    path("", views.account_home, name="account_home"),
    path("act-as/", views.act_as, name="account_act_as"),
    path("real-name/", views.verify_name, name="account_verify_name"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
