"""Django settings of an instance.

An instance is a folder, ``EVENBOOK_HOME``: its database, its secret, its caches. Everything
else that can be set is an ``EVENBOOK_*`` variable, listed in ``docs/reference/settings.md``.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

from evenbook.site import database, logs

HOME = Path(os.environ.get("EVENBOOK_HOME", Path.cwd() / ".evenbook")).expanduser().resolve()
PACKAGE = Path(__file__).resolve().parent.parent


def _secret(home: Path) -> str:
    """Return the instance's secret, made once and kept with its data."""
    given = os.environ.get("EVENBOOK_SECRET_KEY")
    if given:
        return given
    kept = home / "secret"
    if kept.exists():
        return kept.read_text(encoding="ascii").strip()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = secrets.token_urlsafe(50)
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made)
    return made


def _database(home: Path) -> dict[str, Any]:
    """Return the database that ``EVENBOOK_DATABASE_URL`` names, else the instance's own file."""
    url = os.environ.get("EVENBOOK_DATABASE_URL", "")
    return database.postgresql_at(url) if url else database.sqlite_at(home / database.FILE)


SECRET_KEY = _secret(HOME)
DEBUG = os.environ.get("EVENBOOK_DEBUG", "") == "1"
ALLOWED_HOSTS = [
    host for host in os.environ.get("EVENBOOK_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host
]
DATABASES = {"default": _database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "evenbook.frames",
    "evenbook.messages",
    "evenbook.rest",
    "evenbook.people",
    "evenbook.policy",
    "evenbook.screens",
    "evenbook.runs",
    "evenbook.book",
    "evenbook.decisions",
    "evenbook.records",
    "evenbook.sources",
    "evenbook.measures",
    "evenbook.signals",
    "evenbook.states",
    "evenbook.tiers",
    "evenbook.capacity",
    "evenbook.closures",
    "evenbook.balance",
    "evenbook.sizing",
    "evenbook.hotsheet",
    "evenbook.expansion",
    "evenbook.throughput",
    "evenbook.briefings",
    "evenbook.reviews",
    "evenbook.desk",
    "evenbook.site",
    "django.contrib.admin.apps.SimpleAdminConfig",
]

MIDDLEWARE = [
    "evenbook.site.middleware.Observed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "evenbook.rest.middleware.Problems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "evenbook.screens.middleware.ContentPolicy",
    "evenbook.people.middleware.ViewerMiddleware",
    "evenbook.people.middleware.SecondFactorRequired",
    "evenbook.screens.middleware.Taken",
    "evenbook.people.bearer.BearerMiddleware",
    "evenbook.book.clock.ReadersClock",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "evenbook.screens.context.navigation",
            ],
            "builtins": ["evenbook.screens.templatetags.screens"],
        },
    }
]

ROOT_URLCONF = "evenbook.site.urls"
WSGI_APPLICATION = "evenbook.site.wsgi.application"
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "mail"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "evenbook.people.second_factor.Adapter"
SOCIALACCOUNT_ADAPTER = "evenbook.people.single_sign_on.Adapter"
SOCIALACCOUNT_STORE_TOKENS = False

EVENBOOK_OIDC_URL = os.environ.get("EVENBOOK_OIDC_URL", "").rstrip("/")
SINGLE_SIGN_ON = {
    "provider_id": f"oidc-{hashlib.sha256(EVENBOOK_OIDC_URL.encode()).hexdigest()[:12]}",
    "name": os.environ.get("EVENBOOK_OIDC_NAME", "") or "single sign-on",
    "client_id": os.environ.get("EVENBOOK_OIDC_CLIENT_ID", ""),
    "secret": os.environ.get("EVENBOOK_OIDC_CLIENT_SECRET", ""),
    "settings": {"server_url": EVENBOOK_OIDC_URL, "oauth_pkce_enabled": True},
}
"""The one identity provider. Its id holds its address, so that two providers never share subjects."""

SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [SINGLE_SIGN_ON] if EVENBOOK_OIDC_URL else []}}
EVENBOOK_OIDC_NEW_USERS_ROLE = os.environ.get("EVENBOOK_OIDC_NEW_USERS_ROLE", "").strip()
EVENBOOK_REQUIRE_MFA = [
    role.strip() for role in os.environ.get("EVENBOOK_REQUIRE_MFA", "").split(",") if role.strip()
]
EVENBOOK_URL = os.environ.get("EVENBOOK_URL", "").strip().rstrip("/")

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = False

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(HOME / "files")},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("EVENBOOK_HTTPS", "") == "1"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EVENBOOK_HOME = HOME
EVENBOOK_DEMO = (HOME / "demo.json").exists()
EVENBOOK_INBOX = os.environ.get("EVENBOOK_INBOX", "")
EVENBOOK_MAIL_URL = os.environ.get("EVENBOOK_MAIL_URL", "")
EVENBOOK_MAIL_FROM = os.environ.get("EVENBOOK_MAIL_FROM", "")

EVENBOOK_API_REQUESTS_A_MINUTE = int(os.environ.get("EVENBOOK_API_REQUESTS_A_MINUTE", "600"))

EVENBOOK_CATALOGUE = "evenbook.site.registry.catalogue"
"""Gives the cards of all measures."""

EVENBOOK_FIGURES = "evenbook.site.figures.keep_again"
"""Works out again the rows behind the figures of a week, where they are no longer kept."""

EVENBOOK_WORK = "evenbook.site.registry.work"
"""Gives the durable work that slices declare."""

EVENBOOK_POLICY_SECTIONS = [
    "evenbook.policy.numbers.OrganizationNumbers",
    "evenbook.book.numbers.BookNumbers",
    "evenbook.tiers.numbers.TiersNumbers",
    "evenbook.tiers.numbers.moves.MovesNumbers",
    "evenbook.tiers.numbers.ratio.RatioNumbers",
    "evenbook.capacity.numbers.CapacityNumbers",
    "evenbook.capacity.numbers.calibration.CalibrationNumbers",
    "evenbook.closures.numbers.ClosuresNumbers",
    "evenbook.balance.numbers.BalanceNumbers",
    "evenbook.balance.numbers.structures.StructuresNumbers",
    "evenbook.sizing.numbers.SizingNumbers",
    "evenbook.sizing.numbers.StaffingNumbers",
    "evenbook.hotsheet.numbers.HotsheetNumbers",
    "evenbook.expansion.numbers.ExpansionNumbers",
    "evenbook.expansion.numbers.worth.WorthNumbers",
    "evenbook.expansion.numbers.ladder.LadderNumbers",
    "evenbook.throughput.numbers.ThroughputNumbers",
    "evenbook.throughput.numbers.triggers.TriggersNumbers",
    "evenbook.throughput.numbers.ahead.AheadNumbers",
    "evenbook.throughput.numbers.outcomes.OutcomesNumbers",
    "evenbook.throughput.numbers.chain.ChainNumbers",
    "evenbook.throughput.numbers.monthly.MonthlyNumbers",
    "evenbook.briefings.numbers.BriefingsNumbers",
    "evenbook.reviews.numbers.ReviewsNumbers",
    "evenbook.signals.numbers.SignalsNumbers",
    "evenbook.states.numbers.StatesNumbers",
    "evenbook.measures.numbers.MeasuresNumbers",
    "evenbook.records.numbers.RecordsNumbers",
    "evenbook.sources.numbers.SourcesNumbers",
    "evenbook.desk.numbers.DeskNumbers",
    "evenbook.desk.numbers.MetricsNumbers",
    "evenbook.desk.numbers.ReportsNumbers",
    "evenbook.runs.numbers.RunsNumbers",
]

LOGGING = logs.configuration(os.environ.get("EVENBOOK_LOG", ""), debug=DEBUG)
