"""Targeting in the Wagtail admin."""
