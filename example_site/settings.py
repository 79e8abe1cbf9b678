"""Settings of the sample intranet.

As it stands the site is a demonstration on SQLite: ``DEMO`` adds the persona switcher, the ``load_demo`` command and
static files without a web server. To start a real intranet from it, set ``DEMO=0`` and ``SECRET_KEY`` and name your
hosts; then see ``README.md`` beside this file.
"""

import os
from pathlib import Path

import django

BASE_DIR = Path(__file__).resolve().parent
#: Where the database and uploaded files lie.
DATA_DIR = Path(os.environ.get("DEMO_DATA", BASE_DIR))

DEMO = os.environ.get("DEMO", "1") == "1"
# Even the demonstration runs without debug pages, so a missing page looks as it does in production.
DEBUG = os.environ.get("DEBUG", "0") == "1"
SECRET_KEY = "only for the demonstration" if DEMO else os.environ["SECRET_KEY"]
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "example_site.home",
    "wagtail_personalize.engagement",
    "wagtail_personalize.search",
    "wagtail_personalize.communities",
    "wagtail_personalize.streams",
    "wagtail_personalize.targeting",
    "wagtail_personalize.segments",
    "wagtail_personalize.people.employees",
    "wagtail_personalize.people",
    "wagtail_personalize.privacy",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
if DEMO:
    INSTALLED_APPS[1:1] = ["example_site.personas", "example_site.demo"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "example_site.home.content_security.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wagtail_personalize.people.middleware.PersonLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail_personalize.segments.middleware.ViewerMiddleware",
    "wagtail_personalize.targeting.view_as.ViewAsMiddleware",
    "wagtail_personalize.targeting.middleware.SameAnswerMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "example_site.urls"
WSGI_APPLICATION = "example_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps: this is where the site gives the package's pages its own look.
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "example_site.home.frame.frame",
                *(["example_site.personas.bar.persona_bar"] if DEMO else []),
            ],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "db.sqlite3",
        "OPTIONS": {"timeout": 20, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Pages are written in the first language; those of others stand in trees of their own, below /de/ and /nl/.
LANGUAGE_CODE = "en-gb"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English"), ("de", "Deutsch"), ("nl", "Nederlands")]
LOCALE_PATHS = [BASE_DIR / "locale"]
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static_root"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO

WAGTAIL_SITE_NAME = "Tarnwell intranet"
WAGTAILADMIN_BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000")
WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False

# The demonstration writes its mails as files. From Django 6.1 on it is MAILERS that says where they go.
DEFAULT_FROM_EMAIL = os.environ.get("FROM_EMAIL", "Tarnwell intranet <intranet@tarnwell.example>")
EMAIL_SERVER = {"host": os.environ.get("EMAIL_HOST", "localhost"), "port": int(os.environ.get("EMAIL_PORT", "25"))}
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": EMAIL_SERVER}}
    if DEMO:
        FOLDER = {"file_path": DATA_DIR / "mails"}
        MAILERS = {"default": {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": FOLDER}}
else:
    EMAIL_HOST, EMAIL_PORT = EMAIL_SERVER["host"], EMAIL_SERVER["port"]
    if DEMO:
        EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", DATA_DIR / "mails"

WAGTAIL_PERSONALIZE = {"PROFILE": "example_site.home.people.TarnwellProfile"}
if DEMO:  # so that mails can be tried on any day and at any hour
    WAGTAIL_PERSONALIZE |= {"WORK_DAYS": tuple(range(7)), "QUIET_HOURS": None}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
