"""A part of a site that uses everything of ``targeting/content``: a targeted snippet, a page with all its blocks."""
