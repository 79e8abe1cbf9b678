"""modelsearch's test models beside the rooms that server backends need, and a server in memory.

``pytest tests/modelsearch_suite --ds=tests.modelsearch_suite.server_settings``
"""

import socket
from pathlib import Path

from tests.search.servers import entry, usable
from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as SITE

LANGUAGE_CODE = "en-gb"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
INSTALLED_APPS = ["modelsearch.test.testapp", "modelsearch", *(app for app in SITE if app != "wagtail.search")]
#: Wagtail's migrations want Wagtail's own search app, for which the suite has no commands: tables are made as they are.
MIGRATION_MODULES = type("NoneOfThem", (dict,), {"__contains__": lambda *_: True, "__missing__": lambda *_: None})()
FIXTURE_DIRS = [Path(__file__).parent / "fixtures"]

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    ADDRESS = "{}:{}".format(*free.getsockname())

MODELSEARCH_BACKENDS = {name: entry(name, f"http://{ADDRESS}", INDEX_PREFIX="modelsearchtest_") for name in usable()}
MODELSEARCH_BACKENDS["default"] = {"BACKEND": "modelsearch.backends.database", "AUTO_UPDATE": False}
