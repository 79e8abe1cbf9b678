"""These tests need settings of their own: ``pytest tests/modelsearch_suite --ds=tests.modelsearch_suite.settings``."""

import os

if os.environ.get("DJANGO_SETTINGS_MODULE") != "tests.modelsearch_suite.settings":
    collect_ignore_glob = ["test_*.py"]
