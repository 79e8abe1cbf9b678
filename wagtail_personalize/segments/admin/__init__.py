"""Segments inside Wagtail's admin: the list, the editor with its rule builder, the page about one segment."""
