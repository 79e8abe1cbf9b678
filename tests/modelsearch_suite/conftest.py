"""These tests need settings of their own: ``pytest tests/modelsearch_suite --ds=tests.modelsearch_suite.settings``.

Those of the servers need ``--ds=tests.modelsearch_suite.server_settings``.
"""

import os

SETTINGS = {"test_backend.py": "settings", "test_servers.py": "server_settings"}
collect_ignore = [
    file
    for file, settings in SETTINGS.items()
    if os.environ.get("DJANGO_SETTINGS_MODULE") != f"tests.modelsearch_suite.{settings}"
]
