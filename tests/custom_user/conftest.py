"""These tests need settings of their own: ``pytest tests/custom_user --ds=tests.custom_user.settings``."""

import os

if os.environ.get("DJANGO_SETTINGS_MODULE") != "tests.custom_user.settings":
    collect_ignore_glob = ["test_*.py"]
