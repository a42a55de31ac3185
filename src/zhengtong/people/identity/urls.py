"""Addresses of accounts; config places them under `/account/`."""

from django.urls import include, path

from zhengtong.people.identity import views

urlpatterns = [
    path("", views.account_home, name="account_home"),
    path("act-as/", views.act_as, name="account_act_as"),
    path("keys/", views.keys, name="account_keys"),
    path("keys/<int:key>/collect/", views.collect_key, name="account_collect_key"),
    path("keys/<int:key>/end/", views.end_key, name="account_end_key"),
    path("real-name/", views.verify_name, name="account_verify_name"),
    path("2fa/totp/activate/", views.EnrolApp.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", views.EnrolKey.as_view(), name="mfa_add_webauthn"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
