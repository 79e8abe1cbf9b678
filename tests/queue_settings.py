"""The test site with a database queue, whose worker is a process of its own; on SQLite, at any hour."""

import os

from tests.mail_server import smtp_settings
from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, WAGTAIL_PERSONALIZE

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["QUEUE_DATABASE"],
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
    }
}
INSTALLED_APPS = [*INSTALLED_APPS, "django_tasks_db"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
WAGTAIL_PERSONALIZE = {**WAGTAIL_PERSONALIZE, "WORK_DAYS": tuple(range(7)), "QUIET_HOURS": None}


class _NoMigrations(dict):
    """Tables as the models say: what migrations do takes minutes, and other tests look at it."""

    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


MIGRATION_MODULES = _NoMigrations()
globals().update(smtp_settings(int(os.environ["QUEUE_MAIL_PORT"])))
