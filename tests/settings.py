"""Settings of the test site: an intranet with its own profile model, as the package would never have written it.

``DATABASE`` chooses the engine: ``sqlite`` (default), ``postgresql`` or ``mariadb``; ``DATABASE_NAME`` keeps test
runs that go on at the same time apart.
"""

import os
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).parent
DEBUG = False
SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Europe/Berlin"
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("nl", "Nederlands")]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
WAGTAIL_SITE_NAME = "Test intranet"
WAGTAILADMIN_BASE_URL = "http://localhost"
ROOT_URLCONF = "tests.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "/login/"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = os.path.join(tempfile.gettempdir(), "wagtail_personalize_tests")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_name = os.environ.get("DATABASE_NAME", "personalize")
DATABASES = {
    "default": {
        "sqlite": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"{_name}.sqlite3",
            # In memory, unless a file is named: `DATABASE_FILE=… pytest --reuse-db` spares the migrations.
            "TEST": {"NAME": os.environ.get("DATABASE_FILE")},
        },
        "postgresql": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _name,
            "USER": os.environ.get("PGUSER", "postgres"),
            "HOST": os.environ.get("PGHOST", "localhost"),
            # Small tables and thousands of different statements: compiling them and waiting for the disk only costs.
            "OPTIONS": {"options": "-c jit=off -c synchronous_commit=off"},
        },
        "mariadb": {
            "ENGINE": "django.db.backends.mysql",
            "NAME": _name,
            "USER": "root",
            "HOST": "127.0.0.1",
            "OPTIONS": {"charset": "utf8mb4"},
        },
    }[os.environ.get("DATABASE", "sqlite")]
}

INSTALLED_APPS = [
    "tests.intranet",
    "tests.portal",
    "wagtail_personalize.engagement",
    "wagtail_personalize.search",
    "wagtail_personalize.communities",
    "wagtail_personalize.streams",
    "wagtail_personalize.targeting",
    "wagtail_personalize.segments",
    "wagtail_personalize.people.employees",
    "wagtail_personalize.people",
    "wagtail_personalize.privacy",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.api.v2",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.embeds",
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
    "rest_framework",
    "django_filters",
    "django.contrib.sitemaps",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
if os.environ.get("DATABASE") == "postgresql":
    INSTALLED_APPS.append("django.contrib.postgres")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail_personalize.segments.middleware.ViewerMiddleware",
    "wagtail_personalize.targeting.view_as.ViewAsMiddleware",
    "wagtail_personalize.targeting.middleware.SameAnswerMiddleware",
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
            ],
        },
    }
]

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

WAGTAIL_PERSONALIZE = {"PROFILE": "tests.intranet.people.StaffProfile"}
