"""Django's settings, all derived from the environment described in environment.py."""

from __future__ import annotations

from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from nearer.catalogue import PRACTICES
from nearer.web import environment as env

DATA_FOLDER = env.data_folder()
SECRET_KEY = env.house_secret(DATA_FOLDER)
DEBUG = env.is_on(env.DEBUG)
HTTPS = env.is_on(env.HTTPS)
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *(host for host in env.value(env.HOSTS).split(",") if host),
]

INSTALLED_APPS = [
    "nearer.vault",
    "nearer.people",
    "nearer.diary",
    "nearer.stage",
    *(f"nearer.practices.{practice.slug}" for practice in PRACTICES),
    "nearer.web",
    "django_htmx",
    "csp",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "nearer.web.middleware.quiet_headers",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "nearer.people.access.here_middleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "nearer.web.urls"
WSGI_APPLICATION = "nearer.web.asgi.http"
ASGI_APPLICATION = "nearer.web.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "nearer.web.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database() -> dict[str, Any]:
    """SQLite in the data folder, or what DATABASE_URL says."""
    url = env.value(env.DATABASE)
    if url:
        found: dict[str, Any] = dict(dj_database_url.parse(url, conn_health_checks=True))
        found["OPTIONS"] = {**found.get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": 8}}
        return found
    return {
        "ENGINE": "nearer.web.sqlite",
        "NAME": DATA_FOLDER / env.DATABASE_FILE,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;"
                "PRAGMA secure_delete=ON;"
            ),
        },
    }


DATABASES = {"default": _database()}
REDIS_URL = env.value(env.REDIS)
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
    if REDIS_URL
    else {"BACKEND": "nearer.stage.layer.OneProcessLayer"}
}

DEVICE_COOKIE = "__Host-nearer" if HTTPS else "nearer"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-nearer-form" if HTTPS else "nearer-form"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "nearer.web.views.shell.stale_form"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0
X_FRAME_OPTIONS = "DENY"
# No HSTS and no redirect: plain HTTP is never served beyond this machine, and a browser that kept
# HSTS would lock people out of a house whose certificate was made anew.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]
if env.is_on(env.PROXY):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

ARGON2_MEMORY_KIB = 64 * 1024
ARGON2_PASSES = 3

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ROOT = None
QUICK_EXIT_TO = env.value(env.EXIT)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING"},
        "django.db.backends": {"level": "INFO"},
        "nearer": {"handlers": ["console"], "level": "INFO"},
    },
}
