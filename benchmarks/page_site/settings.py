"""The sites differ in the apps, the middleware and the blocks of their page model.

``PACKAGE`` is ``present``, ``absent`` or ``other``, which is wagtail-personalisation in a database of its own.
"""

import os

PRESENT = os.environ.get("PACKAGE", "present") == "present"
OTHER = os.environ.get("PACKAGE") == "other"
SECRET_KEY = "only for measuring"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Europe/Berlin"
ROOT_URLCONF = "benchmarks.page_site.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
WAGTAIL_SITE_NAME = "Benchmark"
WAGTAILADMIN_BASE_URL = "http://localhost"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}}
LOGGING_CONFIG = None

DATABASES = {
    "default": {
        "sqlite": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("BENCHMARK_NAME", "benchmark.sqlite3"),
        },
        "postgresql": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ.get("BENCHMARK_NAME", "benchmark"),
            "USER": os.environ.get("PGUSER", "postgres"),
            "HOST": os.environ.get("PGHOST", "localhost"),
            "CONN_MAX_AGE": None,
        },
    }[os.environ.get("BENCHMARK_DATABASE", "sqlite")]
}

_PACKAGE = ["targeting", "segments", "people", "privacy"] if PRESENT else []
INSTALLED_APPS = [
    "benchmarks.page_site",
    *(f"wagtail_personalize.{room}" for room in _PACKAGE),
    *(["wagtail_personalisation", "wagtailfontawesomesvg", "wagtail_modeladmin"] if OTHER else []),
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
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if PRESENT:
    MIDDLEWARE += [
        "wagtail_personalize.segments.middleware.ViewerMiddleware",
        "wagtail_personalize.targeting.middleware.SameAnswerMiddleware",
    ]
    WAGTAIL_PERSONALIZE = {"PROFILE": "benchmarks.page_site.people.StaffProfile"}
    SHARED_TEMPLATE = "BENCHMARK_CONTENT_CACHE" in os.environ
    if os.environ.get("BENCHMARK_CONTENT_CACHE"):
        MIDDLEWARE.append("wagtail_personalize.targeting.caching.middleware.PersonalizedCacheMiddleware")
        WAGTAIL_PERSONALIZE["CONTENT_CACHE"] = os.environ["BENCHMARK_CONTENT_CACHE"]
    if os.environ.get("BENCHMARK_SHARED_CACHE"):
        WAGTAIL_PERSONALIZE["SHARED_CACHE"] = "default"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "redis": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ.get("REDIS_URL", "redis://localhost:6379/9"),
        "KEY_PREFIX": "wagtail_personalize_benchmark",
    },
}

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
