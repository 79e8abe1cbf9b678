"""A second site, whose user model has no ``username`` and a UUID as its key.

Run with ``pytest tests/custom_user --ds=tests.custom_user.settings``.
"""
