"""All settings, read once from the environment; a wrong value stops the start with a sentence."""

import os
import sys
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from nhipcau.config import environment, rates
from nhipcau.core import key_file, logs

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()
environment.must_make_sense(os.environ)

# --- where things are kept -------------------------------------------------------------------
DATA = Path(env.str("NHIPCAU_DATA", default=str(ROOT / "var"))).resolve()
DATA.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("NHIPCAU_DEBUG", default=False)
SECRET_KEY_GIVEN = env.str("NHIPCAU_SECRET_KEY", default="")
SECRET_KEY, SECRET_KEY_FALLBACKS = key_file.signing_keys(
    kept=DATA / key_file.FILE,
    given=SECRET_KEY_GIVEN,
    old=env.list("NHIPCAU_OLD_SECRET_KEYS", default=[]),
)
# Probes of this machine name it so; visitors come by the names of NHIPCAU_HOSTS.
ALLOWED_HOSTS: list[str] = [*env.list("NHIPCAU_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]
PORT = env.int("PORT", default=8000)
BASE_URL = env.str("NHIPCAU_BASE_URL", default=f"http://localhost:{PORT}")
HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if HTTPS else []

# --- the rooms, from the top down; templates and catalogues of an upper room win ---------------
ROOMS = [
    "nhipcau.sample",
    "nhipcau.website",
    "nhipcau.desk",
    "nhipcau.reports",
    "nhipcau.newsroom",
    "nhipcau.attendance",
    "nhipcau.evidence",
    "nhipcau.activities",
    "nhipcau.plans",
    "nhipcau.privacy",
    "nhipcau.accounts",
    "nhipcau.agreements",
    "nhipcau.outbox",
    "nhipcau.parties",
    "nhipcau.core",
]
INSTALLED_APPS = [
    *ROOMS,
    "wagtail.contrib.redirects",
    "nhipcau.accounts.wagtail_apps.AccountsRegister",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "template_partials",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "nhipcau.core.keeping.Keep",
    "nhipcau.core.watching.Watch",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "nhipcau.core.headers.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "nhipcau.core.middleware.Clock",
    "nhipcau.core.replica.RememberWrites",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nhipcau.accounts.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nhipcau.core.middleware.TooManyAnswered",
    "django_htmx.middleware.HtmxMiddleware",
    "nhipcau.newsroom.middleware.BackOffice",
    "nhipcau.newsroom.middleware.OldAddresses",
]
ROOT_URLCONF = "nhipcau.config.urls"
WSGI_APPLICATION = "nhipcau.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # As APP_DIRS would have it, with words of Wagtail's templates that are in English only mended on the way.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", ["nhipcau.newsroom.wagtail_words.Loader"])],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nhipcau.website.context.public",
                "nhipcau.desk.context.desk",
            ],
        },
    },
]
FORM_RENDERER = "nhipcau.core.renderers.FormRenderer"

# --- database ---------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'nhipcau.sqlite3'}")
}
# How long a statement waits for another's lock, and, in web processes, how long it may take at all (config/wsgi.py).
LOCK_SECONDS = env.float("NHIPCAU_LOCK_SECONDS", default=20)
STATEMENT_SECONDS = env.float("NHIPCAU_STATEMENT_SECONDS", default=0)
# Opening a connection costs a fifth of an event page on SQLite, where the schema is read anew, and more on PostgreSQL.
DATABASES["default"]["CONN_MAX_AGE"] = 600
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "nhipcau.core.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "timeout": LOCK_SECONDS,
        "transaction_mode": "IMMEDIATE",
        # FULL: what was confirmed outlives a power cut; docs/decisions/0010 says what it costs.
        # secure_delete: what was erased is overwritten, and does not stay in pages nobody uses.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;"
        " PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=5,
        # jit: compiling a statement that counts a plan takes ten times as long as counting (docs/performance.md).
        options=f"-c lock_timeout={LOCK_SECONDS * 1000:.0f} -c statement_timeout={STATEMENT_SECONDS * 1000:.0f} -c jit=off",
    )
# A copy that follows the database some seconds behind; pages that may lag are read from it (core/replica.py).
REPLICA_SECONDS = env.float("NHIPCAU_REPLICA_SECONDS", default=10)
if env.str("NHIPCAU_REPLICA_URL", default=""):
    DATABASES["replica"] = {
        **DATABASES["default"], **env.db_url("NHIPCAU_REPLICA_URL"), "TEST": {"MIRROR": "default"},
    }  # fmt: skip
    if "connect_timeout" in DATABASES["replica"]["OPTIONS"]:
        # There is another place to read from: it is not waited for long, nor for an answer that never comes.
        DATABASES["replica"]["OPTIONS"] = DATABASES["replica"]["OPTIONS"] | {
            "connect_timeout": 2,
            "tcp_user_timeout": 5000,
        }
    DATABASE_ROUTERS = ["nhipcau.core.replica.Router"]

