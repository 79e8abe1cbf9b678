"""Erasing a person: everything about them goes, and it stays gone after the next import and after a restored backup.

``registry.py`` is for the rooms and for a site's own apps, ``erasing.py`` does it, ``marks.py`` remembers it without
remembering the person.
"""
