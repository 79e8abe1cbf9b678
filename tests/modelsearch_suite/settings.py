"""A site with nothing but modelsearch's own test models, in memory, and our backend as its only one."""

import tempfile
from pathlib import Path

SECRET_KEY = "only for tests"
USE_TZ = True
LANGUAGE_CODE = "en-gb"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "modelsearch.test.testapp",
    "modelsearch",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]
FIXTURE_DIRS = [Path(__file__).parent / "fixtures"]
MODELSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "wagtail_personalize.search.backends.whoosh",
        "PATH": tempfile.mkdtemp(prefix="whoosh_suite_"),
    }
}