# --- caches: what all web processes share (counted attempts, allauth's locks; pages, where it is a Redis) -----------
CACHE_URL = env.str("NHIPCAU_CACHE_URL", default="")  # redis://… for several machines; else one file on this one
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "nhipcau.core.forgiving_cache.ForgivingRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "nhipcau",
    }
    if CACHE_URL
    else {
        "BACKEND": "nhipcau.core.shared_cache.SharedCache",
        "LOCATION": str(DATA / "cache.sqlite3"),
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# --- how often something may be tried, by address; `.subject`: by what it is tried at, from one address ---------------
TRUSTED_PROXIES = env.int("NHIPCAU_PROXIES", default=0)  # how many proxies of ours a request passes
RATE_LIMITS = rates.merged(
    {
        "sign-in": "300/10m",
        "sign-in.subject": "10/5m",
        "registration": "1200/10m",  # a hall full of guests behind one address
        "registration.subject": "20/10m",
        "links": "60/10m",  # wrong tokens
        "check-codes": "60/10m",  # wrong codes
        "search": "300/m",
        "suggestions": "1200/m",  # what is asked for while somebody types
        "resend": "60/10m",
        "resend.subject": "5/h",
        "personal-data": "60/10m",
        "personal-data.subject": "5/h",
        "contact": "60/10m",
        "contact.subject": "5/h",
    },
    env.str("NHIPCAU_RATE_LIMITS", default=""),
)

# --- links that carry their own permission ---------------------------------------------------------------
TICKET_DAYS = 30  # after the activity a guest's links still open so long

# --- language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [ROOT / "locale", ROOT / "locale" / "django", ROOT / "locale" / "allauth", ROOT / "locale" / "wagtail"]
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
FORMAT_MODULE_PATH = ["nhipcau.config.formats"]

# --- people who sign in -----------------------------------------------------------------------
AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "nhipcau.accounts.adapter.Adapter"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # other devices are signed out all the same: their sessions fit no longer
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
MFA_ADAPTER = "nhipcau.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "nhipcau.accounts.factor_forms.ShowCodeForm",
    "reauthenticate": "nhipcau.accounts.factor_forms.ShowCodeAgainForm",
    "add_webauthn": "nhipcau.accounts.factor_forms.AddPasskeyForm",
    "edit_webauthn": "nhipcau.accounts.factor_forms.NamePasskeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by who invites
MFA_TOTP_ISSUER = "Nhịp Cầu"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones go half a minute wrong
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow localhost only
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = True
# Wrong passwords count by address and account, so that nobody locks a colleague out from elsewhere. allauth's "key"
# is made so in accounts/adapter.py.
ACCOUNT_RATE_LIMITS = {
    "login": f"{RATE_LIMITS['sign-in']}/ip",
    "login_failed": f"{RATE_LIMITS['sign-in']}/ip,{RATE_LIMITS['sign-in.subject']}/key",
    "reset_password": f"{RATE_LIMITS['sign-in']}/ip,{RATE_LIMITS['resend.subject']}/key",
    "reset_password_from_key": f"{RATE_LIMITS['links']}/ip",
}
WAGTAILADMIN_LOGIN_URL = "account_login"
# One entrance: the back office has no sign-in and sets no password and no address of its own (config/urls.py, accounts).
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAILUSERS_PASSWORD_ENABLED = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # a link in a mail must find its reader signed in
if HTTPS:  # the prefix lets no neighbouring host and no plain HTTP set them (RFC 6265bis)
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("NHIPCAU_STATIC", default=str(ROOT / "staticfiles"))
MEDIA_ROOT = DATA / "files"
MEDIA_URL = "/files/"  # never served as a folder: each room hands its own files to who may see them
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "nhipcau.core.files.DurableStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if S3_BUCKET := env.str("NHIPCAU_S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "nhipcau.core.storage.PrivateBucket",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("NHIPCAU_S3_ENDPOINT", default="") or None,
            "region_name": env.str("NHIPCAU_S3_REGION", default="") or None,
            "access_key": env.str("NHIPCAU_S3_KEY", default="") or None,  # else as the machine is known to the provider
            "secret_key": env.str("NHIPCAU_S3_SECRET", default="") or None,
            "addressing_style": "path",
            "signature_version": "s3v4",
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MAX_UPLOAD_BYTES = 15 * 1024 * 1024

# --- mail: over SMTP when a server is named, else kept in a folder and shown at the desk --------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="") if env.str("EMAIL_URL", default="") else {}
EMAIL_BACKEND = EMAIL_CONFIG.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS", False))
EMAIL_USE_SSL = bool(EMAIL_CONFIG.get("EMAIL_USE_SSL", False))
EMAIL_TIMEOUT = 15
EMAIL_FILE_PATH = str(DATA / "mail")
DEFAULT_FROM_EMAIL = env.str("NHIPCAU_MAIL_FROM", default="Nhịp Cầu <khong-tra-loi@localhost>")

# --- public pages: drawn once for everybody, kept until something they may show changes, and so long at most -------
PUBLIC_PAGE_SECONDS = env.int("NHIPCAU_PAGE_SECONDS", default=300)  # 0 draws them every time
PUBLIC_STAMPS = True  # whether changes are told at all (core/stamps.py)
# Tables, by how their names begin, that no public page reads; a change in any other lets all kept pages go.
NEVER_SHOWN = (
    "account_", "accounts_", "auth_", "django_migrations", "django_session", "django_tasks", "mfa_", "outbox_", "usersessions_", "core_duerun", "core_journalentry",
    "core_workersign", "attendance_checkin", "attendance_consent", "attendance_registration", "evidence_",
    "newsroom_editorialapproval", "newsroom_rolegroup", "parties_delegation", "parties_match", "parties_membership",
    "parties_user", "plans_planconsent", "privacy_access", "privacy_request", "reports_snapshotconsent",
    "wagtailadmin_", "wagtailcore_comment", "wagtailcore_group", "wagtailcore_modellogentry", "wagtailcore_pagelogentry",
    "wagtailcore_pagesubscription", "wagtailcore_referenceindex", "wagtailcore_revision", "wagtailcore_task",
    "wagtailcore_uploadedfile", "wagtailcore_workflow", "wagtailsearch_", "wagtailusers_",
)  # fmt: skip
# Columns whose moment changes public pages by itself when it comes.
SHOWN_MOMENTS = (
    "activities_activity.starts_at", "activities_activity.ends_at", "attendance_intake.opens_at",
    "attendance_intake.closes_at", "newsroom_article.published_at", "newsroom_article.embargo_until",
    "wagtailcore_page.expire_at",
)  # fmt: skip

# --- background work --------------------------------------------------------------------------
# Who is told at once when feeds of the news change (WebSub); nobody, unless a hub is named.
WEBSUB_HUB = env.str("NHIPCAU_WEBSUB_HUB", default="")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- security headers -------------------------------------------------------------------------
CMS_PATH = "bien-tap/"
CONTENT_SECURITY_POLICY = {
    # Of the back office and of what people uploaded: core/headers.py and core/downloads.py.
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # the reverse proxy redirects; see docs/operators.md
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# --- Wagtail ----------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Nhịp Cầu"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "newsroom.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "nhipcau.newsroom.picture_forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "heic", "gif"]  # no SVG: it may carry scripts
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 40 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 65_000_000
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"webp": "webp", "avif": "avif", "heic": "jpeg"}
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "csv", "txt", "zip"]
WAGTAILDOCS_DOCUMENT_MODEL = "newsroom.Download"
# Looked into by core/uploads.py; Wagtail's own checks say the same first where they can.
WAGTAILDOCS_DOCUMENT_FORM_BASE = "nhipcau.newsroom.uploads.DownloadForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # never a redirect to where the file is kept
# A collection is closed to those who have not signed in or are not of a group; a password passed from hand to hand closes nothing.
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}  # a setting, no password  # nosec B105
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # one: nobody is asked
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "nhipcau.newsroom.lookup", "AUTO_UPDATE": False}}

