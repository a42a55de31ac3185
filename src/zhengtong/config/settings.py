"""Settings of a deployment; everything that differs between places comes from the environment."""

import os
import pathlib

BASE = pathlib.Path(__file__).resolve().parents[3]
VAR = pathlib.Path(os.environ.get("ZHENGTONG_VAR", BASE / "var"))

DEBUG = False
SECRET_KEY = os.environ.get("ZHENGTONG_SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("ZHENGTONG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton",
    "django_htmx",
    "zhengtong.foundation.core",
    "zhengtong.foundation.policy",
    "zhengtong.foundation.messages",
    "zhengtong.foundation.search",
    "zhengtong.people.identity",
    "zhengtong.people.access",
]

ROOT_URLCONF = "zhengtong.config.urls"
WSGI_APPLICATION = "zhengtong.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
STATIC_URL = "/static/"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR / "zhengtong.sqlite3",
        "ATOMIC_REQUESTS": False,
    }
}

# Who signs in, and how (security.md §2 A1–A4, §10.1, §11)
AUTH_USER_MODEL = "identity.Account"

ZT_EMAIL_PROVIDER = os.environ.get("ZHENGTONG_EMAIL_PROVIDER", "zhengtong.foundation.messages.providers.FolderProvider")
DEFAULT_FROM_EMAIL = os.environ.get("ZHENGTONG_EMAIL_FROM", "no-reply@zhengtong.local")
