"""Engines for modelsearch, named in ``WAGTAILSEARCH_BACKENDS``."""
