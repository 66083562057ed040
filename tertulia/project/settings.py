"""Django's settings, made from the environment; see environment.py for what can be set."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tertulia.kit.erasures import ErasureList
from tertulia.kit.sealing import KeyStore
from tertulia.kit.sizes import LARGEST_FILE
from tertulia.project import environment
from tertulia.project.address import public_address

PACKAGE = Path(__file__).resolve().parent.parent
DATA = environment.data_folder()
KEYS = KeyStore(environment.keys_folder())
PEPPER_FILE = Path(environment.value("TERTULIA_PEPPER_FILE") or KEYS.folder / "pepper")
ERASURES = ErasureList(DATA / "erasures", KEYS)
# To whom backups are sealed: public keys of age.
BACKUP_RECIPIENTS = environment.value("TERTULIA_BACKUP_RECIPIENTS").split()
DEBUG = environment.value("TERTULIA_DEBUG") == "1"
# Made when it is first used: to ask for help makes no files.
SECRET_KEY = SimpleLazyObject(lambda: KEYS.make("secret").hex())

ADDRESS = public_address(DATA).rstrip("/")
HOST = urlsplit(ADDRESS).hostname or "127.0.0.1"
SECURE = ADDRESS.startswith("https://")
FANOUT_ADDRESS = environment.value("TERTULIA_FANOUT_URL")
FANOUT_FILE = DATA / "fanout.json"
BEHIND_PROXY = environment.value("TERTULIA_BEHIND_PROXY") == "1"
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = [HOST, *LOOPBACK]
CSRF_TRUSTED_ORIGINS = [ADDRESS]
ORGANISATION = environment.value("TERTULIA_NAME")
APP_NAME = environment.value("TERTULIA_APP_NAME")
FONT_FOLDERS = [Path(folder) for folder in environment.value("TERTULIA_FONTS").split(":") if folder]
CARDS_FOLDER = DATA / "cards"
LEAVE_ADDRESS = environment.value("TERTULIA_LEAVE_URL")

INSTALLED_APPS = [
    "tertulia.project",
    "tertulia.home",
    "tertulia.live",
    "tertulia.programme",
    "tertulia.people",
    "tertulia.design",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.users",
    "wagtail.sites",
    "wagtail.admin",
    "wagtail.search",
    "wagtail",
    "taggit",
    "modelcluster",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "tertulia.project.middleware.RouteLog",
    "django.middleware.security.SecurityMiddleware",
    "tertulia.design.middleware.ContentPolicyMiddleware",
    "tertulia.project.static_files.StaticFiles",
    "tertulia.project.middleware.Packing",
    "tertulia.people.middleware.SessionMiddleware",
    "tertulia.design.middleware.LanguageMiddleware",
    "tertulia.design.middleware.PreferencesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tertulia.people.middleware.StaffDoor",
    # Tells allauth's ceremonies which request they belong to; none of its pages exists here.
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tertulia.project.middleware.Unlisted",
]

ROOT_URLCONF = "tertulia.project.urls"
WSGI_APPLICATION = "tertulia.project.wsgi.application"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tertulia.design.queries.frame",
            ],
        },
    }
]

# SQLite: every commit reaches the disk (FULL), readers never wait (WAL), what is deleted is overwritten
# (secure_delete), and a writer takes its lock at the start, so that none fails half-way.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON",
}
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        environment.value("DATABASE_URL") or f"sqlite:///{DATA / 'tertulia.sqlite3'}",
        conn_max_age=600,
        # A PostgreSQL that was started anew costs nobody a page.
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
DEFAULT_AUTO_FIELD = "tertulia.kit.fields.RandomKey"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["tertulia.people.backends.AccountBackend"]
LOGIN_URL = "people:sign_in"
PASSWORD_HASHERS = ["tertulia.people.backends.Hasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["pseudonym"]},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
SESSION_ENGINE = "tertulia.people.sessions"
SESSION_COOKIE_NAME = "s"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "c"
CSRF_COOKIE_AGE = None
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SECURE
NEWCOMERS_PER_MINUTE = max(1, int(environment.value("TERTULIA_NEWCOMERS_PER_MINUTE")))
# From all addresses together, in one process.
NEWCOMERS_OVERALL_PER_MINUTE = 50 * NEWCOMERS_PER_MINUTE

# Of allauth there are the ceremonies alone: no page, no e-mail, no limits of its own, which would keep addresses.
ACCOUNT_USER_MODEL_USERNAME_FIELD = "pseudonym"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_ADAPTER = "tertulia.people.backends.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# A clock may be half a minute wrong.
MFA_TOTP_TOLERANCE = 1
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": browsers then send forms with "Origin: null", which the check against forgery refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
WAGTAILIMAGES_MAX_UPLOAD_SIZE = LARGEST_FILE
WAGTAILDOCS_MAX_UPLOAD_SIZE = LARGEST_FILE
WHITENOISE_USE_FINDERS = True
# Other sites have no use for our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "tertulia.project.static_files.LongNameFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tertulia.project.static_files.StaticNames"},
}

# What Wagtail would tell others or ask of them is off.
WAGTAIL_SITE_NAME = ORGANISATION
WAGTAILADMIN_BASE_URL = ADDRESS
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "people:sign_in"
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": True}}

# Where work that is put off goes: docs/decisions/0001-task-queue.md. What Wagtail puts off (search and
# reference index) runs at once, in the transaction of the change: it is right when the page is next read.
TERTULIA_QUEUE = "tertulia.project.queue.put"
TERTULIA_LEASE_SECONDS = float(environment.value("TERTULIA_LEASE_SECONDS"))
TERTULIA_RETRY_SECONDS = float(environment.value("TERTULIA_RETRY_SECONDS"))
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "queue": {"BACKEND": "django_tasks_db.DatabaseBackend"},
}

# The room log beside SQLite (with PostgreSQL it is a schema of the same database), and where its one writer listens.
ROOMS_FILE = DATA / "rooms.sqlite3"
LIVE_SOCKET = DATA / "hub.sock"
# What was answered without a name, added up: beside either database a file of its own.
COUNTING_FILE = DATA / "counting.sqlite3"
# Whoever works touches it, several times in each lease.
WORKER_SIGN = DATA / "worker.sign"

# Logs go to standard error: route names, statuses, durations, kinds of faults. Django's own request logger
# would write paths, and its security logger what a stranger sent; both are off. Of what libraries say the words are
# left out, and of every fault.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # To the minute: who came when must not be read from a log.
        kind: {
            "()": f"tertulia.project.journal.{name}",
            "format": "%(asctime)s %(name)s %(levelname)s %(message)s",
            "datefmt": "%Y-%m-%d %H:%M",
        }
        for kind, name in (("plain", "Lines"), ("others", "Others"))
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "others": {"class": "logging.StreamHandler", "formatter": "others"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "tertulia": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        # Tells which passkey was used.
        "fido2": {"handlers": ["nowhere"], "propagate": False},
        "allauth": {"handlers": ["nowhere"], "propagate": False},
    },
    "root": {"handlers": ["others"], "level": "WARNING"},
}
