"""The import in Wagtail's admin, for people with the permission ``run_import``.

A file goes through four steps: ``upload`` → ``columns`` (what they mean) → ``preview`` (what would change) → the run
itself, in the background (``tasks``), with a page of its own and a place in the history.
"""
