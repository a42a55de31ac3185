"""Settings of a deployment; everything that differs between places comes from the environment."""

import datetime
import os
import pathlib

from zhengtong.config import keeping
from zhengtong.config.caches import caches
from zhengtong.config.databases import database
from zhengtong.config.mail import mail_server

BASE = pathlib.Path(__file__).resolve().parents[3]
VAR = pathlib.Path(os.environ.get("ZHENGTONG_VAR", BASE / "var"))

DEBUG = False
SECRET_KEY_FILE = VAR / "keys" / "sessions.key"
SECRET_KEY = os.environ.get("ZHENGTONG_SECRET_KEY", "") or (
    SECRET_KEY_FILE.read_text() if SECRET_KEY_FILE.exists() else ""
)
ALLOWED_HOSTS = os.environ.get("ZHENGTONG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

# Ours first: where a library says the same sentence or draws the same page, ours is taken.
INSTALLED_APPS = [
    "zhengtong.foundation.core",
    "zhengtong.foundation.policy",
    "zhengtong.foundation.ui",
    "zhengtong.foundation.ledger",
    "zhengtong.foundation.files",
    "zhengtong.foundation.messages",
    "zhengtong.foundation.search",
    "zhengtong.people.identity",
    "zhengtong.people.access",
    "zhengtong.records.registers",
    "zhengtong.records.exchange",
    "zhengtong.matters.catalog",
    "zhengtong.matters.deadlines",
    "zhengtong.matters.workflow",
    "zhengtong.matters.modelling",
    "zhengtong.matters.cases",
    "zhengtong.matters.licences",
    "zhengtong.doors.portal",
    "zhengtong.doors.desk",
    "zhengtong.doors.console",
    "zhengtong.doors.api",
    "zhengtong.doors.cli",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
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
WHITENOISE_USE_FINDERS = True
COTTON_ISOLATE_BY_DEFAULT = True
# The living page at /ui/ shows every component in every state; the demonstration switches it on.
ZT_LIVING_PAGE = os.environ.get("ZHENGTONG_LIVING_PAGE", "") == "1"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhengtong.foundation.ui.shells.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "zhengtong.foundation.ui.templatetags.zt",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("ZHENGTONG_DATABASE", str(VAR / "zhengtong.sqlite3")))}

# Attempts are counted where every serving process sees them; `near` is what a process keeps to itself.
CACHES = caches(os.environ.get("ZHENGTONG_CACHE", ""), DATABASES["default"])

# The write gate (core.writes): tests run jobs where they stand, everything else through the gate.
ZT_WRITES_INLINE = False

