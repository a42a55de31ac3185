"""Settings of a deployment; everything that differs between places comes from the environment."""

import os
import pathlib

from zhengtong.config.databases import database

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
    "zhengtong.foundation.files",
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

DATABASES = {"default": database(os.environ.get("ZHENGTONG_DATABASE", str(VAR / "zhengtong.sqlite3")))}

# The write gate (core.writes): tests run jobs where they stand, everything else through the gate.
ZT_WRITES_INLINE = False

# Who signs in, and how (security.md §2 A1–A4, §10.1, §11)
AUTH_USER_MODEL = "identity.Account"

ZT_EMAIL_PROVIDER = os.environ.get("ZHENGTONG_EMAIL_PROVIDER", "zhengtong.foundation.messages.providers.FolderProvider")
DEFAULT_FROM_EMAIL = os.environ.get("ZHENGTONG_EMAIL_FROM", "no-reply@zhengtong.local")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# What a browser may do with our pages (security.md). Plain HTTP is for a laptop: ZHENGTONG_HTTPS=1 elsewhere.
HTTPS = os.environ.get("ZHENGTONG_HTTPS", "") == "1"
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ZHENGTONG_ORIGINS", "").split(",") if origin]
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Sessions: half an hour of silence ends one; the cookie is out of reach of scripts and of other sites.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "zt_session"
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "zt_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True

# Bounds on what one request may bring
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# Logs name what happened, never whom: each line is redacted, SQL and its parameters are not logged at all.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "private": {
            "()": "zhengtong.config.privacy.PrivateFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ZHENGTONG_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.db.backends": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