# --- backups: where they lie; each night by the worker, unless a timer of the machine's makes them; manage.py backup at any time
BACKUP_FOLDER = Path(env.str("NHIPCAU_BACKUPS")).resolve() if env.str("NHIPCAU_BACKUPS", default="") else None
BACKUPS_BY_WORKER = env.str("NHIPCAU_BACKUPS_BY", default="worker") == "worker"
# What was erased since a backup, to be erased again when it is put back; in no backup itself (core/erasures.py).
ERASURES = Path(env.str("NHIPCAU_ERASURES", default="") or DATA / "erasures").resolve()
BACKUP_KEEP: list[int] = env.list("NHIPCAU_BACKUP_KEEP", cast=int, default=[7, 4, 12])  # days, weeks, months

# --- what machines may ask: who is told the details behind /health/ready ------------------------
MONITOR_TOKEN = env.str("NHIPCAU_MONITOR_TOKEN", default="")
MONITOR_ADDRESSES: list[str] = env.list("NHIPCAU_MONITOR_ADDRESSES", default=["127.0.0.0/8", "::1/128"])

# --- what is written down: one line an event; see core/logs.py for what never is ----------------
LOG_FORM = env.str("NHIPCAU_LOG_FORM", default="lines" if sys.stderr.isatty() else "json")
LOGGING = logs.configuration(level=env.str("NHIPCAU_LOG_LEVEL", default="INFO").upper(), form=LOG_FORM)
DEFAULT_EXCEPTION_REPORTER_FILTER = "nhipcau.core.discretion.ReporterFilter"