# Who signs in, and how (security.md §2 A1–A4, §10.1, §11)
AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "zhengtong.people.identity.adapter.Backend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "zhengtong.people.identity.validators.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "zhengtong.people.identity.validators.NotCommon"},
    {"NAME": "zhengtong.people.identity.validators.CharacterClasses", "OPTIONS": {"least": 3}},
    {"NAME": "zhengtong.people.identity.validators.NotTheName"},
    {"NAME": "zhengtong.people.identity.validators.NotUsedBefore", "OPTIONS": {"kept": 5}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ZT_LINKS = {"login": "account_login", "logout": "account_logout", "account": "account_home"}
ZT_HOMES = {"staff": "/desk/", "admin": "/console/"}
ZT_OPEN_SIGN_UP = True
ZT_REAL_NAME_PROVIDER = os.environ.get(
    "ZHENGTONG_REAL_NAME_PROVIDER", "zhengtong.people.identity.providers.LocalRegister"
)
ZT_REQUIRE_STAFF_MFA = os.environ.get("ZHENGTONG_STAFF_MFA", "1") == "1"
ZT_PASSWORD_MAX_AGE_DAYS = 90
ZT_IDLE_MINUTES = {"citizen": 30, "enterprise": 30, "staff": 15, "admin": 15}
ZT_ONE_SESSION_KINDS = ("staff", "admin")

ACCOUNT_ADAPTER = "zhengtong.people.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_BLACKLIST = ["admin", "administrator", "root", "system", "superuser", "guest", "test"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if os.environ.get("ZHENGTONG_HTTPS", "") == "1" else "http"
# Five failures are axes' to count; this wider bound is for guessed second factors.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/300s/key"}
MFA_ADAPTER = "zhengtong.people.identity.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "政通 Zhengtong"
MFA_TOTP_TOLERANCE = 1
# A code opens once, though it would be valid for three periods.
ACCOUNT_FORMS = {
    "signup": "zhengtong.people.identity.forms.SignUp",
    "add_email": "zhengtong.people.identity.forms.AddAddress",
    "reset_password": "zhengtong.people.identity.forms.AskReset",
}
MFA_FORMS = {
    "authenticate": "zhengtong.people.identity.forms.CodeForm",
    "reauthenticate": "zhengtong.people.identity.forms.CodeAgainForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = os.environ.get("ZHENGTONG_HTTPS", "") != "1"

# Five failures of one name from one address lock that pair for half an hour: one hall behind one address
# must not be locked out together.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = datetime.timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "zhengtong.people.identity.adapter.sign_in_name"
AXES_LOCKOUT_CALLABLE = "zhengtong.people.identity.views.locked_out"
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Nobody looks for viruses until a daemon is named; a scanner of one's own may be named instead.
ZT_CLAMD = os.environ.get("ZHENGTONG_CLAMD", "")
ZT_FILE_SCANNER = os.environ.get(
    "ZHENGTONG_FILE_SCANNER",
    f"zhengtong.foundation.files.providers.{'ClamdScanner' if ZT_CLAMD else 'NoScanner'}",
)

# E-mail lies in a folder until a server is named; a provider of one's own may be named instead.
MAIL_SERVER = os.environ.get("ZHENGTONG_EMAIL_SERVER", "")
ZT_EMAIL_PROVIDER = os.environ.get(
    "ZHENGTONG_EMAIL_PROVIDER",
    f"zhengtong.foundation.messages.providers.{'DjangoMailProvider' if MAIL_SERVER else 'FolderProvider'}",
)
globals().update(mail_server(MAIL_SERVER) if MAIL_SERVER else {})
DEFAULT_FROM_EMAIL = os.environ.get("ZHENGTONG_EMAIL_FROM", "no-reply@zhengtong.local")

# Networks of our own proxies; only what they forward of a visitor's address is believed.
ZT_TRUSTED_PROXIES = [net for net in os.environ.get("ZHENGTONG_TRUSTED_PROXIES", "").split(",") if net]

MIDDLEWARE = [
    "zhengtong.people.identity.middleware.ForwardedAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhengtong.foundation.ui.refusals.ReadableMiddleware",
    "zhengtong.people.identity.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zhengtong.people.identity.middleware.ActorMiddleware",
    "zhengtong.foundation.ui.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
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
        # Whoever asks for another host is answered 400; a scanner must not fill the log with tracebacks.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.db.backends": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

# Numbers of cases (services.md §9) and where outsiders reach the house
ZT_SHORT_NO_TEMPLATE = os.environ.get("ZHENGTONG_SHORT_NO", "{region}{yyyymmdd}{seq:04d}")
ZT_CASE_NO_TEMPLATE = os.environ.get("ZHENGTONG_CASE_NO", "{implement_code}{yymmdd}{seq:05d}")
# How many natural days after its closing a case is put on file; five are the window of evaluation (services.md §7).
ZT_ARCHIVE_DAYS = int(os.environ.get("ZHENGTONG_ARCHIVE_DAYS", "5"))
# How many hours a task that was urged (催办) is left in peace.
ZT_URGE_HOURS = int(os.environ.get("ZHENGTONG_URGE_HOURS", "24"))
# How many days a message that nobody awaits is kept.
ZT_MESSAGE_DAYS = int(os.environ.get("ZHENGTONG_MESSAGE_DAYS", "90"))
# How many days the outbox keeps what was taken; and the inbox what was read, and what was sent by e-mail.
ZT_DELIVERY_DAYS = keeping.days("ZHENGTONG_DELIVERY_DAYS", keeping.DELIVERIES)
ZT_TOLD_DAYS = keeping.days("ZHENGTONG_TOLD_DAYS", keeping.TOLD, least=max(keeping.HALF_A_YEAR, ZT_DELIVERY_DAYS + 1))
# How many acts (all but reading) a minute a program may do with one key; 0: as many as it likes.
ZT_KEY_ACTS = int(os.environ.get("ZHENGTONG_KEY_ACTS", "600"))
# How many days old the master key may be before health asks for a new version of it.
ZT_KEY_ROTATION_DAYS = int(os.environ.get("ZHENGTONG_KEY_ROTATION_DAYS", "365"))
ZT_PUBLIC_ADDRESS = os.environ.get("ZHENGTONG_PUBLIC_ADDRESS", "http://localhost:8000")
