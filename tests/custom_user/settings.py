"""The settings of the second test site: the first one's, with other people."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = ["tests.custom_user", *(app for app in INSTALLED_APPS if app != "tests.intranet")]
MIDDLEWARE = list(MIDDLEWARE)
DATABASES = {"default": {**DATABASES["default"], "NAME": f"custom_user_{DATABASES['default']['NAME']}"}}
AUTH_USER_MODEL = "custom_user.Account"
WAGTAIL_PERSONALIZE = {"PROFILE": "tests.custom_user.people.MemberProfile"}
