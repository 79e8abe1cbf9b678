"""Hashtags in Wagtail's admin."""
